package dev.belay.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.controlplane.ArgoRollouts;
import dev.belay.controlplane.ClusterNamespace;
import dev.belay.controlplane.ControlPlane;
import dev.belay.controlplane.Eventually;
import dev.belay.core.access.Access;
import dev.belay.core.access.Verb;
import dev.belay.core.release.Workload;
import dev.belay.core.rule.Fleet;
import dev.belay.core.rule.Place;
import dev.belay.port.WorkloadWatch;
import dev.belay.sandbox.MemoryBaselines;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A kind that the cluster does not have, then has, and has no more. */
class ArgoRolloutKindIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Place EVERYWHERE = new Place("rollout", Optional.empty());

  private final ControlPlane plane = ControlPlane.shared();
  private final ClusterNamespace namespace = new ClusterNamespace(plane, "argo");
  private final Workload shop = new Workload("rollout", namespace.name(), "shop");
  private final KubernetesClient client =
      ClusterConnection.open(
          Optional.of(plane.kubeconfig()),
          Optional.of(ControlPlane.ADMIN),
          FabricCluster.DEFAULT_TIMEOUT);
  private final FabricCluster cluster =
      new FabricCluster(client, FabricCluster.DEFAULT_TIMEOUT, new MemoryBaselines());
  private final Set<Workload> changes = ConcurrentHashMap.newKeySet();

  /** Other tests may have brought it. */
  @BeforeEach
  void uninstall() {
    plane.kubectl("delete", "crd", "rollouts.argoproj.io", "--ignore-not-found");
    ServedKinds kinds = new ServedKinds(new Api(client, FabricCluster.DEFAULT_TIMEOUT));
    Eventually.holds("the kind is gone", LONG, () -> !kinds.has(WorkloadKind.ROLLOUT));
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void thereAreNoneWhereTheKindIsNotKnownAndNothingIsAmiss() {
    assertEquals(Set.of(), cluster.find(Fleet.OBSERVED.selector(), EVERYWHERE));
    assertEquals(Map.of(), cluster.observe(EVERYWHERE, Set.of(shop)));
    try (WorkloadWatch watch = watch()) {
      Eventually.holds("it watches the rest", LONG, () -> watch.trouble().isEmpty());
    }
  }

  @Test
  void theKindIsWatchedFromWhenItIsInstalledUntilItIsGone() {
    try (WorkloadWatch watch = watch()) {
      Eventually.holds("it watches the rest", LONG, () -> watch.trouble().isEmpty());
      ArgoRollouts.install(plane);
      namespace.create(
          """
          apiVersion: argoproj.io/v1alpha1
          kind: Rollout
          metadata: {name: shop}
          spec: {replicas: 1}
          """);
      Eventually.holds("the rollout is told", LONG, () -> changes.contains(shop));
      assertEquals(Set.of(shop), ours(cluster.find(Fleet.OBSERVED.selector(), EVERYWHERE)));
      Eventually.holds("it watches all", LONG, () -> watch.trouble().isEmpty());
      uninstall();
      Eventually.holds("it watches the rest again", LONG, () -> watch.trouble().isEmpty());
      assertEquals(Set.of(), cluster.find(Fleet.OBSERVED.selector(), EVERYWHERE));
    }
  }

  /** Its Deployment is found by itself; looking at both would tell everything twice. */
  @Test
  void aRolloutWhoseTemplateIsADeploymentsIsNotFound() {
    ArgoRollouts.install(plane);
    namespace.create(
        """
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: shop}
        spec: {workloadRef: {apiVersion: apps/v1, kind: Deployment, name: shop}}
        """);
    assertEquals(Set.of(), cluster.find(Fleet.OBSERVED.selector(), EVERYWHERE));
  }

  @Test
  void aRightToWhatIsNotThereIsNotLacking() {
    Access access =
        new Access(Verb.LIST, "argoproj.io", "rollouts", Optional.empty(), Optional.empty());
    try (FabricCluster limited =
        FabricCluster.connect(
            Optional.of(plane.kubeconfig()),
            Optional.of(ControlPlane.LIMITED),
            FabricCluster.DEFAULT_TIMEOUT,
            new MemoryBaselines())) {
      assertTrue(limited.allows(access));
      ArgoRollouts.install(plane);
      assertFalse(limited.allows(access));
    }
  }

  private Set<Workload> ours(Set<Workload> found) {
    found.removeIf(workload -> !workload.namespace().equals(namespace.name()));
    return found;
  }

  private WorkloadWatch watch() {
    return InformedWatch.start(
        client,
        new ServedKinds(new Api(client, FabricCluster.DEFAULT_TIMEOUT)),
        Duration.ofMillis(200),
        Set.of(),
        List.of(Fleet.OBSERVED.selector()),
        changes::add);
  }
}
