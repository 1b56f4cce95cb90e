package dev.belay.console;

import dev.belay.core.engine.Fact;
import dev.belay.core.engine.Sentences;
import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Outcome;
import dev.belay.port.Journal;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import org.slf4j.spi.NOPLoggingEventBuilder;

/**
 * Writes one line for each decision, action and incident, to the loggers {@code belay.decision},
 * {@code belay.action} and {@code belay.incident}. The message is the sentence that people read
 * everywhere; the same in parts stands in its keys. Called with entries that are durable.
 */
public final class FactLog implements Consumer<List<Journal.Entry>> {
  private static final Logger DECISION = LoggerFactory.getLogger("belay.decision");
  private static final Logger ACTION = LoggerFactory.getLogger("belay.action");
  private static final Logger INCIDENT = LoggerFactory.getLogger("belay.incident");

  @Override
  public void accept(List<Journal.Entry> entries) {
    for (Journal.Entry entry : entries) {
      entry.facts().forEach(fact -> write(new Told(entry.at(), fact)));
    }
  }

  private static void write(Told told) {
    switch (told.fact()) {
      case Fact.IncidentOpened(_, var incident, _, _) ->
          log(told, INCIDENT.atInfo(), Optional.of(incident));
      case Fact.IncidentClosed(_, var incident, _, _) ->
          log(told, INCIDENT.atInfo(), Optional.of(incident));
      case Fact.Decided decided -> decided(told, decided);
      case Fact.RunEnded(_, var incident, _, _) ->
          log(told, DECISION.atInfo(), Optional.of(incident));
      case Fact.ActionIntended(_, var incident, var action, var plan, _) ->
          log(
              told,
              action(ACTION.atInfo(), action).addKeyValue("plan", plan.kind()),
              Optional.of(incident));
      case Fact.ActionEnded(_, var incident, var action, var outcome, _) ->
          log(
              told,
              action(ACTION.atInfo(), action).addKeyValue("event.outcome", ecs(outcome)),
              Optional.of(incident));
      case Fact.LeaseEnded(_, var action, _, _, _, var incident) ->
          log(told, action(ACTION.atInfo(), action), incident);
      case Fact.Held _, Fact.HoldReleased _, Fact.ReloadAccepted _ ->
          log(told, DECISION.atInfo(), Optional.empty());
      case Fact.BrakeEngaged _, Fact.BrakeReleased _, Fact.InputMoved _, Fact.ReloadRefused _ ->
          log(told, DECISION.atWarn(), Optional.empty());
      case Fact.ServiceFound(_, var found, _) ->
          log(
              told,
              found.fleets().size() > 1 ? DECISION.atWarn() : DECISION.atInfo(),
              Optional.empty());
      case Fact.ServiceLost _ -> log(told, DECISION.atInfo(), Optional.empty());
      case Fact.ServiceNarrowed(_, var narrowing, _) ->
          log(
              told,
              narrowing.unreadable().isPresent() ? DECISION.atWarn() : DECISION.atInfo(),
              Optional.empty());
      case Fact.AlertFired(var episode) -> {
        if (episode.services().isEmpty()) {
          log(told, DECISION.atDebug(), Optional.empty());
        }
      }
      case Fact.NoticeGivenUp(var incident, _, _, _) ->
          log(told, INCIDENT.atWarn(), Optional.of(incident));
      case Fact.JournalBegun _,
          Fact.InputRead _,
          Fact.InputHeard _,
          Fact.ReleaseJoined _,
          Fact.RolloutMoved _,
          Fact.AlertRenewed _,
          Fact.AlertAssigned _,
          Fact.AlertEnded _,
          Fact.AlertForgotten _,
          Fact.ReleaseRecorded _,
          Fact.RevisionRan _,
          Fact.RevisionSoaked _,
          Fact.RevisionJudged _,
          Fact.TriggerMoved _,
          Fact.RuleMoved _,
          Fact.RunMoved _,
          Fact.PermitAsked _,
          Fact.PermitAnswered _,
          Fact.LeaseMoved _,
          Fact.PersonApproved _,
          Fact.PersonVetoed _,
          Fact.IncidentSnoozed _,
          Fact.SnoozeEnded _,
          Fact.PersonAcknowledged _,
          Fact.PageEscalated _,
          Fact.IncidentCharted _,
          Fact.DaemonStarted _,
          Fact.DaemonStopped _,
          Fact.NoticeMade _,
          Fact.NoticeSent _,
          Fact.ChannelsNamed _,
          Fact.NoticesTriedAgain _ -> {}
    }
  }

  private static void decided(Told told, Fact.Decided decided) {
    if (!DECISION.isInfoEnabled()) {
      return;
    }
    String evidence =
        decided.evidence().stream().map(Sentences::evidence).collect(Collectors.joining("; "));
    LoggingEventBuilder line = DECISION.atInfo().addKeyValue("act", decided.act());
    line = with(line, "remediation", decided.remediation());
    log(told, with(line, "evidence", evidence), Optional.of(decided.subject()));
  }

  private static LoggingEventBuilder action(LoggingEventBuilder line, ActionId action) {
    return line.addKeyValue("action", action.value());
  }

  private static String ecs(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Applied _, Outcome.AlreadyDone _ -> "success";
      case Outcome.Refused _ -> "failure";
      case Outcome.Doubtful _ -> "unknown";
    };
  }

  private static void log(Told told, LoggingEventBuilder begun, Optional<String> subject) {
    if (begun instanceof NOPLoggingEventBuilder) {
      return;
    }
    LoggingEventBuilder line = begun.addKeyValue("event.action", told.kind());
    line = with(line, "subject", subject.orElse(""));
    line = with(line, "service", String.join(",", told.services()));
    line = with(line, "reason", told.reason().map(Reason::label).orElse(""));
    line.log(harmless(Sentences.of(told.fact()).orElse("").strip()));
  }

  private static LoggingEventBuilder with(LoggingEventBuilder line, String key, String value) {
    return value.isEmpty() ? line : line.addKeyValue(key, harmless(value));
  }

  /** On one line, and without the quotes that would end a value and let the next one be forged. */
  private static String harmless(String text) {
    return Printable.of(text).replace('"', '\'');
  }
}
