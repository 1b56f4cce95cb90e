package dev.belay.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.controlplane.ArgoRollouts;
import dev.belay.controlplane.ClusterNamespace;
import dev.belay.controlplane.ControlPlane;
import dev.belay.controlplane.Eventually;
import dev.belay.core.release.Revision;
import dev.belay.core.release.Rollout.Obstacle;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Target;
import dev.belay.sandbox.MemoryBaselines;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Belay sees of workloads that are no Deployments, beside what kubectl says. */
class OtherWorkloadsIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final ControlPlane plane = ControlPlane.shared();
  private final ClusterNamespace namespace = new ClusterNamespace(plane, "others");
  private final FabricCluster cluster =
      FabricCluster.connect(
          Optional.of(plane.kubeconfig()),
          Optional.of(ControlPlane.ADMIN),
          FabricCluster.DEFAULT_TIMEOUT,
          new MemoryBaselines());

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void aStatefulSetHasRevisionsAndARollout() {
    namespace.create(
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db}
        spec:
          replicas: 2
          serviceName: db
          selector: {matchLabels: {app: db}}
          template:
            metadata: {labels: {app: db}}
            spec:
              nodeName: node-1
              containers: [{name: app, image: "db:good-1"}]
        """);
    rollsOut("statefulset");
  }

  @Test
  void aDaemonSetHasRevisionsAndARollout() {
    namespace.create(
        """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: db}
        spec:
          selector: {matchLabels: {app: db}}
          template:
            metadata: {labels: {app: db}}
            spec:
              nodeName: node-1
              tolerations: [{operator: Exists}]
              containers: [{name: app, image: "db:good-1"}]
        """);
    rollsOut("daemonset");
  }

  private void rollsOut(String kind) {
    String object = kind + "/db";
    namespace.kubectl("rollout", "status", object, "--timeout=60s");
    Eventually.holds("the first revision is complete", SOON, () -> seen(kind).complete());
    assertEquals(List.of("db:good-1"), seen(kind).current().orElseThrow().images());

    namespace.kubectl("set", "image", object, "app=db:good-2");
    namespace.kubectl("rollout", "status", object, "--timeout=60s");
    Eventually.holds("the second revision is complete", SOON, () -> seen(kind).complete());
    Observation.OfWorkload second = seen(kind);
    assertEquals(List.of(2L, 1L), second.revisions().stream().map(Revision::number).toList());
    assertEquals(List.of("db:good-2"), second.current().orElseThrow().images());
    assertEquals(Optional.of("kubectl-set"), second.actor());

    namespace.kubectl("set", "image", object, "app=db:crash-3");
    Eventually.holds(
        "the third revision crashes",
        SOON,
        () -> seen(kind).rollout().obstacles().equals(Set.of(Obstacle.CRASH_LOOP)));

    namespace.kubectl("rollout", "undo", object);
    Observation.OfWorkload undone = seen(kind);
    assertEquals(second.digest(), undone.digest());
    assertEquals(second.current().orElseThrow().uid(), undone.current().orElseThrow().uid());
  }

  @Test
  void anArgoRolloutIsReadByItsPhase() {
    ArgoRollouts.install(plane);
    namespace.create(
        """
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: db}
        spec:
          replicas: 1
          selector: {matchLabels: {app: db}}
          template:
            metadata: {labels: {app: db}}
            spec: {containers: [{name: app, image: "db:2"}]}
        """);
    revision(1, "db:1");
    revision(2, "db:2");
    says("Healthy", "");
    Observation.OfWorkload healthy = seen("rollout");
    assertTrue(healthy.complete());
    assertEquals(2, healthy.current().orElseThrow().number());
    assertEquals(List.of("db:1"), healthy.revisions().getLast().images());

    says("Paused", "CanaryPauseStep");
    assertTrue(seen("rollout").paused());
    says("Degraded", "ProgressDeadlineExceeded: it does not come up");
    assertEquals(Set.of(Obstacle.DEADLINE_EXCEEDED), seen("rollout").rollout().obstacles());
    assertTrue(seen("rollout").rollout().detail().contains("it does not come up"));
  }

  /** As the controller makes them. */
  private void revision(int number, String image) {
    String uid =
        namespace.kubectl("get", "rollouts.argoproj.io", "db", "-o", "jsonpath={.metadata.uid}");
    namespace.create(
        """
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata:
          name: db-%1$d
          labels: {app: db, rollouts-pod-template-hash: h%1$d}
          annotations: {rollout.argoproj.io/revision: "%1$d"}
          ownerReferences:
            - {apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: db, uid: %2$s, controller: true}
        spec:
          replicas: 0
          selector: {matchLabels: {app: db, rollouts-pod-template-hash: h%1$d}}
          template:
            metadata: {labels: {app: db, rollouts-pod-template-hash: h%1$d}}
            spec: {containers: [{name: app, image: "%3$s"}]}
        """
            .formatted(number, uid, image));
  }

  private void says(String phase, String message) {
    String generation =
        namespace.kubectl(
            "get", "rollouts.argoproj.io", "db", "-o", "jsonpath={.metadata.generation}");
    namespace.kubectl(
        "patch",
        "rollouts.argoproj.io",
        "db",
        "--subresource=status",
        "--type=merge",
        "-p",
        "{\"status\":{\"observedGeneration\":\"%s\",\"phase\":\"%s\",\"message\":\"%s\",\"currentPodHash\":\"h2\"}}"
            .formatted(generation, phase, message));
  }

  private Observation.OfWorkload seen(String kind) {
    Workload workload = new Workload(kind, namespace.name(), "db");
    return (Observation.OfWorkload) cluster.observe(new Target.OfWorkload(workload));
  }
}
