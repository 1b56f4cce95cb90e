package dev.belay.intake.slack;

import dev.belay.core.incident.Answer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Metrics of Slack's way in. */
final class SlackMeters {
  private static final List<String> OUTCOMES = List.of("taken", "forbidden", "failed");

  private final MeterRegistry registry;

  SlackMeters(MeterRegistry registry) {
    this.registry = registry;
    for (Answer answer : Answer.values()) {
      OUTCOMES.forEach(outcome -> presses(answer, outcome));
    }
  }

  void pressed(Answer answer, String outcome) {
    presses(answer, outcome).increment();
  }

  void connection(BooleanSupplier connected) {
    Gauge.builder("belay.slack.connected", () -> connected.getAsBoolean() ? 1 : 0)
        .description("Whether the connection is open over which presses come in from Slack")
        .strongReference(true)
        .register(registry);
  }

  private Counter presses(Answer answer, String outcome) {
    return Counter.builder("belay.slack.presses")
        .description("Buttons pressed in Slack, by what was answered and what became of it")
        .tag("answer", answer.word())
        .tag("outcome", outcome)
        .register(registry);
  }
}
