package dev.belay.core.engine;

import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Incident;
import dev.belay.core.incident.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Calls the next ones where a page waits for an answer for too long. Any answer counts. */
final class EscalationDecider {
  private final Escalation escalation;

  EscalationDecider(Escalation escalation) {
    this.escalation = escalation;
  }

  void review(Turn turn, ServiceState service) {
    Calling calling = service.calling();
    Optional<Incident> open = service.incident();
    if (open.isEmpty() || calling.since().isEmpty()) {
      return;
    }
    Instant since = calling.since().get();
    for (int i = 0; i < escalation.steps().size(); i++) {
      Escalation.Step step = escalation.steps().get(i);
      List<String> next = calling.yetToCall(step, i);
      if (!next.isEmpty()) {
        if (!since.plus(step.after()).isAfter(turn.now)) {
          turn.record(
              new Fact.PageEscalated(service.name(), open.get().id(), next, since, turn.now));
        }
        return;
      }
    }
  }

  static void acknowledged(Turn turn, ServiceState service, String incident, String person) {
    if (service.hasOpen(incident)) {
      turn.record(new Fact.PersonAcknowledged(service.name(), incident, person, turn.now));
    } else {
      Ladder.unanswered(
          turn,
          service,
          incident,
          Reason.ANSWER_TOO_LATE,
          List.of(new Evidence("answer", person + " acknowledged")));
    }
  }
}
