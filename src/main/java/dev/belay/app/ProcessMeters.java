package dev.belay.app;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import java.lang.management.ManagementFactory;
import java.util.Map;

/**
 * What the process tells of itself, from Micrometer's binders. Three of its names are those that
 * every Prometheus client library gives, as dashboards expect: {@code process_cpu_seconds_total},
 * {@code process_open_fds} and {@code process_max_fds}.
 */
final class ProcessMeters {
  private static final Map<String, String> CUSTOMARY =
      Map.of("process.files.open", "process.open.fds", "process.files.max", "process.max.fds");

  private static final double NANOS_PER_SECOND = 1e9;

  private ProcessMeters() {}

  /**
   * Registers every series.
   *
   * @param registry one that has no meters yet: those would keep their names
   * @return ends what listens to the garbage collector
   */
  static AutoCloseable bind(MeterRegistry registry) {
    registry
        .config()
        .meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"))
        .meterFilter(new Customary());
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      FunctionCounter.builder(
              "process.cpu", system, bean -> bean.getProcessCpuTime() / NANOS_PER_SECOND)
          .baseUnit("seconds")
          .description("Processor time that the process has used")
          .register(registry);
    }
    JvmGcMetrics collections = new JvmGcMetrics();
    collections.bindTo(registry);
    return collections;
  }

  private static final class Customary implements MeterFilter {
    @Override
    public Meter.Id map(Meter.Id id) {
      String name = CUSTOMARY.get(id.getName());
      // Without the base unit, which would become a part of the name.
      return name == null ? id : id.withName(name).withBaseUnit(null);
    }
  }
}
