package dev.belay.sim;

import dev.belay.core.engine.Fact;
import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.Outcome;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How often each thing happened. */
final class Coverage {
  private final Map<String, Long> counts = new TreeMap<>();
  private final Map<String, String> phases = new TreeMap<>();

  void fault(String name) {
    count("fault " + name);
  }

  void count(String what) {
    counts.merge(what, 1L, Long::sum);
  }

  long of(String what) {
    return counts.getOrDefault(what, 0L);
  }

  void add(Coverage other) {
    other.counts.forEach((what, count) -> counts.merge(what, count, Long::sum));
  }

  /** Counts what a fact shows: reasons, and the edges between phases. */
  void fact(Fact fact) {
    switch (fact) {
      case Fact.Decided decided -> reason(decided.reason());
      case Fact.RunEnded ended -> {
        reason(ended.reason());
        edge(ended.service(), "end");
      }
      case Fact.RunMoved moved -> edge(moved.service(), moved.run().phase().name());
      case Fact.IncidentClosed closed -> reason(closed.reason());
      case Fact.LeaseMoved moved -> count("lease " + moved.lease().phase());
      case Fact.LeaseEnded ended -> reason(ended.reason());
      case Fact.RevisionJudged judged -> reason(judged.reason());
      case Fact.PermitAnswered answered -> answered.refusal().ifPresent(this::reason);
      case Fact.ActionEnded ended -> {
        count("outcome " + ended.outcome().getClass().getSimpleName());
        if (ended.outcome() instanceof Outcome.Refused(var reason, _)) {
          reason(reason);
        }
      }
      case Fact.InputMoved moved ->
          count("input " + moved.input() + (moved.silent() ? " silent" : " heard of"));
      case Fact.AlertFired _ -> count("fact AlertFired");
      case Fact.AlertEnded ended -> count("alert " + ended.how());
      case Fact.JournalBegun _,
          Fact.ServiceFound _,
          Fact.ServiceLost _,
          Fact.ServiceNarrowed _,
          Fact.InputRead _,
          Fact.InputHeard _,
          Fact.ReleaseJoined _,
          Fact.RolloutMoved _,
          Fact.AlertRenewed _,
          Fact.AlertAssigned _,
          Fact.RevisionSoaked _,
          Fact.AlertForgotten _,
          Fact.ReleaseRecorded _,
          Fact.RevisionRan _,
          Fact.TriggerMoved _,
          Fact.RuleMoved _,
          Fact.IncidentOpened _,
          Fact.PermitAsked _,
          Fact.ActionIntended _,
          Fact.PersonApproved _,
          Fact.PersonVetoed _,
          Fact.IncidentSnoozed _,
          Fact.SnoozeEnded _,
          Fact.PersonAcknowledged _,
          Fact.PageEscalated _,
          Fact.IncidentCharted _,
          Fact.Held _,
          Fact.HoldReleased _,
          Fact.BrakeEngaged _,
          Fact.BrakeReleased _,
          Fact.ReloadAccepted _,
          Fact.ReloadRefused _,
          Fact.DaemonStarted _,
          Fact.DaemonStopped _,
          Fact.NoticeMade _,
          Fact.NoticeSent _,
          Fact.ChannelsNamed _,
          Fact.NoticesTriedAgain _,
          Fact.NoticeGivenUp _ ->
          count("fact " + fact.getClass().getSimpleName());
    }
  }

  private void reason(Reason reason) {
    count("reason " + reason);
  }

  private void edge(String service, String to) {
    String from = Optional.ofNullable(phases.put(service, to)).orElse("end");
    count("edge " + from + " -> " + to);
  }

  String table() {
    StringBuilder table = new StringBuilder();
    counts.forEach((what, count) -> table.append(String.format("%9d  %s%n", count, what)));
    return table.toString();
  }
}
