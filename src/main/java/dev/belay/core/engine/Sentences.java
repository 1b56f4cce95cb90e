package dev.belay.core.engine;

import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Release;
import dev.belay.core.release.Sighting;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.core.rule.Found;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.Narrowing;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Facts in plain words, the same wherever people read them: timeline, messages, {@code belay
 * explain}. Texts may hold foreign names: escape them for where they are shown.
 */
public final class Sentences {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final DateTimeFormatter DATED =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Sentences() {}

  /** The fact as one or two sentences; empty where it is bookkeeping that no story needs. */
  public static Optional<String> of(Fact fact) {
    return Optional.ofNullable(
        switch (fact) {
          case Fact.AlertFired(var episode) ->
              "Alert "
                  + episode.labels().alertName()
                  + " fires since "
                  + clock(episode.startsAt(), episode.receivedAt())
                  + "."
                  + (episode.services().isEmpty()
                      ? " Not acting: "
                          + Reason.NO_SERVICE.sentence()
                          + " [labels: "
                          + episode.labels()
                          + "]"
                      : "");
          case Fact.AlertEnded(var labels, var how, _) ->
              "Alert "
                  + labels.alertName()
                  + switch (how) {
                    case RESOLVED -> " is resolved.";
                    case STALE -> " fell silent; that is no sign of health.";
                    case FIRING -> " fires.";
                  };
          case Fact.AlertAssigned(var labels, var services, _) ->
              "By the rules in force alert "
                  + labels.alertName()
                  + (services.isEmpty()
                      ? " speaks of no service."
                      : " speaks of " + String.join(", ", services) + ".");
          case Fact.ServiceFound(var service, var found, _) -> found(service, found);
          case Fact.ServiceLost(var service, _) ->
              "No fleet finds "
                  + service
                  + " any more, and nothing is under way on it; it is forgotten.";
          case Fact.ServiceNarrowed(var service, var narrowing, _) -> narrowed(service, narrowing);
          case Fact.ReleaseJoined(_, var release, var other, _) ->
              (other.source().equals(SeenRelease.SOURCE)
                      ? "What the cluster rolls out"
                      : "What " + other.source() + " calls " + other.id())
                  + " is the release of "
                  + release.source()
                  + " ("
                  + release.id()
                  + ").";
          case Fact.ReleaseRecorded(_, var release) ->
              "Release "
                  + release.label()
                  + " began "
                  + clock(release.startedAt())
                  + (SeenRelease.is(release)
                      ? ", as the cluster shows"
                      : ", says " + release.source())
                  + shipped(release)
                  + ".";
          case Fact.RevisionRan(_, var revision, _, var complete) ->
              "Revision "
                  + revision.number()
                  + " with "
                  + images(revision.images())
                  + (complete.isPresent() ? " is rolled out." : " is being rolled out.");
          case Fact.RevisionJudged(_, var digest, var good, var reason, _) ->
              "Template " + digest + " is known " + (good ? "good. " : "bad. ") + reason.sentence();
          case Fact.TriggerMoved(_, var trigger) -> trigger(trigger);
          case Fact.IncidentOpened(_, var incident, var cause, _) ->
              "Incident " + incident + " opened: " + cause + ".";
          case Fact.IncidentClosed(_, var incident, var reason, _) ->
              "Incident " + incident + " is over. " + reason.sentence();
          case Fact.Decided decided -> decided(decided);
          case Fact.RunMoved(_, var run, var at) -> moved(run, at);
          case Fact.RunEnded(_, _, var reason, _) ->
              reason == Reason.ALREADY_DONE
                  ? "What the step would do is done already, and the trouble remains; a person is"
                      + " needed."
                  : reason.sentence();
          case Fact.PermitAnswered(_, _, var refusal, _) ->
              refusal.map(reason -> "Leave to act is refused. " + reason.sentence()).orElse(null);
          case Fact.ActionIntended(_, _, var action, var plan, _) ->
              "Doing it now: " + plan(plan) + " (action " + action + ").";
          case Fact.ActionEnded(_, _, var action, var outcome, _) ->
              outcome(action.value(), outcome);
          case Fact.LeaseMoved(_, var lease, var at) -> lease(lease, at);
          case Fact.LeaseEnded(_, _, var reason, var detail, _, _) ->
              "The mitigation's lease ended. " + reason.sentence() + " " + detail;
          case Fact.PersonApproved(_, _, var person, _, var plan) ->
              person + " approved" + plan.map(seen -> " (plan " + seen + ")").orElse("") + ".";
          case Fact.PersonVetoed(_, _, var person, _) -> person + " objected.";
          case Fact.IncidentSnoozed(_, _, var person, var until, var at) ->
              person
                  + " has it in hand: until "
                  + clock(until, at)
                  + " nobody is told and nothing is begun.";
          case Fact.SnoozeEnded _ ->
              "The time for which a person had it in hand is over, and the trouble is not. Belay"
                  + " tells and acts again.";
          case Fact.PersonAcknowledged(_, _, var person, _) -> person + " is on it.";
          case Fact.PageEscalated(_, _, var channels, var since, var at) ->
              "A person is needed, and nobody has answered since "
                  + clock(since, at)
                  + ": "
                  + String.join(", ", channels)
                  + (channels.size() == 1 ? " is" : " are")
                  + " told now.";
          case Fact.Held(var person, var why, _) ->
              person
                  + " put everything on hold: "
                  + why
                  + ". Nothing is done until it is released.";
          case Fact.HoldReleased(var person, _) -> person + " released the hold.";
          case Fact.ReloadAccepted(var person, var before, var after, _, var changed) ->
              person
                  + " had configuration and rules read anew, and they are being taken over; "
                  + (after.equals(before)
                      ? "the rules are as they were (" + after + ")."
                      : "rules " + after + " instead of " + before + ".")
                  + changed.map(Sentences::otherwise).orElse("");
          case Fact.ReloadRefused(var person, var inForce, var why, _) ->
              person
                  + " had configuration and rules read anew; what was in force stays in force"
                  + " (rules "
                  + inForce
                  + "): "
                  + ended(why);
          case Fact.BrakeEngaged(var services, _) ->
              services.size()
                  + " services got into trouble at once ("
                  + services.stream().limit(5).collect(Collectors.joining(", "))
                  + (services.size() > 5 ? ", ..." : "")
                  + "). That is not one bad release: Belay does nothing until it calms down. A"
                  + " person is needed.";
          case Fact.BrakeReleased _ -> "It has calmed down; the storm brake is released.";
          case Fact.InputMoved moved -> input(moved);
          case Fact.NoticeGivenUp(var incident, var number, var channel, _) ->
              channel + " has not taken notice " + number + " of " + incident + "; it is given up.";
          case Fact.JournalBegun _,
              Fact.InputRead _,
              Fact.InputHeard _,
              Fact.RolloutMoved _,
              Fact.AlertRenewed _,
              Fact.RuleMoved _,
              Fact.RevisionSoaked _,
              Fact.AlertForgotten _,
              Fact.PermitAsked _,
              Fact.IncidentCharted _,
              Fact.DaemonStarted _,
              Fact.DaemonStopped _,
              Fact.NoticeMade _,
              Fact.NoticeSent _,
              Fact.ChannelsNamed _,
              Fact.NoticesTriedAgain _ ->
              null;
        });
  }

