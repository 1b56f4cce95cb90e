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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
  private final Workload app = new Workload("deployment", namespace.name(), "app");
  private final BlockingQueue<Workload> changes = new LinkedBlockingQueue<>();
  private final WorkloadWatch watch =
      cluster.watch(Set.of(app), List.of(), changes::add).orElseThrow();

  @AfterEach
  void hangUp() {
    watch.close();
    cluster.close();
    line.close();
  }

  @Test
  void tellsOfEveryWorkloadThatComesChangesAndGoes() throws InterruptedException {
    namespace.createDeployment("app", 1, "covet:good-1");
    change();
    quiet();
    namespace.setImage("app", "covet:good-2");
    change();
    quiet();
    namespace.kubectl("delete", "deployment", "app");
    change();
  }

  @Test
  void whatChangesWhileTheLineIsBrokenIsToldAfterwards() throws InterruptedException {
    namespace.createDeployment("app", 1, "covet:good-1");
    change();
    quiet();
    line.cut();
    Eventually.holds(
        "the watch says that it misses changes", LONG, () -> watch.trouble().isPresent());
    namespace.setImage("app", "covet:good-2");
    line.mend();
    change();
    Eventually.holds("the watch misses nothing any more", LONG, () -> watch.trouble().isEmpty());
  }

  private void change() throws InterruptedException {
    assertEquals(app, changes.poll(60, TimeUnit.SECONDS));
  }

  /** Waits until a rollout has come to rest. */
  private void quiet() throws InterruptedException {
    namespace.kubectl("rollout", "status", "deployment/app", "--timeout=60s");
    while (changes.poll(2, TimeUnit.SECONDS) != null) {
      // One more that still belongs to it.
    }
  }
}
