package dev.belay.core.engine;

import dev.belay.core.alert.Episode;
import dev.belay.core.alert.Labels;
import dev.belay.core.incident.Course;
import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Notice;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Announcement;
import dev.belay.core.release.Release;
import dev.belay.core.release.Revision;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.core.rule.Found;
import dev.belay.core.rule.Narrowing;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Something that is now true. Facts are what the journal holds, and {@link State#apply} is all that
 * ever changes the State, live and at recovery. Their form is for ever: fields may be added, never
 * changed.
 */
public sealed interface Fact {
  /**
   * The journal began, and this tells it from every other: what one journal's actions left in the
   * cluster is never taken for another's.
   */
  record JournalBegun(String id, Instant at) implements Fact {}

  /** An alert began to fire. */
  record AlertFired(Episode episode) implements Fact {}

  /** A firing alert was heard of again. */
  record AlertRenewed(Labels labels, Instant startsAt, Instant validUntil) implements Fact {}

  /** An alert ended. */
  record AlertEnded(Labels labels, Episode.Status how, Instant at) implements Fact {}

  /** The rules were changed, and an alert that fires speaks of other services than before. */
  record AlertAssigned(Labels labels, List<String> services, Instant at) implements Fact {}

  /** An alert ended so long ago that it is forgotten. */
  record AlertForgotten(Labels labels) implements Fact {}

  /** A release of a service was announced, or an announced one went on. */
  record ReleaseRecorded(String service, Release release) implements Fact {}

  /**
   * What was announced is a release that was announced before, in another way.
   *
   * @param release by which the release is known
   * @param other the announcement that means it too; where that stood for a release, it does no
   *     more
   */
  record ReleaseJoined(String service, Announcement release, Announcement other, Instant at)
      implements Fact {}

  /**
   * A workload was found that is a service, or other fleets find it than before.
   *
   * @param service {@link dev.belay.core.rule.Fleet#nameOf} it
   */
  record ServiceFound(String service, Found found, Instant at) implements Fact {}

  /** No fleet finds the workload any more, and nothing is under way on it: it is forgotten. */
  record ServiceLost(String service, Instant at) implements Fact {}

  /** A workload's team says something else on it than before. */
  record ServiceNarrowed(String service, Narrowing narrowing, Instant at) implements Fact {}

  /** An input was read so far, and what was made of its records stands in the same entry. */
  record InputRead(Position position, Instant at) implements Fact {}

  /**
   * A workload began to run another revision, or it finished rolling out.
   *
   * @param since when it became the present one
   * @param complete when its rollout was seen to be done; empty while it is not
   */
  record RevisionRan(String service, Revision revision, Instant since, Optional<Instant> complete)
      implements Fact {}

  /** A revision proved good, or bad. */
  record RevisionJudged(String service, String digest, boolean good, Reason reason, Instant at)
      implements Fact {}

  /** The present revision is on its way to prove good, so far; or it begins anew. */
  record RevisionSoaked(String service, Soak soak) implements Fact {}

  /** Something about a rollout began to be amiss, is still, or is no more. */
  record RolloutMoved(String service, RolloutState rollout) implements Fact {}

  /** A trigger moved. */
  record TriggerMoved(String service, TriggerState trigger) implements Fact {}

  /**
   * Alerts moved of a rule that Belay evaluates itself, or it is known again, or no more.
   *
   * @param rule {@link dev.belay.core.rule.AlertRule#id}
   * @param at for which moment it was evaluated, or since when it could not be
   * @param known whether it could be evaluated
   * @param moved the alerts that are pending or fire, as far as they moved
   * @param gone the alerts that are neither any more
   */
  record RuleMoved(String rule, Instant at, boolean known, List<Standing> moved, List<Labels> gone)
      implements Fact {}

  /**
   * An input gave a sign of life, or what ails it was said, or it is waited for from now on.
   *
   * @param trouble what is amiss with it, be it that nothing was heard yet; empty where it was
   *     heard of
   * @param until when it counts as silent unless it is heard of before; empty where it is no longer
   *     listened to
   * @param services for which it ails, by name, where it does for some only; empty where nothing
   *     new is said of that
   */
  record InputHeard(
      Input input,
      Optional<String> trouble,
      Optional<Instant> until,
      Instant at,
      Optional<List<String>> services)
      implements Fact {}

  /**
   * An input fell silent, or is heard of again.
   *
   * @param since since when it is silent, or was
   * @param why a sentence's part for people; empty where it was heard of again
   */
  record InputMoved(Input input, boolean silent, Instant since, String why, Instant at)
      implements Fact {}

  /** Something is wrong with a service. */
  record IncidentOpened(String service, String incident, String cause, Instant at)
      implements Fact {}

  /** It is over. */
  record IncidentClosed(String service, String incident, Reason reason, Instant at)
      implements Fact {}

  /**
   * A decision to act, or not to.
   *
   * @param service the service, or empty where none is known
   * @param subject what it is about: an incident; where there is none, the release or the record by
   *     its name, or {@link State#WHOLE}
   * @param remediation which remediation, or empty
   * @param act whether it was decided to act, or to go on acting
   */
  record Decided(
      String service,
      String subject,
      String remediation,
      boolean act,
      Reason reason,
      List<Evidence> evidence,
      Instant at)
      implements Fact {
    /**
     * Whether a person said so, to what was not under way then; that nothing else is begun either
     * follows from it, and is none.
     */
    public boolean objection() {
      return reason == Reason.VETOED
          && evidence.stream().anyMatch(piece -> piece.what().equals("person"));
    }
  }

  /** A remediation began, or moved to another phase. */
  record RunMoved(String service, Run run, Instant at) implements Fact {}

  /** A remediation ended. */
  record RunEnded(String service, String incident, Reason reason, Instant at) implements Fact {}

  /** The service asks the whole for leave to act. */
  record PermitAsked(String service, ActionId action, Instant at) implements Fact {}

  /** The whole answered; empty means yes. */
  record PermitAnswered(String service, ActionId action, Optional<Reason> refusal, Instant at)
      implements Fact {}

  /** The action will be attempted; from here on it may have taken effect. */
  record ActionIntended(String service, String incident, ActionId action, Plan plan, Instant at)
      implements Fact {}

  /** What became of the attempt. */
  record ActionEnded(String service, String incident, ActionId action, Outcome outcome, Instant at)
      implements Fact {}

  /** A mitigation is in force, or its undoing moved on. */
  record LeaseMoved(String service, Lease lease, Instant at) implements Fact {}

  /**
   * A mitigation is no more.
   *
   * @param incident the incident that took the lease, or for which it was prolonged last; early
   *     versions did not say
   */
  record LeaseEnded(
      String service,
      ActionId action,
      Reason reason,
      String detail,
      Instant at,
      Optional<String> incident)
      implements Fact {
    /** Whether nothing of it is left to undo; else it may be in force still, and nobody tries. */
    public boolean undone() {
      return switch (reason) {
        case RESTORED, ALREADY_DONE, CHANGED_BY_PERSON -> true;
        default -> false;
      };
    }
  }

  /**
   * A person approved.
   *
   * @param plan the digest of what was approved; early versions did not say
   */
  record PersonApproved(
      String service, String incident, String person, Instant at, Optional<String> plan)
      implements Fact {}

  /** A person objected. */
  record PersonVetoed(String service, String incident, String person, Instant at) implements Fact {}

  /** A person has the incident in hand until then. */
  record IncidentSnoozed(String service, String incident, String person, Instant until, Instant at)
      implements Fact {}

  /** That is over, and the incident is not. */
  record SnoozeEnded(String service, String incident, Instant at) implements Fact {}

  /** A person has seen it; nobody else need be called. */
  record PersonAcknowledged(String service, String incident, String person, Instant at)
      implements Fact {}

  /**
   * A page waits for an answer, so that others are called.
   *
   * @param channels by which; from now on they are told of everything about the incident
   * @param since since when it waits
   */
  record PageEscalated(
      String service, String incident, List<String> channels, Instant since, Instant at)
      implements Fact {}

  /** Everything is on hold. */
  record Held(String person, String why, Instant at) implements Fact {}

  /** The hold is over. */
  record HoldReleased(String person, Instant at) implements Fact {}

  /** So many services are in trouble that nothing is done any more. */
  record BrakeEngaged(List<String> services, Instant at) implements Fact {}

  /** The storm is over. */
  record BrakeReleased(Instant at) implements Fact {}

  /**
   * Somebody had configuration and rules read anew; they are good, and are taken over from here on.
   *
   * @param person who asked; a signal's name where it came by one
   * @param before what tells the rules in force from others
   * @param after the same of those that are taken over
   * @param changed what is otherwise in the configuration, for people; empty in facts of early
   *     versions
   */
  record ReloadAccepted(
      String person, String before, String after, Instant at, Optional<List<String>> changed)
      implements Fact {}

  /**
   * Somebody had configuration and rules read anew, and what was in force stays in force: they are
   * not good, or Belay could not start with them.
   *
   * @param person who asked; a signal's name where it came by one
   * @param inForce what tells the rules in force from others
   * @param why for people, without secrets
   */
  record ReloadRefused(String person, String inForce, String why, Instant at) implements Fact {}

  /** The daemon began to work. */
  record DaemonStarted(Instant at) implements Fact {}

  /** The daemon was told to stop, and did; a start without this before follows a crash. */
  record DaemonStopped(Instant at) implements Fact {}

  /**
   * What was read around an incident since it was written down last, thinned out.
   *
   * @param courses of the service's triggers, at least one
   */
  record IncidentCharted(String service, String incident, List<Course> courses, Instant at)
      implements Fact {}

  /** People are to be told. */
  record NoticeMade(Notice notice) implements Fact {}

  /** People were told by this channel. */
  record NoticeSent(
      String incident, int number, String channel, Optional<String> thread, Instant at)
      implements Fact {}

  /**
   * By these channels people are told from now on: each has to take every notice. What was owed to
   * others is owed no more, unless nobody took it at all.
   *
   * @param later those of them that are told of an incident only once a page is escalated to them;
   *     early versions knew none
   */
  record ChannelsNamed(List<String> channels, Instant at, Optional<List<String>> later)
      implements Fact {}

  /**
   * A channel was handed again what it has yet to take.
   *
   * @param attempts how often since it took anything, or since the daemon started
   * @param next when it is handed that once more
   */
  record NoticesTriedAgain(String channel, int attempts, Instant next, Instant at)
      implements Fact {}

  /**
   * A channel did not take the notice for as long as it was worth telling, or until more was owed
   * to it than is kept; it is not handed it any more.
   */
  record NoticeGivenUp(String incident, int number, String channel, Instant at) implements Fact {}
}
