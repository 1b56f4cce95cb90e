package dev.belay.intake.http;

import dev.belay.core.alert.Alert;
import dev.belay.core.alert.Door;
import dev.belay.core.engine.Event.AlertsReceived;
import dev.belay.intake.Parsed;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What the doors count. Every series exists from the start, at 0, so that a rate sees the first
 * event.
 */
final class IntakeMeters {
  private static final String REQUESTS = "belay.intake.requests";
  private static final String REJECTED = "belay.intake.rejected";
  private static final String IGNORED = "belay.intake.ignored";
  private static final String RECEIVED = "belay.alerts.received";
  private static final String TRUNCATED = "belay.alerts.truncated";

  private final MeterRegistry registry;

  IntakeMeters(MeterRegistry registry) {
    this.registry = registry;
    Counter.builder(TRUNCATED)
        .description("Alerts that a webhook's sender cut off, or that were invalid")
        .register(registry);
    for (Entrance door : Entrance.values()) {
      series(door);
    }
    for (Door door : List.of(Door.WEBHOOK, Door.API_V2)) {
      for (boolean firing : new boolean[] {true, false}) {
        Counter.builder(RECEIVED)
            .description("Alerts accepted, repetitions included")
            .tags(alertTags(door, firing))
            .register(registry);
      }
    }
  }

  private void series(Entrance door) {
    Stream.concat(Stream.of(200), Stream.of(Rejection.values()).map(Rejection::code))
        .distinct()
        .forEach(
            code ->
                Counter.builder(REQUESTS)
                    .description("Requests answered, by HTTP status")
                    .tags(tags(door, "code", Integer.toString(code)))
                    .register(registry));
    for (Rejection why : Rejection.values()) {
      Counter.builder(REJECTED)
          .description("Requests not accepted, or in part only, by reason")
          .tags(tags(door, "reason", why.tag()))
          .register(registry);
    }
    for (Parsed.Ignorance why : Parsed.Ignorance.values()) {
      Counter.builder(IGNORED)
          .description("Requests that are well and of no interest, by reason")
          .tags(tags(door, "reason", tag(why)))
          .register(registry);
    }
  }

  /** One request was answered. */
  void answered(Entrance door, Answer answer) {
    registry.counter(REQUESTS, tags(door, "code", Integer.toString(answer.code()))).increment();
    if (answer instanceof Answer.Rejected rejected) {
      registry.counter(REJECTED, tags(door, "reason", rejected.why().tag())).increment();
    }
  }

  /** One request was well, and of no interest. */
  void ignored(Entrance door, Parsed.Ignorance why) {
    registry.counter(IGNORED, tags(door, "reason", tag(why))).increment();
  }

  /** One delivery of alerts is durable. */
  void received(AlertsReceived delivery) {
    long firing = delivery.alerts().stream().filter(Alert::firing).count();
    registry.counter(RECEIVED, alertTags(delivery.door(), true)).increment((double) firing);
    registry
        .counter(RECEIVED, alertTags(delivery.door(), false))
        .increment((double) (delivery.alerts().size() - firing));
    registry.counter(TRUNCATED).increment((double) delivery.truncated());
  }

  private static Tags tags(Entrance door, String name, String value) {
    return Tags.of("door", door.tag(), name, value);
  }

  private static Tags alertTags(Door door, boolean firing) {
    return Tags.of(
        "door", door.name().toLowerCase(Locale.ROOT), "status", firing ? "firing" : "resolved");
  }

  private static String tag(Parsed.Ignorance why) {
    return why.name().toLowerCase(Locale.ROOT);
  }
}
