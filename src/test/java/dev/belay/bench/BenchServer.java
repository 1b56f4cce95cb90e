package dev.belay.bench;

import dev.belay.app.Assembly;
import dev.belay.app.Daemon;
import dev.belay.app.NoCluster;
import dev.belay.app.OverloadRules;
import dev.belay.app.Page;
import dev.belay.core.access.Access;
import dev.belay.core.engine.Listening;
import dev.belay.core.engine.Settings;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Target;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.Place;
import dev.belay.core.rule.WorkloadSelector;
import dev.belay.journal.SqliteJournal;
import dev.belay.port.Cluster;
import dev.belay.port.ClusterUnavailable;
import dev.belay.port.Journal;
import dev.belay.rules.Loaded;
import dev.belay.rules.RuleLoader;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The server side of {@link LoadBench}, in a JVM of its own. {@code real} is the whole daemon;
 * {@code bare} is the same with the journal and the rules off, and {@code well} only says that it
 * is well, at every address of the machine, for {@link ProbeBench}. {@code GET /bench/seen} tells
 * when each service's first command reached the cluster, in nanoseconds of the machine's monotonic
 * clock, which all its processes share.
 */
public final class BenchServer {
  private BenchServer() {}

  /** Arguments: {@code real|bare|well}, a folder for the journal, and how many services. */
  public static void main(String[] args) throws Exception {
    if (args[0].equals("well")) {
      System.out.println("port " + well());
      Thread.currentThread().join();
    }
    boolean real = args[0].equals("real");
    Path folder = Path.of(args[1]);
    Loaded rules = rules(folder, real ? Integer.parseInt(args[2]) : 0);
    Journal journal = real ? SqliteJournal.open(folder.resolve("journal")) : new BareJournal();
    Seeing cluster = new Seeing();
    Daemon daemon =
        Assembly.of(rules.rules(), journal)
            .settings(settings())
            .cluster(cluster)
            .pauses(Duration.ofHours(1), Duration.ofHours(1))
            .page(
                new Page("/bench/seen", "text/plain", "default-src 'none'", cluster.seen::toString))
            .start();
    System.out.println("port " + daemon.port());
    Thread.currentThread().join();
  }

  private static int well() {
    return Vertx.vertx()
        .createHttpServer()
        .requestHandler(request -> request.response().end("well"))
        .listen(0, "0.0.0.0")
        .await()
        .actualPort();
  }

  private static Settings settings() {
    Settings standard = Settings.DEFAULT;
    return new Settings(
        Mode.ACT,
        Integer.MAX_VALUE,
        standard.stormWindow(),
        Integer.MAX_VALUE,
        standard.blindAfter(),
        standard.clusterPatience(),
        standard.settlePatience(),
        standard.intentLife(),
        Runtime.getRuntime().maxMemory() / 4,
        standard.crashLoop(),
        Listening.NONE);
  }

  private static Loaded rules(Path folder, int services) throws Exception {
    Path rules = OverloadRules.write(folder, services, "bench", "30m", "5m", "");
    Loaded loaded = RuleLoader.load(rules);
    if (!loaded.usable()) {
      throw new IllegalStateException(loaded.problems().toString());
    }
    return loaded;
  }

  /** A cluster that only notes when it is first asked about each thing. */
  private static final class Seeing implements Cluster {
    private final Map<String, Long> seen = new ConcurrentHashMap<>();
    private final Cluster silent = new NoCluster();

    @Override
    public boolean allows(Access access) {
      return true;
    }

    @Override
    public Observation observe(Target target) {
      seen.putIfAbsent(
          target instanceof Target.OfConfigMap(var configMap) ? configMap.name() : "other",
          System.nanoTime());
      return silent.observe(target);
    }

    @Override
    public Set<Workload> find(WorkloadSelector selector, Place place) {
      throw new ClusterUnavailable("nothing is looked for here");
    }

    @Override
    public dev.belay.core.remediation.Preflight preflight(
        dev.belay.core.remediation.ActionId id, dev.belay.core.remediation.Plan plan) {
      return silent.preflight(id, plan);
    }

    @Override
    public dev.belay.core.remediation.Outcome apply(
        dev.belay.core.remediation.ActionId id, dev.belay.core.remediation.Plan plan) {
      return silent.apply(id, plan);
    }

    @Override
    public dev.belay.core.remediation.Inspection inspect(
        dev.belay.core.remediation.ActionId id, dev.belay.core.remediation.Plan plan) {
      return silent.inspect(id, plan);
    }

    @Override
    public dev.belay.core.remediation.Settlement settle(
        dev.belay.core.remediation.ActionId id, dev.belay.core.remediation.Plan plan) {
      return silent.settle(id, plan);
    }
  }
}
