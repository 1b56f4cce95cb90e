package dev.belay.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.controlplane.ClusterNamespace;
import dev.belay.controlplane.ControlPlane;
import dev.belay.controlplane.Eventually;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Revision;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Inspection;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Preflight;
import dev.belay.core.remediation.Settlement;
import dev.belay.sandbox.MemoryBaselines;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Belay and kubectl must tell the same story of the same cluster. */
final class KubectlOracleIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final ActionId FIRST = new ActionId("00000000000000a1");
  private static final ActionId SECOND = new ActionId("00000000000000a2");

  private final ControlPlane plane = ControlPlane.shared();
  private final ClusterNamespace namespace = new ClusterNamespace(plane, "oracle");
  private final Workload app = new Workload("deployment", namespace.name(), "app");
  private final FabricCluster cluster =
      FabricCluster.connect(
          Optional.of(plane.kubeconfig()),
          Optional.empty(),
          FabricCluster.DEFAULT_TIMEOUT,
          new MemoryBaselines());

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void rollingBackToTwoOfFiveMakesSixAndTwoVanishes() {
    ship(5);
    assertEquals(kubectlHistory(), history());

    Plan.RollBack plan = Plans.rollBack(see(), 2);
    assertEquals(new Preflight.Ready(plan), cluster.preflight(FIRST, plan));
    assertInstanceOf(Outcome.Applied.class, cluster.apply(FIRST, plan));
    settle(FIRST, plan);

    assertEquals(List.of(6L, 5L, 4L, 3L, 1L), history());
    assertEquals(kubectlHistory(), history());
    assertEquals(plan.toRevision(), Plans.revision(see(), 6).uid());
    assertEquals(List.of("app:good-2"), see().current().orElseThrow().images());
    String undo =
        assertThrows(
                ControlPlane.KubectlFailed.class,
                () -> namespace.kubectl("rollout", "undo", "deployment/app", "--to-revision=2"))
            .toString();
    assertTrue(undo.contains("unable to find specified revision"), undo);
    assertEquals(Inspection.Finding.EFFECTIVE, cluster.inspect(FIRST, plan).finding());
    assertInstanceOf(Outcome.AlreadyDone.class, cluster.apply(FIRST, plan));
    assertEquals(List.of(6L, 5L, 4L, 3L, 1L), history());
  }

  @Test
  void theChangeCauseIsThereForKubectl() {
    ship(2);
    Plan.RollBack plan = Plans.rollBack(see(), 1);
    cluster.apply(FIRST, plan);
    settle(FIRST, plan);

    Eventually.holds(
        "the controller copies the cause",
        SOON,
        () ->
            Plans.revision(see(), 3)
                .changeCause()
                .filter(cause -> cause.startsWith("Belay rolled back to revision 1 (action "))
                .isPresent());
    String shown = namespace.kubectl("rollout", "history", "deployment/app");
    assertTrue(shown.contains("Belay rolled back to revision 1 (action "), shown);
  }

  @Test
  void completeIsWhatRolloutStatusCallsComplete() {
    namespace.createDeployment("app", 2, "app:good-1");
    namespace.awaitRollout("app");
    assertTrue(see().complete());

    namespace.setImage("app", "app:crash-2");

    assertFalse(see().complete());
    assertThrows(
        ControlPlane.KubectlFailed.class,
        () -> namespace.kubectl("rollout", "status", "deployment/app", "--timeout=1s"));
    assertEquals(2, Plans.revision(see(), 1).readyReplicas());
  }

  @Test
  void anUndoOfAnUndoReturnsToWhereItBegan() {
    ship(3);
    Plan.RollBack there = Plans.rollBack(see(), 2);
    assertInstanceOf(Outcome.Applied.class, cluster.apply(FIRST, there));
    settle(FIRST, there);
    Plan.RollBack back = Plans.rollBack(see(), 3);
    assertInstanceOf(Outcome.Applied.class, cluster.apply(SECOND, back));
    settle(SECOND, back);

    assertEquals(List.of(5L, 4L, 1L), history());
    assertEquals(kubectlHistory(), history());
    assertEquals(List.of("app:good-3"), see().current().orElseThrow().images());
  }

  @Test
  void aStuckRolloutIsRolledBackAndItsOldFailureIsNotHeldAgainstIt() {
    ship(1);
    namespace.kubectl(
        "patch", "deployment/app", "-p", "{\"spec\":{\"progressDeadlineSeconds\":1}}");
    namespace.setImage("app", "app:crash-2");
    Plan.RollBack stuck = Plans.rollBack(see(), 1);
    Eventually.holds(
        "kubectl sees it stuck",
        SOON,
        () ->
            namespace.kubectl("get", "deployment/app", "-o", "yaml").contains("DeadlineExceeded"));

    assertInstanceOf(Outcome.Applied.class, cluster.apply(FIRST, stuck));

    // Right after, the status still speaks of the old generation.
    settle(FIRST, stuck);
  }

  @Test
  void aRolloutThatGetsStuckIsSaidToFail() {
    ship(1);
    namespace.setImage("app", "app:good-2");
    namespace.awaitRollout("app");
    Plan.RollBack plan = Plans.rollBack(see(), 1);
    namespace.kubectl("rollout", "undo", "deployment/app");
    namespace.kubectl(
        "patch", "deployment/app", "-p", "{\"spec\":{\"progressDeadlineSeconds\":1}}");
    namespace.setImage("app", "app:crash-3");
    Plan.RollBack towardsCrash =
        new Plan.RollBack(
            app,
            plan.uid(),
            plan.generation(),
            plan.fromDigest(),
            "",
            see().digest(),
            3,
            List.of(),
            List.of(),
            Optional.empty());

    Settlement end =
        Eventually.gives(
            "an end",
            SOON,
            () ->
                Optional.of(cluster.settle(FIRST, towardsCrash))
                    .filter(settlement -> !(settlement instanceof Settlement.Progressing)));

    assertEquals(Reason.ROLLOUT_STUCK, assertInstanceOf(Settlement.Failed.class, end).reason());
  }

  @Test
  void aPausedDeploymentIsLeftAlone() {
    ship(2);
    Plan.RollBack plan = Plans.rollBack(see(), 1);
    namespace.kubectl("rollout", "pause", "deployment/app");

    assertTrue(see().paused());
    assertRefused(Reason.TARGET_PAUSED, cluster.preflight(FIRST, plan));
    assertInstanceOf(Outcome.Refused.class, cluster.apply(FIRST, plan));
    assertEquals(List.of("app:good-2"), see().current().orElseThrow().images());
  }

  @Test
  void anEqualTemplateIsAlreadyDone() {
    ship(2);
    Plan.RollBack plan = Plans.rollBack(see(), 1);
    namespace.kubectl("rollout", "undo", "deployment/app");
    long generation = see().generation();

    assertInstanceOf(Preflight.AlreadyDone.class, cluster.preflight(FIRST, plan));
    assertInstanceOf(Outcome.AlreadyDone.class, cluster.apply(FIRST, plan));
    assertEquals(Inspection.Finding.ALREADY_DONE, cluster.inspect(FIRST, plan).finding());
    assertEquals(generation, see().generation());
  }

  @Test
  void aNewReleaseSupersedesThePlan() {
    ship(2);
    Plan.RollBack plan = Plans.rollBack(see(), 1);
    namespace.setImage("app", "app:good-3");

    assertRefused(Reason.SUPERSEDED, cluster.preflight(FIRST, plan));
    assertEquals(
        Reason.SUPERSEDED,
        assertInstanceOf(Outcome.Refused.class, cluster.apply(FIRST, plan)).reason());
    assertEquals(Inspection.Finding.SUPERSEDED, cluster.inspect(FIRST, plan).finding());
  }

  @Test
  void aMovedGenerationAloneSendsThePlanBackToPreflight() {
    ship(2);
    Plan.RollBack plan = Plans.rollBack(see(), 1);
    namespace.kubectl("annotate", "deployment/app", "team=shop");

    Outcome.Refused refused = assertInstanceOf(Outcome.Refused.class, cluster.apply(FIRST, plan));
    Preflight.Ready ready = assertInstanceOf(Preflight.Ready.class, cluster.preflight(FIRST, plan));

    assertEquals(Reason.SUPERSEDED, refused.reason());
    assertTrue(refused.detail().startsWith("only its generation moved"), refused.detail());
    assertTrue(ready.plan().sameEffectAs(plan));
    assertInstanceOf(Outcome.Applied.class, cluster.apply(FIRST, ready.plan()));
  }

  @Test
  void annotationsOfOthersAreKept() {
    ship(2);
    namespace.kubectl("annotate", "deployment/app", "team=shop");
    Plan.RollBack plan = Plans.rollBack(see(), 1);

    assertInstanceOf(Outcome.Applied.class, cluster.apply(FIRST, plan));

    String annotations =
        namespace.kubectl("get", "deployment/app", "-o", "jsonpath={.metadata.annotations}");
    assertTrue(annotations.contains("\"team\":\"shop\""), annotations);
    assertTrue(annotations.contains("\"belay.dev/action\":\"" + FIRST + "\""), annotations);
    String fields =
        namespace.kubectl("get", "deployment/app", "-o", "yaml", "--show-managed-fields");
    assertTrue(fields.contains("manager: belay"), fields);
  }

  @Test
  void aStrangersReplicaSetOfTheSameLabelsIsNoRevision() {
    ship(2);
    namespace.create(
        """
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata:
          name: stranger
          labels: {app: app}
          annotations: {deployment.kubernetes.io/revision: "99"}
          # The Deployment would adopt what its selector matches and nobody controls.
          ownerReferences:
            - apiVersion: example.com/v1
              kind: Other
              name: other
              uid: 6ba7b810-9dad-11d1-80b4-00c04fd430c8
              controller: true
        spec:
          replicas: 0
          selector: {matchLabels: {app: app, whose: stranger}}
          template:
            metadata: {labels: {app: app, whose: stranger}}
            spec: {nodeName: node-1, containers: [{name: app, image: "evil:1"}]}
        """);

    assertEquals(List.of(2L, 1L), history());
  }

  @Test
  void selectorsWithExpressionsFindTheirRevisions() {
    namespace.create(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: app}
        spec:
          replicas: 1
          selector:
            matchExpressions:
              - {key: app, operator: In, values: [app, other]}
              - {key: tier, operator: Exists}
              - {key: legacy, operator: DoesNotExist}
              - {key: track, operator: NotIn, values: [canary]}
          template:
            metadata: {labels: {app: app, tier: web}}
            spec: {nodeName: node-1, containers: [{name: app, image: "app:good-1"}]}
        """);
    namespace.awaitRollout("app");
    namespace.setImage("app", "app:good-2");
    namespace.awaitRollout("app");

    assertEquals(List.of(2L, 1L), history());
    assertEquals(kubectlHistory(), history());
  }

  @Test
  void aRestartIsNotAnotherRelease() {
    ship(1);
    String before = see().digest();

    namespace.kubectl("rollout", "restart", "deployment/app");
    namespace.awaitRollout("app");

    assertEquals(before, see().digest());
    assertEquals(2, see().current().map(Revision::number).orElseThrow());
  }

  @Test
  void aDeploymentMadeAnewIsNotTheOneThatWasJudged() {
    ship(2);
    Plan.RollBack plan = Plans.rollBack(see(), 1);
    namespace.kubectl("delete", "deployment/app");
    assertRefused(Reason.TARGET_MISSING, cluster.preflight(FIRST, plan));
    ship(2);

    assertRefused(Reason.SUPERSEDED, cluster.preflight(FIRST, plan));
    assertInstanceOf(Outcome.Refused.class, cluster.apply(FIRST, plan));
    assertEquals(Inspection.Finding.SUPERSEDED, cluster.inspect(FIRST, plan).finding());
  }

  private void ship(int releases) {
    namespace.createDeployment("app", 1, "app:good-1");
    namespace.awaitRollout("app");
    for (int release = 2; release <= releases; release++) {
      namespace.setImage("app", "app:good-" + release);
      namespace.awaitRollout("app");
    }
  }

  private Observation.OfWorkload see() {
    return Plans.see(cluster, app);
  }

  private List<Long> history() {
    return see().revisions().stream().map(Revision::number).toList();
  }

  private List<Long> kubectlHistory() {
    return Pattern.compile("(?m)^(\\d+) ")
        .matcher(namespace.kubectl("rollout", "history", "deployment/app"))
        .results()
        .map(MatchResult::group)
        .map(number -> Long.parseLong(number.strip()))
        .sorted(java.util.Comparator.reverseOrder())
        .toList();
  }

  private void settle(ActionId id, Plan plan) {
    Eventually.holds(
        "settled",
        SOON,
        () ->
            switch (cluster.settle(id, plan)) {
              case Settlement.Settled _ -> true;
              case Settlement.Progressing _ -> false;
              case Settlement.Failed failed -> throw new AssertionError(failed.toString());
            });
  }

  private static void assertRefused(Reason reason, Preflight preflight) {
    assertEquals(reason, assertInstanceOf(Preflight.Refused.class, preflight).reason());
  }
}
