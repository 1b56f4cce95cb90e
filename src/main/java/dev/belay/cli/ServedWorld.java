package dev.belay.cli;

import dev.belay.app.Page;
import dev.belay.app.Parts;
import dev.belay.core.engine.Fact;
import dev.belay.port.Journal;
import dev.belay.sandbox.Exposition;
import dev.belay.sandbox.Scenario;
import dev.belay.sandbox.World;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The sandbox's world as the cluster of a daemon that is configured as any other: nothing happens
 * by itself. It exports the metrics of its service covet, and rolls out what is announced: whoever
 * says that covet v1.1 was released has it run the image covet:v1.1, of which those that begin with
 * {@code bad} fail many requests.
 */
final class ServedWorld {
  private static final String METRICS = "/sandbox/metrics";
  private static final long TICK_MILLIS = 100;

  private final World world;
  private final Exposition exposition;

  /** What was rolled out already: what goes on, or is announced by others too, is told again. */
  private final Set<Shipped> shipped = new HashSet<>();

  /**
   * A release as it was rolled out. Its id alone would not do: what is announced may be taken for a
   * release that the cluster showed before, which has a version only then.
   */
  private record Shipped(String service, String release, String version) {}

  ServedWorld() {
    this(Scenario.calm(InstantSource.system()));
  }

  /** On a world that is there already. */
  ServedWorld(World world) {
    this.world = world;
    this.exposition = new Exposition(world);
  }

  /** Runs until it is told to stop; gives the exit status. */
  int run(Path config, PrintWriter err) throws InterruptedException {
    try (ScheduledExecutorService time =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("sandbox-world").daemon().factory())) {
      var _ = time.scheduleAtFixedRate(this::pass, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
      try {
        return RunCommand.daemon(
            config,
            _ -> new KubernetesAccess(world.cluster(), world.cluster().baselines(), () -> {}),
            this::around,
            err);
      } finally {
        time.shutdownNow();
      }
    }
  }

  private void pass() {
    // Alerts are for those who scrape the metrics.
    var _ = world.tick();
    exposition.pass();
  }

  private Parts around(Parts parts) {
    return parts.with(
        List.of(new Page(METRICS, Exposition.CONTENT_TYPE, "default-src 'none'", exposition::text)),
        this::deploy);
  }

  /** Rolls out what was announced, as far as it was not yet. */
  void deploy(List<Journal.Entry> entries) {
    for (Journal.Entry entry : entries) {
      for (Fact fact : entry.facts()) {
        if (fact instanceof Fact.ReleaseRecorded(var service, var release)) {
          release
              .version()
              .filter(version -> shipped.add(new Shipped(service, release.id(), version)))
              .ifPresent(version -> world.deploy(service, version));
        }
      }
    }
  }
}
