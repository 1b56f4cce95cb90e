package dev.belay.core.engine;

import dev.belay.core.incident.Blame;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Owner;
import dev.belay.core.release.Release;
import dev.belay.core.release.Revision;
import dev.belay.core.remediation.Action;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Target;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Works out what an action means for the cluster as it was just observed, or why it must not be
 * taken.
 */
final class Planner {
  /** A plan, or a refusal. */
  sealed interface Result {
    /** This is what to do. */
    record Planned(Plan plan) implements Result {}

    /** This is why not. */
    record Refused(Reason reason, String detail) implements Result {}
  }

  private Planner() {}

  /** What must be observed for the action; empty where nothing in the cluster is touched. */
  static Optional<Target> target(Action action) {
    return switch (action) {
      case Action.Rollback(var workload, _) -> Optional.of(new Target.OfWorkload(workload));
      case Action.Flags(var configMap, _) -> Optional.of(new Target.OfConfigMap(configMap));
      case Action.RateLimit(_, var manifests) -> Optional.of(new Target.OfManifests(manifests));
      case Action.Page _ -> Optional.empty();
    };
  }

  /** Whether the plan still does what the action asks, though the rules may have been changed. */
  static boolean fits(Action action, Plan plan) {
    return switch (action) {
      case Action.Rollback(var workload, _) ->
          plan instanceof Plan.RollBack rollBack && rollBack.workload().equals(workload);
      case Action.Flags(var configMap, var set) ->
          plan instanceof Plan.SetFlags flags
              && flags.configMap().equals(configMap)
              && flags.set().equals(set);
      case Action.RateLimit(_, var manifests) ->
          plan instanceof Plan.ApplyManifests apply && apply.manifests().equals(manifests);
      case Action.Page _ -> false;
    };
  }

  static Result plan(
      Action action,
      Observation observation,
      ServiceState service,
      Optional<Blame> blame,
      Optional<Trouble.Symptom> earliest,
      Instant now) {
    if (observation instanceof Observation.Missing(var what)) {
      return new Result.Refused(Reason.TARGET_MISSING, what + " is not in the cluster");
    }
    return switch (action) {
      case Action.Rollback rollback when observation instanceof Observation.OfWorkload workload ->
          rollback(rollback, workload, service, blame, earliest, now);
      case Action.Flags flags when observation instanceof Observation.OfConfigMap configMap ->
          flags(flags, configMap);
      case Action.RateLimit _ when observation instanceof Observation.OfManifests manifests ->
          limit(manifests);
      // The rules were changed since the question was asked.
      case Action.Rollback _, Action.Flags _, Action.RateLimit _, Action.Page _ ->
          new Result.Refused(Reason.SUPERSEDED, "the step is now another: " + action.kind());
    };
  }

  private static Result rollback(
      Action.Rollback rollback,
      Observation.OfWorkload workload,
      ServiceState service,
      Optional<Blame> blame,
      Optional<Trouble.Symptom> earliest,
      Instant now) {
    Optional<Release> release = blame.flatMap(Blame::release);
    Optional<Revision> current = workload.current();
    if (release.isEmpty()) {
      return new Result.Refused(Reason.RELEASE_UNJUDGED, "a rollback needs a release to blame");
    }
    if (workload.paused()) {
      return new Result.Refused(Reason.TARGET_PAUSED, workload.workload() + " is paused");
    }
    Optional<Owner> owner = workload.owner().filter(Owner::undoes);
    if (owner.isPresent()) {
      return new Result.Refused(
          Reason.OWNED_BY_ANOTHER, workload.workload() + " is owned by " + owner.get().name());
    }
    if (current.isEmpty()) {
      return new Result.Refused(
          Reason.RELEASE_UNJUDGED, workload.workload() + " has no revision for its template yet");
    }
    Optional<Result.Refused> doubt =
        doubt(
            release.get(),
            blame.flatMap(Blame::digest),
            current.get(),
            workload,
            service,
            earliest,
            now);
    if (doubt.isPresent()) {
      return doubt.get();
    }
    return baseline(rollback.to(), workload, service)
        .<Result>map(to -> new Result.Planned(rollBack(workload, current.get(), to)))
        .orElseGet(
            () ->
                new Result.Refused(
                    Reason.NO_BASELINE,
                    "none of "
                        + workload.revisions().size()
                        + " revisions is an earlier one that "
                        + (rollback.to() == Action.Baseline.LAST_GOOD
                            ? "Belay has seen run well"
                            : "was not rolled away from")));
  }

