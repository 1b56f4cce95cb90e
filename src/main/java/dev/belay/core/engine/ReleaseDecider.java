package dev.belay.core.engine;

import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Announcement;
import dev.belay.core.release.Release;
import dev.belay.core.release.Revision;
import dev.belay.core.release.Rollout;
import dev.belay.core.remediation.Observation;
import dev.belay.core.rule.Environment;
import dev.belay.core.rule.Service;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps track of what was shipped: release events, and the revisions that a workload is seen to
 * run.
 */
final class ReleaseDecider {
  private final ServiceIndex index;

  ReleaseDecider(ServiceIndex index) {
    this.index = index;
  }

  void accept(Turn turn, Release release) {
    Optional<Evidence> stranger = stranger(release);
    if (stranger.isPresent()) {
      ignore(turn, release, stranger.get());
    } else {
      admit(turn, release);
    }
  }

  /** Remembers the release, or what is new about one that is known, by this name or another. */
  private static void admit(Turn turn, Release heard) {
    Announcement announcement = heard.announcement();
    Optional<ServiceState> service = turn.state.service(heard.service());
    Optional<Release> named = service.flatMap(state -> state.release(announcement));
    Optional<Release> known =
        named.or(() -> service.flatMap(state -> SameRelease.of(state, heard)));
    Release whole =
        known.map(other -> SameRelease.merged(other, heard, named.isPresent())).orElse(heard);
    if (known.filter(whole::equals).isEmpty()) {
      turn.record(new Fact.ReleaseRecorded(heard.service(), whole));
      turn.touch(heard.service());
    }
    if (named.isEmpty() && !whole.announcement().equals(announcement)) {
      turn.record(
          new Fact.ReleaseJoined(heard.service(), whole.announcement(), announcement, turn.now));
    }
  }

  /** What of the release fits no service. */
  Optional<Evidence> stranger(Release release) {
    Optional<Service> service = index.byName(release.service());
    if (service.isEmpty()) {
      return Optional.of(new Evidence("service", release.service()));
    }
    return elsewhere(service.get(), release.environment())
        ? Optional.of(new Evidence("environment", release.environment()))
        : Optional.empty();
  }

  /** Whether the release went to another environment than the one the rule speaks of. */
  private boolean elsewhere(Service service, String environment) {
    Optional<Environment> here = index.environmentOf(service);
    return !environment.isEmpty()
        && here.isPresent()
        && !environment.equals(here.get().name())
        && !environment.equals(here.get().namespace())
        && !environment.equals(here.get().cluster());
  }

  static void ignore(Turn turn, Release release, Evidence why) {
    turn.record(
        new Fact.Decided(
            "",
            release.id(),
            "",
            false,
            Reason.RELEASE_OF_NO_SERVICE,
            List.of(new Evidence("release", release.label() + " from " + release.source()), why),
            turn.now));
  }

  void seen(Turn turn, String service, Observation.OfWorkload workload) {
    Optional<Service> rule = index.byName(service);
    Optional<Revision> current = workload.current();
    if (rule.isEmpty() || current.isEmpty()) {
      return;
    }
    List<Ran> all = new ArrayList<>();
    turn.state
        .service(service)
        .map(state -> MissedRevisions.of(state, workload, current.get()))
        .orElse(List.of())
        .forEach(missed -> all.add(ran(turn, service, then(workload, missed), missed)));
    all.add(ran(turn, service, workload, current.get()));
    // Once all are recorded, lest one takes the announcement that is nearer to another.
    all.forEach(ran -> ran.release(turn, service).ifPresent(seen -> admit(turn, seen)));
    turn.touch(service);
  }

  /**
   * A revision that ran.
   *
   * @param workload as it was then
   * @param revision as it is seen now
   * @param recorded as it is recorded
   * @param before what ran before
   */
  private record Ran(
      Observation.OfWorkload workload,
      Revision revision,
      RevisionRecord recorded,
      Optional<RevisionRecord> before) {
    Optional<Release> release(Turn turn, String service) {
      return SeenRelease.of(turn, service, workload, revision, recorded, before);
    }
  }

  /** The workload as it was when it ran a revision that it runs no more, as far as that shows. */
  private static Observation.OfWorkload then(Observation.OfWorkload workload, Revision missed) {
    return new Observation.OfWorkload(
        workload.workload(),
        workload.uid(),
        workload.generation(),
        workload.paused(),
        Rollout.underWay(Set.of(), "it was replaced before it was seen"),
        missed.digest(),
        workload.owner(),
        Optional.empty(),
        workload.revisions(),
        workload.narrowing(),
        Map.of());
  }

  private static Ran ran(
      Turn turn, String service, Observation.OfWorkload workload, Revision current) {
    Optional<RevisionRecord> present = turn.state.service(service).flatMap(ServiceState::present);
    boolean same =
        present.isPresent() && present.get().revision().digest().equals(current.digest());
    Optional<Instant> complete = same ? present.get().complete() : Optional.empty();
    boolean completes = complete.isEmpty() && workload.complete();
    if (!same || completes) {
      Instant since = same ? present.get().since() : since(turn, present, current);
      Optional<Instant> completed = completes ? Optional.of(turn.now) : complete;
      turn.record(new Fact.RevisionRan(service, current, since, completed));
    }
    RevisionRecord recorded =
        turn.state.service(service).flatMap(ServiceState::present).orElseThrow();
    return new Ran(workload, current, recorded, present);
  }

  /**
   * A revision that was made after the last look began when it was made; an old one that came back,
   * just now.
   */
  private static Instant since(Turn turn, Optional<RevisionRecord> before, Revision current) {
    boolean old = before.isPresent() && current.createdAt().isBefore(before.get().since());
    return old || current.createdAt().isAfter(turn.now) ? turn.now : current.createdAt();
  }
}