  private static String shipped(Release release) {
    String known = String.join(", ", particulars(release));
    return known.isEmpty() ? "" : " (" + known + ")";
  }

  /** By whom, and what the cluster shows of it. */
  static List<String> particulars(Release release) {
    Optional<Sighting> sighting = release.sighting();
    return Stream.of(
            release.actor().map(actor -> "by " + actor),
            sighting.map(seen -> "revision " + seen.revision()),
            sighting.map(seen -> "template " + seen.digest()),
            sighting.flatMap(Sighting::owner).map(owner -> "kept by " + owner),
            sighting.flatMap(Sighting::changeCause).map(cause -> "because: " + cause))
        .flatMap(Optional::stream)
        .toList();
  }

  private static @Nullable String trigger(TriggerState trigger) {
    if (trigger.blindSince().isPresent()) {
      return "Trigger "
          + trigger.trigger()
          + " has no readings since "
          + clock(trigger.blindSince().get())
          + "; it holds where it stands.";
    }
    Optional<Instant> moved =
        trigger.phase() == TriggerState.Phase.FIRING ? trigger.firedAt() : trigger.activeAt();
    if (trigger.seenAt().isPresent() && !trigger.seenAt().equals(moved)) {
      // Crossed still, which is noted for a restart alone.
      return null;
    }
    return "Trigger "
        + trigger.trigger()
        + switch (trigger.phase()) {
          case INACTIVE -> " is quiet.";
          case PENDING -> " is crossed.";
          case FIRING -> " fires.";
        };
  }

  private static String input(Fact.InputMoved moved) {
    Input input = moved.input();
    String since = clock(moved.since(), moved.at());
    return moved.silent()
        ? "Nothing is heard of "
            + input.subject()
            + " since "
            + since
            + ": "
            + moved.why()
            + ". Until that is over, "
            + input.consequence()
            + ". Check "
            + input.check()
            + "."
        : moved.why().isEmpty()
            ? "Belay hears of "
                + input.subject()
                + " again, of which nothing was heard since "
                + since
                + "."
            : "Belay no longer listens for " + input.subject() + ": " + moved.why() + ".";
  }

  private static String decided(Fact.Decided decided) {
    String what = decided.remediation().isEmpty() ? "" : " (" + decided.remediation() + ")";
    String seen =
        decided.evidence().stream()
            .map(piece -> piece.what() + ": " + piece.value())
            .collect(Collectors.joining("; "));
    return (decided.act() ? "Acting" : "Not acting")
        + what
        + ": "
        + decided.reason().sentence()
        + (seen.isEmpty() ? "" : " [" + seen + "]");
  }

