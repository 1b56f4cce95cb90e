package dev.belay.core.incident;

import java.util.Locale;

/** Why, or why not. Stands on every decision, metric, log line and message. */
public enum Reason {
  // To act.
  RELEASE_TO_BLAME("A release explains the trouble."),
  CONDITION_MET("A rule's condition holds."),
  APPROVED("A person approved."),
  VETO_WINDOW_ELAPSED("Nobody objected within the veto window."),
  MODE_ACT("The rule may act on its own here."),
  STEP_DID_NOT_HELP("The trouble outlived the step's verification window; the next step is taken."),
  LEASE_ENDED("The mitigation's lease ended; it is undone."),

  // Not to act, by what people wrote.
  NO_SERVICE("No service in the rules matches the alert's labels."),
  RELEASE_OF_NO_SERVICE("The release is of no service or environment in the rules."),
  NO_REMEDIATION("No remediation of the service asks for this."),
  MODE_OBSERVE("Belay only observes here."),
  HELD("Everything is on hold."),
  WORKLOAD_HELD("The workload is on hold, by an annotation on it."),
  VETOED("A person objected."),
  PROPOSAL_EXPIRED("Nobody approved the proposal in time."),
  COOLDOWN("The last remediation of this service ended too recently."),
  BUDGET_SPENT("The service's actions for this hour are used up."),
  BUDGET_SPENT_OVER_ALL(
      "The actions that Belay may take in an hour, over all services, are used up."),
  STORM("Too many services are in trouble at once; that is not one bad release."),
  CRASH_LOOP(
      "Belay was started again and again without having been stopped; it does nothing until a"
          + " person has looked."),
  ANSWER_TOO_LATE(
      "The answer came too late, or to another step than the one that asks now; it changes"
          + " nothing."),

  ANSWER_TO_ANOTHER_PLAN(
      "The answer was to a plan that is no longer the one that asks; it changes nothing."),
  ANSWER_FORBIDDEN("Whoever answered may not answer so; it changes nothing."),
  SNOOZED("A person has the incident in hand."),

  // Not to act, by what was seen.
  NO_RELEASE("No release of the service falls into the window."),
  OLDER_THAN_RELEASE("Something fired before the release began."),
  RELEASE_UNJUDGED("The release cannot be tied to the revision that runs now."),
  SUPERSEDED("Something changed since the plan was made; it no longer fits."),
  NO_BASELINE("No earlier revision is known to be good."),
  TARGET_MISSING("What the action needs is not in the cluster."),
  TARGET_PAUSED("The workload's rollouts are paused by a person."),
  OWNED_BY_ANOTHER("Another controller owns the object and would undo the change."),
  NOT_OURS("An object of that name exists that Belay did not make."),
  IMMUTABLE("The object cannot be changed."),
  ALREADY_DONE("The cluster is already as it should be."),
  CLUSTER_UNAVAILABLE("The cluster did not answer."),
  CLUSTER_REFUSED("The cluster refused the change."),
  FORBIDDEN("Belay lacks the right to do this in the cluster."),
  SIGNAL_LOST("The signal went silent: neither health nor sickness can be told."),
  INPUT_SILENT(
      "Something by which Belay learns what goes on is silent, so it cannot be told how things"
          + " stand; a person should look."),
  RECOVERED("The trouble ended before this step was taken."),
  FLAPPING(
      "What calls for it came and went again and again before anything was done; a person should"
          + " look."),
  ALREADY_HAD(
      "This incident has had this remediation, and it is not done twice; a person is needed."),
  INSPECTION_STUCK(
      "For long it cannot be told whether the change took effect; a person should look. Belay goes"
          + " on asking the cluster."),
  INTENT_STALE("The change did not get through in time; it is not tried any more."),
  TRUNCATED_GROUP("The sender cut alerts from the group, so nothing is concluded from the rest."),
  RECORD_UNREADABLE("The record announces nothing that can be read; it is passed over."),

  // How things ended.
  VERIFIED("The trouble ended within the verification window."),
  VERIFIED_IN_PART(
      "What called for it ended within the verification window; something else is still wrong."),
  ROLLOUT_STUCK("The rollout did not finish in time."),
  LADDER_EXHAUSTED("Every step was taken and the trouble remains; a person is needed."),
  RESOLVED("Every alert of the incident is resolved."),
  STALE("Every alert of the incident is resolved or stale."),
  RESTORED("The mitigation was undone."),
  CHANGED_BY_PERSON("A person changed it since; it is left as it is."),
  KNOWN_GOOD("The revision ran without trouble for its soak time."),
  KNOWN_BAD("The revision was rolled away from.");

  private final String sentence;

  Reason(String sentence) {
    this.sentence = sentence;
  }

  /** The reason as a sentence for people. */
  public String sentence() {
    return sentence;
  }

  /** Whether it is about an answer that changes nothing, and about nothing else. */
  public boolean ofAnswer() {
    return this == ANSWER_TOO_LATE || this == ANSWER_TO_ANOTHER_PLAN || this == ANSWER_FORBIDDEN;
  }

  /** The reason as a label for metrics and logs: lower case with underscores. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
