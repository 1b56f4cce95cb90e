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
    if (open.isEmpty()
        || calling.since().isEmpty()
        || calling.steps() >= escalation.steps().size()) {
      return;
    }
    Escalation.Step next = escalation.steps().get(calling.steps());
    Instant since = calling.since().get();
    if (!since.plus(next.after()).isAfter(turn.now)) {
      turn.record(
          new Fact.PageEscalated(
              service.name(), open.get().id(), next.channels(), since, turn.now));
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
