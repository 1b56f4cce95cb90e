package dev.belay.intake.probe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** What the probes tell of themselves, all services together. */
final class ProbeMeters {
  private final Counter well;
  private final Counter unwell;
  private final Counter unknown;
  private final Counter missed;
  private final Timer took;

  /** Registers every series. */
  ProbeMeters(MeterRegistry registry) {
    well = results(registry, "well");
    unwell = results(registry, "unwell");
    unknown = results(registry, "unknown");
    missed =
        Counter.builder("belay.probe.missed")
            .description("Probes that were passed over because the one before was not done")
            .register(registry);
    took =
        Timer.builder("belay.probe.answer")
            .description("How long services took to answer that they are well")
            .register(registry);
  }

  private static Counter results(MeterRegistry registry, String result) {
    return Counter.builder("belay.probe.results")
        .description("Probes by what they say of the service")
        .tag("result", result)
        .register(registry);
  }

  void missed() {
    missed.increment();
  }

  void probed(Result result) {
    switch (result) {
      case Result.Well(Duration duration) -> {
        well.increment();
        took.record(duration);
      }
      case Result.Unwell _ -> unwell.increment();
      case Result.Unknown _ -> unknown.increment();
    }
  }
}
