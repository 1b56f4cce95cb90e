package dev.belay.intake.prometheus;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** What the asking of Prometheus tells of itself. Safe for use by many threads. */
final class PrometheusMeters {
  private final Map<Result, Counter> queries = new EnumMap<>(Result.class);
  private final Timer seconds;
  private final Counter missed;
  private final Counter known;
  private final Counter unknown;
  private volatile int answering;

  /** Registers every series. */
  PrometheusMeters(MeterRegistry registry) {
    for (Result result : Result.values()) {
      queries.put(
          result,
          Counter.builder("belay.prometheus.queries")
              .description("Queries to Prometheus, by what became of them")
              .tag("result", result.tag())
              .register(registry));
    }
    seconds =
        Timer.builder("belay.prometheus.query")
            .description("How long Prometheus took to answer, or to fail")
            .register(registry);
    missed =
        Counter.builder("belay.prometheus.missed")
            .description("Turns of queries that were passed over because the one before took long")
            .register(registry);
    known = readings(registry, "known");
    unknown = readings(registry, "unknown");
    Gauge.builder("belay.prometheus.answering", this, meters -> meters.answering)
        .description("1 while Prometheus answers every query")
        .register(registry);
  }

  private static Counter readings(MeterRegistry registry, String value) {
    return Counter.builder("belay.prometheus.readings")
        .description("Readings of triggers; what is unknown holds them where they are")
        .tag("value", value)
        .register(registry);
  }

  void asked(Answer answer, Duration took) {
    Result result =
        switch (answer) {
          case Answer.Series _ -> Result.ANSWERED;
          case Answer.Unknown(var why, _) -> why;
        };
    Counter counter = queries.get(result);
    if (counter != null) {
      counter.increment();
    }
    seconds.record(took);
  }

  void missed(long turns) {
    missed.increment((double) turns);
  }

  void read(boolean isKnown) {
    (isKnown ? known : unknown).increment();
  }

  void answering(boolean is) {
    answering = is ? 1 : 0;
  }
}
