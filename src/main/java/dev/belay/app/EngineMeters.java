package dev.belay.app;

import dev.belay.core.engine.Event;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What the engine's loop tells of itself. */
final class EngineMeters {
  private final Timer append;
  private final Timer decide;
  private final DistributionSummary batch;
  private final Counter repeated;

  private final Map<String, Counter> failures = new HashMap<>();

  EngineMeters(MeterRegistry registry) {
    for (Class<?> kind : Event.class.getPermittedSubclasses()) {
      failures.put(
          kind.getSimpleName(),
          Counter.builder("belay.engine.failures")
              .description("Events that could not be decided on because of a bug")
              .tag("event", kind.getSimpleName())
              .register(registry));
    }
    append =
        Timer.builder("belay.journal.append")
            .description("Time to make one batch of facts durable")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofNanos(100_000))
            .maximumExpectedValue(Duration.ofSeconds(1))
            .register(registry);
    decide =
        Timer.builder("belay.engine.round")
            .description("Time from taking a batch off the mailbox to releasing its commands")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofNanos(100_000))
            .maximumExpectedValue(Duration.ofSeconds(1))
            .register(registry);
    batch =
        DistributionSummary.builder("belay.engine.batch")
            .description("Events decided on in one round")
            .register(registry);
    repeated =
        Counter.builder("belay.alerts.deduplicated")
            .description("Alerts taken in that told nothing new")
            .register(registry);
  }

  /** Follows the loop's mailbox and disk. */
  static void follow(EngineLoop engine, MeterRegistry registry) {
    Gauge.builder("belay.mailbox.waiting", engine, EngineLoop::waiting)
        .description("Events that wait for the engine")
        .register(registry);
    Gauge.builder("belay.journal.full", engine, loop -> loop.shedding() ? 1 : 0)
        .description("1 while the disk is full and everything is refused")
        .register(registry);
  }

  /** An event of this kind could not be decided on. */
  void failed(String kind) {
    Optional.ofNullable(failures.get(kind)).ifPresent(Counter::increment);
  }

  /** So many alerts told nothing new. */
  void repeated(int alerts) {
    if (alerts > 0) {
      repeated.increment(alerts);
    }
  }

  void appended(long nanos) {
    append.record(Duration.ofNanos(nanos));
  }

  void rounded(int events, long nanos) {
    batch.record(events);
    decide.record(Duration.ofNanos(nanos));
  }
}
