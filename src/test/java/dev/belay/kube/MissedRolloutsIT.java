package dev.belay.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.belay.controlplane.ClusterNamespace;
import dev.belay.controlplane.ControlPlane;
import dev.belay.controlplane.Eventually;
import dev.belay.core.engine.Core;
import dev.belay.core.engine.Event;
import dev.belay.core.engine.Settings;
import dev.belay.core.engine.State;
import dev.belay.core.release.Release;
import dev.belay.core.release.Sighting;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Target;
import dev.belay.core.rule.Fleet;
import dev.belay.core.rule.Place;
import dev.belay.core.rule.RuleSet;
import dev.belay.sandbox.MemoryBaselines;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rollouts of real controllers, of which Belay sees only what they leave behind. */
class MissedRolloutsIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final ControlPlane plane = ControlPlane.shared();
  private final ClusterNamespace namespace = new ClusterNamespace(plane, "missed");
  private final FabricCluster cluster =
      FabricCluster.connect(
          Optional.of(plane.kubeconfig()),
          Optional.of(ControlPlane.ADMIN),
          FabricCluster.DEFAULT_TIMEOUT,
          new MemoryBaselines());
  private final Core core = new Core(RuleSet.EMPTY.orObserving(), Settings.DEFAULT);
  private final State state = new State();

  @AfterEach
  void close() {
    cluster.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Deployment", "StatefulSet", "DaemonSet"})
  void eachRolloutWhileNobodyLookedIsARelease(String kind) {
    Workload app = new Workload(kind.toLowerCase(Locale.ROOT), namespace.name(), "app");
    create(kind);
    rolledOut(app);
    Place place = new Place(app.kind(), Optional.of(app.namespace()));
    handle(new Event.Started());
    handle(new Event.FleetSeen(Fleet.OBSERVED.name(), place, Set.of(app)));
    look(app);
    assertEquals(List.of(), releases(app));

    ship(app, "covet:good-2");
    ship(app, "covet:good-3");
    look(app);
    assertEquals(List.of("covet:good-2", "covet:good-3"), images(app));
    Sighting last = releases(app).getLast().sighting().orElseThrow();
    assertEquals(3, last.revision());
    assertEquals(Optional.of("Helm"), last.owner());
    assertEquals(Optional.of("kubectl-set"), releases(app).getLast().actor());

    namespace.kubectl("rollout", "undo", app.kind() + "/app");
    rolledOut(app);
    ship(app, "covet:good-4");
    look(app);
    assertEquals(
        List.of("covet:good-2", "covet:good-3", "covet:good-4"),
        images(app),
        "of what came back and was replaced unseen nobody knows when");
  }

  private void create(String kind) {
    namespace.create(
        """
        apiVersion: apps/v1
        kind: %s
        metadata: {name: app, labels: {app.kubernetes.io/managed-by: Helm}}
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

  private void ship(Workload app, String image) {
    namespace.kubectl("set", "image", app.kind() + "/app", "app=" + image);
    rolledOut(app);
  }

  private void rolledOut(Workload app) {
    namespace.kubectl("rollout", "status", app.kind() + "/app", "--timeout=60s");
    Eventually.holds("its revision is made", LONG, () -> seen(app).complete());
  }

  private Observation.OfWorkload seen(Workload app) {
    return (Observation.OfWorkload) cluster.observe(new Target.OfWorkload(app));
  }

  private void look(Workload app) {
    handle(new Event.WorkloadSeen(Fleet.nameOf(app), seen(app)));
  }

  private void handle(Event event) {
    Objects.requireNonNull(core.handle(state, event, Instant.now()));
  }

  private List<Release> releases(Workload app) {
    return state.service(Fleet.nameOf(app)).map(it -> List.copyOf(it.releases())).orElse(List.of());
  }

  private List<String> images(Workload app) {
    return releases(app).stream().map(release -> release.image().orElseThrow()).toList();
  }
}