  private static @Nullable String moved(Run run, Instant at) {
    return switch (run.phase()) {
      case PROPOSED ->
          "Proposed, until "
              + clock(run.deadline(), at)
              + ": "
              + run.plan().map(Sentences::plan).orElse("")
              + ". It is done only if a person approves.";
      case COUNTDOWN ->
          "At "
              + clock(run.deadline(), at)
              + ", unless vetoed: "
              + run.plan().map(Sentences::plan).orElse("")
              + ".";
      case INSPECTING -> "It is not known whether the change took effect; the cluster is asked.";
      case VERIFYING -> "Done. The trouble has until " + clock(run.deadline(), at) + " to end.";
      case OBSERVING, PREFLIGHT, PERMIT, ACTING, SETTLING -> null;
    };
  }

  private static String outcome(String action, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Applied(var detail) -> "Action " + action + " took effect. " + detail;
      case Outcome.AlreadyDone(var detail) ->
          "Action " + action + ": nothing was left to do. " + detail;
      case Outcome.Refused(var reason, var detail) ->
          "Action "
              + action
              + " was refused, nothing was changed. "
              + reason.sentence()
              + " "
              + detail;
      case Outcome.Doubtful(var detail) -> "Action " + action + " got no clear answer. " + detail;
    };
  }

  private static @Nullable String lease(Lease lease, Instant at) {
    return switch (lease.phase()) {
      case HOLDING -> "It will be undone at " + clock(lease.deadline(), at) + ".";
      // Why and what has been said by the decision to undo it.
      case UNDOING -> null;
      case INSPECTING, RESUMING ->
          "It is not known whether the mitigation was undone; the cluster is asked.";
    };
  }

  /** A plan in a few words, without a full stop. */
  public static String plan(Plan plan) {
    return switch (plan) {
      case Plan.RollBack rollBack ->
          "roll back "
              + rollBack.workload()
              + " from "
              + images(rollBack.fromImages())
              + " to revision "
              + rollBack.toNumber()
              + " with "
              + images(rollBack.toImages());
      case Plan.SetFlags(var configMap, _, _, var set) -> "set in " + configMap + ": " + set;
      case Plan.RestoreFlags(var configMap, _, var prior, _) ->
          "put back in "
              + configMap
              + ": "
              + prior.entrySet().stream()
                  .map(flag -> flag.getKey() + "=" + flag.getValue().orElse("(absent)"))
                  .collect(Collectors.joining(", "));
      case Plan.ApplyManifests(var manifests) ->
          "apply " + manifests.stream().map(Object::toString).collect(Collectors.joining(", "));
      case Plan.DeleteManifests(var manifests, _) ->
          "delete " + manifests.stream().map(Object::toString).collect(Collectors.joining(", "));
    };
  }

  /** A duration as people write it: {@code 1m30s}. */
  public static String duration(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }

  /** A mode as people write it: {@code veto 30s}. */
  public static String mode(Mode mode) {
    return mode.kind().word() + (mode.window().isZero() ? "" : " " + duration(mode.window()));
  }

  private static String otherwise(List<String> changed) {
    return changed.isEmpty()
        ? " So is the configuration."
        : " Otherwise in the configuration: " + String.join(", ", changed) + ".";
  }

  /** Foreign words, as the end of a sentence. */
  private static String ended(String words) {
    return words.endsWith(".") || words.endsWith("?") || words.endsWith("!") ? words : words + ".";
  }

  private static String images(List<String> images) {
    return String.join(", ", images);
  }

  /** A time of another day than that of which it is told has its date. */
  private static String clock(Instant at, Instant told) {
    boolean sameDay =
        at.atOffset(ZoneOffset.UTC)
            .toLocalDate()
            .equals(told.atOffset(ZoneOffset.UTC).toLocalDate());
    return sameDay ? clock(at) : DATED.format(at);
  }

  static String clock(Instant at) {
    return CLOCK.format(at);
  }

  /** A moment with its date, as evidence and lists have it: {@code 2026-11-24T10:25:00Z}. */
  public static String moment(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** One piece of evidence, for timelines. */
  public static String evidence(Evidence piece) {
    return piece.what() + ": " + piece.value();
  }

  private static String found(String service, Found found) {
    List<String> others = found.fleets().subList(1, found.fleets().size());
    return "The fleet "
        + found.fleets().getFirst()
        + " has "
        + found.workload()
        + " as the service "
        + service
        + "."
        + (others.isEmpty()
            ? ""
            : " It is selected by "
                + String.join(", ", others)
                + " too, which comes later by name and counts for nothing there; make the selectors"
                + " exclude each other.");
  }

  private static String narrowed(String service, Narrowing narrowing) {
    String says =
        narrowing.evidence().isEmpty()
            ? "nothing any more that narrows what the rules allow"
            : narrowing.evidence().stream()
                .map(Sentences::evidence)
                .collect(Collectors.joining(", "));
    return "The workload of " + service + " says: " + says + ".";
  }
}
