package dev.belay.core.engine;

import dev.belay.core.alert.Alert;
import dev.belay.core.alert.Door;
import dev.belay.core.alert.Labels;
import dev.belay.core.incident.Course;
import dev.belay.core.release.Release;
import dev.belay.core.release.Shipment;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Inspection;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Preflight;
import dev.belay.core.remediation.Settlement;
import dev.belay.core.rule.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Something that arrived. Events are not journalled; the facts that the engine makes of them are.
 */
public sealed interface Event {
  /**
   * The daemon started, on a State recovered from the journal: what was under way is taken up
   * again.
   */
  record Started() implements Event {}

  /** The disk has space again, and the State was recovered: what was under way is taken up. */
  record Resumed() implements Event {}

  /** The daemon was told to stop; it is the last that it hears. */
  record Stopping() implements Event {}

  /**
   * The daemon fails at what it does by itself, such as when time passes.
   *
   * @param what for people
   */
  record Faulted(String what) implements Event {}

  /** Time passed; something in the State may be due. If much is, some of it is still due then. */
  record TimePassed() implements Event {}

  /**
   * Everything that is in trouble is to be looked at, and what is due: a look in case an event was
   * lost, and for what becomes possible by itself, such as when a cooldown ends.
   */
  record Swept() implements Event {}

  /**
   * Alerts came in, one delivery's.
   *
   * @param truncated how many more the sender cut off; where not zero, nothing is concluded from
   *     those that are resolved
   */
  record AlertsReceived(Door door, List<Alert> alerts, long truncated) implements Event {}

  /** A release event came in. */
  record ReleaseReceived(Release release) implements Event {}

  /** A tool said that it shipped something. */
  record ShipmentReceived(Shipment shipment) implements Event {}

  /**
   * Records of an input came in. They may have come before; those that follow in the same input are
   * not offered before it is known that these were taken.
   *
   * @param input as in {@link Position}
   * @param records in their order, at least one
   */
  record RecordsRead(String input, List<InputRecord> records) implements Event {}

  /**
   * A fleet's workloads were looked for, as is done now and then.
   *
   * @param place where
   * @param workloads all that it selects there
   */
  record FleetSeen(String fleet, Place place, Set<Workload> workloads) implements Event {}

  /** A service's workload was looked at, as is done every few seconds. */
  record WorkloadSeen(String service, Observation.OfWorkload workload) implements Event {}

  /** A service's signals were read, as is done every few seconds. */
  record SignalsRead(String service, List<Reading> readings) implements Event {}

  /**
   * A rule was evaluated, as is done at fixed moments.
   *
   * @param rule {@link dev.belay.core.rule.AlertRule#id}
   * @param at the moment for which it was
   * @param interval from one evaluation to the next
   * @param active the alerts that its expression gives; empty where that is unknown
   * @param unscraped the labels of series that the expression reads and whose scrape fails, so that
   *     an alert of theirs that it does not give may be there all the same
   */
  record RuleEvaluated(
      String rule,
      Instant at,
      Duration interval,
      Optional<List<Candidate>> active,
      List<Labels> unscraped)
      implements Event {}

  /**
   * An input gave a sign of life, or did not; said every so often.
   *
   * @param trouble what is amiss, a sentence without secrets; empty where it is alive
   */
  record InputSeen(Input input, Optional<String> trouble) implements Event {}

  /**
   * It was asked which scrapes fail of what Belay's queries and rules read, as is done every so
   * often.
   *
   * @param trouble which, a sentence without secrets; empty where none does
   * @param services those that are measured by what fails, by name
   * @param alerts the labels that alerts of rules could have that are made of what fails; only
   *     those by which services are told apart
   */
  record ScrapesSeen(Optional<String> trouble, Set<String> services, List<Labels> alerts)
      implements Event {}

  /**
   * It was looked which services that are probed could not be asked for long, as is done every so
   * often.
   *
   * @param trouble which, and why, a sentence without secrets; empty where all could
   * @param services those, by name
   */
  record ProbesSeen(Optional<String> trouble, Set<String> services) implements Event {}

  /** The answer to {@link Command.Observe}. */
  record Observed(String service, ActionId action, Observation observation) implements Event {}

  /**
   * The answer to {@link Command.Preflight}.
   *
   * @param annotated the workload on which the service's team says how far Belay may go, as it is
   *     now; empty where there is none
   */
  record Preflighted(
      String service,
      ActionId action,
      Preflight preflight,
      Optional<Observation.OfWorkload> annotated)
      implements Event {}

  /** The answer to {@link Command.Apply}. */
  record ActionFinished(String service, ActionId action, Outcome outcome) implements Event {}

  /** The answer to {@link Command.Inspect}. */
  record Inspected(String service, ActionId action, Inspection inspection) implements Event {}

  /** The answer to {@link Command.Settle}. */
  record SettlementSeen(String service, ActionId action, Settlement settlement) implements Event {}

  /** A command that only reads got no answer from the cluster. */
  record ClusterSilent(String service, ActionId action, String detail) implements Event {}

  /**
   * A person approved what is proposed, or what counts down.
   *
   * @param action what the person was asked about: a late answer must not meet a later step
   * @param plan {@link dev.belay.core.remediation.Plan#digest} of what the person saw; empty where
   *     the answer does not say
   */
  record Approved(String incident, ActionId action, Optional<String> plan, String person)
      implements Event {}

  /**
   * A person objected.
   *
   * @param action what the person was asked about
   */
  record Vetoed(String incident, ActionId action, String person) implements Event {}

  /**
   * A person has the incident in hand for so long.
   *
   * @param length from a minute to a day; what is shorter or longer counts as that
   */
  record Snoozed(String incident, String person, Duration length) implements Event {}

  /** A person has seen that something is wrong, and need not be called any more. */
  record Acknowledged(String incident, String person) implements Event {}

  /**
   * Somebody answered who may not.
   *
   * @param answer what the answer was, for people
   * @param why why it does not count, for people
   */
  record AnswerForbidden(String incident, String person, String answer, String why)
      implements Event {}

  /**
   * What was read around an incident since the last such event, to be kept for people.
   *
   * @param courses of the service's triggers, at least one
   */
  record IncidentCharted(String service, String incident, List<Course> courses) implements Event {}

  /** A person put everything on hold. */
  record HoldAsked(String person, String why) implements Event {}

  /** A person ended the hold. */
  record HoldEnded(String person) implements Event {}

  /**
   * Somebody had configuration and rules read anew; they are good, and are about to be taken over.
   *
   * @param person who asked; a signal's name where it came by one
   * @param before what tells the rules in force from others
   * @param after the same of those that are taken over
   * @param changed what is otherwise in the configuration: names of keys, without secrets
   */
  record ReloadAccepted(String person, String before, String after, List<String> changed)
      implements Event {}

  /**
   * Somebody had configuration and rules read anew, and what was in force stays in force.
   *
   * @param person who asked; a signal's name where it came by one
   * @param inForce what tells the rules in force from others
   * @param why for people, without secrets
   */
  record ReloadRefused(String person, String inForce, String why) implements Event {}

  /**
   * A notice reached its channel.
   *
   * @param thread what the channel needs to add to the same conversation later, where it has such a
   *     thing
   */
  record NoticeDelivered(String incident, int number, String channel, Optional<String> thread)
      implements Event {}
}
