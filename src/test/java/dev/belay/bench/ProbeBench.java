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
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * What a thousand probes a second cost the process that makes them, beside a tenth of a core, and
 * beside one thread that does nothing but write as many requests into a connection, one each
 * millisecond, and read the answers. Each service is at an address of its own, as in a fleet, so
 * that there are as many connections; beside it the same where all share one address and a few
 * connections. What answers has a process of its own.
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
    try (Server answers = new Server("well", folder, 0)) {
      double bare = bare(answers.port());
      Table.head("probes");
      print("all at one address", probing(services(answers.port(), 1)), bare);
      print("each at an address of its own", probing(services(answers.port(), SERVICES)), bare);
    }
  }

  private static void print(String where, Figures figures, double bare) {
    Table.row("probes/s, " + where, figures.probes(), SERVICES);
    Table.row(
        "thousandths of a core that they take, beside a tenth",
        1_000 * figures.cores(),
        1_000 * PART_OF_A_CORE);
    Table.row("the same, beside bare requests", 1_000 * figures.cores(), 1_000 * bare);
  }

  private record Figures(double probes, double cores) {}

  private static Figures probing(List<Service> services) throws Exception {
    MeterRegistry registry = new SimpleMeterRegistry();
    Vertx vertx = Vertx.vertx();
    try {
      vertx
          .deployVerticle(
              new ProbeVerticle(
                  services,
                  false,
                  Set.of(),
                  ProbeVerticle.SIGNS,
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
      return new Figures((well(registry) - probes) / seconds, (cpu() - cpu) / 1e9 / seconds);
    } finally {
      vertx.close().await();
    }
  }

  /** How many cores it takes. */
  private static double bare(int port) throws IOException {
    try (Connection connection = new Connection(port)) {
      gets(connection, WARM);
      long cpu = cpu();
      long began = System.nanoTime();
      gets(connection, MEASURED);
      return (cpu() - cpu) / (double) (System.nanoTime() - began);
    }
  }

  private static void gets(Connection connection, Duration length) throws IOException {
    long every = EVERY.toNanos() / SERVICES;
    long began = System.nanoTime();
    for (long next = 0; next < length.toNanos(); next += every) {
      LockSupport.parkNanos(began + next - System.nanoTime());
      if (connection.get("/livez") != 200) {
        throw new IOException("it is not well");
      }
    }
  }

  private static double well(MeterRegistry registry) {
    return registry.get("belay.probe.results").tag("result", "well").counter().count();
  }

  private static long cpu() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /**
   * A loopback address; Linux has sixteen million of them.
   *
   * @param addresses how many there are in all
   */
  private static Probe probe(int number, int addresses, int port) {
    int address = number % addresses;
    return new Probe(
        "http://127.0." + address / 200 + "." + (1 + address % 200) + ":" + port + "/livez",
        EVERY,
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Optional.empty());
  }

  private static List<Service> services(int port, int addresses) {
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
                    new Measuring(
                        Optional.empty(), Map.of(), Optional.of(probe(number, addresses, port)))))
        .toList();
  }
}
