package dev.belay.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.Measuring;
import dev.belay.core.rule.Probe;
import dev.belay.core.rule.Service;
import dev.belay.core.rule.Signal;
import dev.belay.core.rule.Trigger;
import dev.belay.intake.probe.ProbeVerticle;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * What a thousand probes a second cost the process that makes them, beside a tenth of a core. The
 * services that answer have a process of their own.
 */
public final class ProbeBench {
  private static final int SERVICES = 1_000;
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration WARM = Duration.ofSeconds(20);
  private static final Duration MEASURED = Duration.ofSeconds(30);
  private static final double PART_OF_A_CORE = 0.1;

  private ProbeBench() {}

  /** Prints the table. */
  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("belay-bench");
    MeterRegistry registry = new SimpleMeterRegistry();
    Vertx vertx = Vertx.vertx();
    try (Server answers = new Server("bare", folder, 0)) {
      vertx
          .deployVerticle(
              new ProbeVerticle(
                  services(answers.port()),
                  false,
                  _ -> CompletableFuture.completedFuture(null),
                  InstantSource.system(),
                  registry))
          .await();
      Thread.sleep(WARM);
      double probes = well(registry);
      long cpu = cpu();
      long began = System.nanoTime();
      Thread.sleep(MEASURED);
      double seconds = (System.nanoTime() - began) / 1e9;
      Table.head("probes");
      Table.row("probes/s", (well(registry) - probes) / seconds, SERVICES);
      Table.row(
          "cores that they take, beside a tenth", (cpu() - cpu) / 1e9 / seconds, PART_OF_A_CORE);
    } finally {
      vertx.close().await();
    }
  }

  private static double well(MeterRegistry registry) {
    return registry.get("belay.probe.results").tag("result", "well").counter().count();
  }

  private static long cpu() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static List<Service> services(int port) {
    Probe probe =
        new Probe(
            "http://127.0.0.1:" + port + "/livez",
            EVERY,
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Optional.empty());
    return IntStream.range(0, SERVICES)
        .mapToObj(
            number ->
                new Service(
                    "service-" + number,
                    Optional.empty(),
                    List.of(),
                    List.of(
                        new Trigger(
                            Signal.HEALTH_CHECK_FAILURES,
                            Optional.empty(),
                            true,
                            0.5,
                            Duration.ofSeconds(10),
                            "> 50% for 10 seconds")),
                    List.of(),
                    Limits.DEFAULT,
                    Service.DEFAULT_SOAK,
                    new Measuring(Optional.empty(), Map.of(), Optional.of(probe))))
        .toList();
  }
}