  /** Why what runs now may not be what was judged. */
  private static Optional<Result.Refused> doubt(
      Release release,
      Optional<String> judged,
      Revision current,
      Observation.OfWorkload workload,
      ServiceState service,
      Optional<Trouble.Symptom> earliest,
      Instant now) {
    if (judged.isPresent() && !judged.get().equals(current.digest())) {
      return Optional.of(
          new Result.Refused(
              Reason.SUPERSEDED,
              "revision " + current.number() + " runs now, which is not the one that was judged"));
    }
    RevisionRecord ran =
        service
            .present()
            .filter(present -> present.revision().digest().equals(current.digest()))
            .map(
                present ->
                    new RevisionRecord(
                        current, present.since(), present.complete(), present.judgement()))
            .orElseGet(() -> unseen(current, now));
    Instant since = ran.since();
    if (!Tie.of(service, everKnown(service, workload, now)).brought(release, ran)) {
      return Optional.of(
          new Result.Refused(
              Reason.RELEASE_UNJUDGED,
              "revision "
                  + current.number()
                  + " with "
                  + current.images()
                  + " runs since "
                  + since
                  + " and cannot be tied to release "
                  + release.label()));
    }
    return earliest
        .filter(
            symptom ->
                symptom.since().isBefore(since) && symptom.since().isBefore(release.startedAt()))
        .map(
            symptom ->
                new Result.Refused(
                    Reason.OLDER_THAN_RELEASE,
                    symptom.name()
                        + " began "
                        + Sentences.moment(symptom.since())
                        + ", before the release"));
  }

  /** Also those that came and went while nobody looked. */
  private static List<RevisionRecord> everKnown(
      ServiceState service, Observation.OfWorkload workload, Instant now) {
    return Stream.concat(
            service.revisions().stream(),
            workload.revisions().stream().map(revision -> unseen(revision, now)))
        .toList();
  }

  /** Of a revision that nobody saw run, as far as is known of it. */
  private static RevisionRecord unseen(Revision revision, Instant now) {
    Instant made = revision.createdAt();
    return new RevisionRecord(
        revision,
        made.isAfter(now) ? now : made,
        Optional.empty(),
        RevisionRecord.Judgement.UNPROVEN);
  }

  private static Optional<Revision> baseline(
      Action.Baseline to, Observation.OfWorkload workload, ServiceState service) {
    return switch (to) {
      case LAST_GOOD ->
          service.revisions().reversed().stream()
              .filter(known -> known.judgement() == RevisionRecord.Judgement.GOOD)
              .map(known -> known.revision().digest())
              .filter(digest -> !digest.equals(workload.digest()))
              .flatMap(digest -> withDigest(workload, digest).stream())
              .findFirst();
      case PREVIOUS ->
          workload.revisions().stream()
              .filter(revision -> !revision.digest().equals(workload.digest()))
              .filter(revision -> !bad(service, revision.digest()))
              .findFirst();
    };
  }

  private static Optional<Revision> withDigest(Observation.OfWorkload workload, String digest) {
    return workload.revisions().stream()
        .filter(revision -> revision.digest().equals(digest))
        .findFirst();
  }

  private static boolean bad(ServiceState service, String digest) {
    return service.revisions().stream()
        .anyMatch(
            known ->
                known.judgement() == RevisionRecord.Judgement.BAD
                    && known.revision().digest().equals(digest));
  }

  private static Plan rollBack(Observation.OfWorkload workload, Revision from, Revision to) {
    return new Plan.RollBack(
        workload.workload(),
        workload.uid(),
        workload.generation(),
        workload.digest(),
        to.uid(),
        to.digest(),
        to.number(),
        from.images(),
        to.images(),
        Optional.of(workload.changes().getOrDefault(to.digest(), List.of()))
            .filter(changes -> !changes.isEmpty()));
  }

  private static Result flags(Action.Flags flags, Observation.OfConfigMap configMap) {
    if (configMap.immutable()) {
      return new Result.Refused(Reason.IMMUTABLE, configMap.configMap() + " is marked immutable");
    }
    SortedMap<String, Optional<String>> prior = new TreeMap<>();
    SortedMap<String, String> set = new TreeMap<>();
    flags
        .set()
        .forEach(
            (flag, value) -> {
              Optional<String> now = Optional.ofNullable(configMap.values().get(flag));
              if (now.isEmpty() || !now.get().equals(value)) {
                prior.put(flag, now);
                set.put(flag, value);
              }
            });
    return set.isEmpty()
        ? new Result.Refused(Reason.ALREADY_DONE, "every flag already has the value it should get")
        : new Result.Planned(new Plan.SetFlags(configMap.configMap(), configMap.uid(), prior, set));
  }

  private static Result limit(Observation.OfManifests manifests) {
    List<String> foreign = manifests.foreign().stream().map(Object::toString).toList();
    return foreign.isEmpty()
        ? new Result.Planned(new Plan.ApplyManifests(manifests.manifests()))
        : new Result.Refused(
            Reason.NOT_OURS, String.join(", ", foreign) + " exists and is not Belay's");
  }
}
