package dev.belay.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.belay.controlplane.ClusterNamespace;
import dev.belay.controlplane.ControlPlane;
import dev.belay.controlplane.Eventually;
import dev.belay.core.release.Workload;
import dev.belay.port.WorkloadWatch;
import dev.belay.sandbox.MemoryBaselines;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The watch on a real API server, through a line that breaks. */
class InformedWatchIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final ControlPlane plane = ControlPlane.shared();
  private final ClusterNamespace namespace = new ClusterNamespace(plane, "watch");
  private final BrittleLine line = BrittleLine.to(plane.kubeconfig());
  private final FabricCluster cluster =
      FabricCluster.connect(
          Optional.of(line.kubeconfig()),
          Optional.of(ControlPlane.ADMIN),
          Duration.ofSeconds(5),
          new MemoryBaselines());
  private final BlockingQueue<Workload> changes = new LinkedBlockingQueue<>();

  @AfterEach
  void hangUp() {
    cluster.close();
    line.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Deployment", "StatefulSet", "DaemonSet"})
  void tellsOfEveryWorkloadThatComesChangesAndGoes(String kind) throws InterruptedException {
    Workload app = app(kind);
    try (WorkloadWatch _ = watch(app)) {
      create(kind);
      change(app);
      quiet(app);
      namespace.kubectl("set", "image", app.kind() + "/app", "app=covet:good-2");
      change(app);
      quiet(app);
      namespace.kubectl("delete", app.kind(), "app");
      change(app);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Deployment", "StatefulSet", "DaemonSet"})
  void whatChangesWhileTheLineIsBrokenIsToldAfterwards(String kind) throws InterruptedException {
    Workload app = app(kind);
    try (WorkloadWatch watch = watch(app)) {
      create(kind);
      change(app);
      quiet(app);
      line.cut();
      Eventually.holds(
          "the watch says that it misses changes", LONG, () -> watch.trouble().isPresent());
      namespace.kubectl("set", "image", app.kind() + "/app", "app=covet:good-2");
      line.mend();
      change(app);
      Eventually.holds("the watch misses nothing any more", LONG, () -> watch.trouble().isEmpty());
    }
  }

  private Workload app(String kind) {
    return new Workload(kind.toLowerCase(Locale.ROOT), namespace.name(), "app");
  }

  private WorkloadWatch watch(Workload app) {
    return cluster.watch(Set.of(app), List.of(), changes::add).orElseThrow();
  }

  private void create(String kind) {
    namespace.create(
        """
        apiVersion: apps/v1
        kind: %s
        metadata: {name: app}
        spec:
          selector: {matchLabels: {app: app}}
          template:
            metadata: {labels: {app: app}}
            spec:
              nodeName: node-1
              tolerations: [{operator: Exists}]
              containers: [{name: app, image: "covet:good-1"}]
        """
            .formatted(kind));
  }

  private void change(Workload app) throws InterruptedException {
    assertEquals(app, changes.poll(60, TimeUnit.SECONDS));
  }

  /** Waits until a rollout has come to rest. */
  private void quiet(Workload app) throws InterruptedException {
    namespace.kubectl("rollout", "status", app.kind() + "/app", "--timeout=60s");
    while (changes.poll(2, TimeUnit.SECONDS) != null) {
      // One more that still belongs to it.
    }
  }
}
