package dev.belay.journal;

import dev.belay.core.engine.Fact;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the journal calls each kind of thing. These names are for ever: a class may be renamed, its
 * name here may not, and no name may be given to anything else.
 */
final class Vocabulary {
  /** The names of the variants, for each sealed type that a fact can hold. */
  static final Map<Class<?>, Map<String, Class<?>>> NAMES = names();

  private Vocabulary() {}

  private static Map<Class<?>, Map<String, Class<?>>> names() {
    Map<String, Class<?>> facts = new LinkedHashMap<>();
    facts.put("JournalBegun", Fact.JournalBegun.class);
    facts.put("AlertFired", Fact.AlertFired.class);
    facts.put("AlertRenewed", Fact.AlertRenewed.class);
    facts.put("AlertEnded", Fact.AlertEnded.class);
    facts.put("AlertAssigned", Fact.AlertAssigned.class);
    facts.put("AlertForgotten", Fact.AlertForgotten.class);
    facts.put("ReleaseRecorded", Fact.ReleaseRecorded.class);
    facts.put("ReleaseJoined", Fact.ReleaseJoined.class);
    facts.put("ServiceFound", Fact.ServiceFound.class);
    facts.put("ServiceLost", Fact.ServiceLost.class);
    facts.put("ServiceNarrowed", Fact.ServiceNarrowed.class);
    facts.put("InputRead", Fact.InputRead.class);
    facts.put("InputHeard", Fact.InputHeard.class);
    facts.put("InputMoved", Fact.InputMoved.class);
    facts.put("RevisionRan", Fact.RevisionRan.class);
    facts.put("RevisionJudged", Fact.RevisionJudged.class);
    facts.put("RevisionSoaked", Fact.RevisionSoaked.class);
    facts.put("RolloutMoved", Fact.RolloutMoved.class);
    facts.put("TriggerMoved", Fact.TriggerMoved.class);
    facts.put("RuleMoved", Fact.RuleMoved.class);
    facts.put("IncidentOpened", Fact.IncidentOpened.class);
    facts.put("IncidentClosed", Fact.IncidentClosed.class);
    facts.put("Decided", Fact.Decided.class);
    facts.put("RunMoved", Fact.RunMoved.class);
    facts.put("RunEnded", Fact.RunEnded.class);
    facts.put("PermitAsked", Fact.PermitAsked.class);
    facts.put("PermitAnswered", Fact.PermitAnswered.class);
    facts.put("ActionIntended", Fact.ActionIntended.class);
    facts.put("ActionEnded", Fact.ActionEnded.class);
    facts.put("LeaseMoved", Fact.LeaseMoved.class);
    facts.put("LeaseEnded", Fact.LeaseEnded.class);
    facts.put("PersonApproved", Fact.PersonApproved.class);
    facts.put("PersonVetoed", Fact.PersonVetoed.class);
    facts.put("IncidentSnoozed", Fact.IncidentSnoozed.class);
    facts.put("SnoozeEnded", Fact.SnoozeEnded.class);
    facts.put("PersonAcknowledged", Fact.PersonAcknowledged.class);
    facts.put("PageEscalated", Fact.PageEscalated.class);
    facts.put("IncidentCharted", Fact.IncidentCharted.class);
    facts.put("Held", Fact.Held.class);
    facts.put("HoldReleased", Fact.HoldReleased.class);
    facts.put("BrakeEngaged", Fact.BrakeEngaged.class);
    facts.put("BrakeReleased", Fact.BrakeReleased.class);
    facts.put("ReloadAccepted", Fact.ReloadAccepted.class);
    facts.put("ReloadRefused", Fact.ReloadRefused.class);
    facts.put("DaemonStarted", Fact.DaemonStarted.class);
    facts.put("DaemonStopped", Fact.DaemonStopped.class);
    facts.put("NoticeMade", Fact.NoticeMade.class);
    facts.put("NoticeSent", Fact.NoticeSent.class);
    facts.put("ChannelsNamed", Fact.ChannelsNamed.class);
    facts.put("NoticesTriedAgain", Fact.NoticesTriedAgain.class);
    facts.put("NoticeGivenUp", Fact.NoticeGivenUp.class);

    Map<String, Class<?>> plans = new LinkedHashMap<>();
    plans.put("RollBack", Plan.RollBack.class);
    plans.put("SetFlags", Plan.SetFlags.class);
    plans.put("RestoreFlags", Plan.RestoreFlags.class);
    plans.put("ApplyManifests", Plan.ApplyManifests.class);
    plans.put("DeleteManifests", Plan.DeleteManifests.class);

    Map<String, Class<?>> outcomes = new LinkedHashMap<>();
    outcomes.put("Applied", Outcome.Applied.class);
    outcomes.put("AlreadyDone", Outcome.AlreadyDone.class);
    outcomes.put("Refused", Outcome.Refused.class);
    outcomes.put("Doubtful", Outcome.Doubtful.class);

    return Map.of(Fact.class, facts, Plan.class, plans, Outcome.class, outcomes);
  }
}
