package dev.belay.app;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Whether what people wrote is what is in force; the names are Prometheus's own. */
final class ReloadMeters {
  private static final double MILLIS = 1_000.0;

  private ReloadMeters() {}

  static void bind(Reload reload, MeterRegistry registry) {
    Gauge.builder(
            "belay.config.last.reload.successful", reload, it -> it.trouble().isPresent() ? 0 : 1)
        .description("1 while configuration and rules as they were last read are in force")
        .register(registry);
    Gauge.builder(
            "belay.config.last.reload.success.timestamp",
            reload,
            it -> it.lastSuccess().toEpochMilli() / MILLIS)
        .description("When the configuration and rules in force were taken over, since 1970")
        .baseUnit("seconds")
        .register(registry);
  }
}
