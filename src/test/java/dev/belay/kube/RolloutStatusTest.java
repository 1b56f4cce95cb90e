package dev.belay.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.incident.Reason;
import dev.belay.core.release.Rollout;
import dev.belay.core.remediation.Settlement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RolloutStatusTest {
  @ParameterizedTest
  @CsvSource({
    // generation, observed, all, updated, available; three are wanted
    "5, 4, 3, 3, 3, the controller has yet to see the change",
    "5, 5, 3, 2, 2, 2 of 3 pods updated",
    "5, 5, 4, 3, 3, 1 old pods are yet to end",
    "5, 5, 3, 3, 1, 1 of 3 pods available",
  })
  void isUnderWay(int generation, int seen, int all, int updated, int available, String detail) {
    assertEquals(
        new Settlement.Progressing(detail),
        rollout(generation, seen, all, updated, available, "", ""));
  }

  @Test
  void isDoneWhenAllAreNewAndAvailable() {
    assertInstanceOf(Settlement.Settled.class, rollout(5, 5, 3, 3, 3, "", ""));
  }

  @Test
  void aFailureAfterBelaysChangeIsAFailure() {
    Settlement failed = rollout(5, 5, 4, 1, 0, "2026-11-24T10:00:01Z", "2026-11-24T10:00:00Z");

    assertEquals(Reason.ROLLOUT_STUCK, assertInstanceOf(Settlement.Failed.class, failed).reason());
  }

  @Test
  void aFailureFromBeforeBelaysChangeSaysNothing() {
    assertInstanceOf(
        Settlement.Progressing.class,
        rollout(5, 5, 4, 1, 0, "2026-11-24T10:00:00Z", "2026-11-24T10:00:00Z"));
  }

  @Test
  void aFailureOfARolloutThatBelayDidNotStartIsAFailure() {
    assertInstanceOf(Settlement.Failed.class, rollout(5, 5, 4, 1, 0, "2026-11-24T10:00:00Z", ""));
  }

  @Test
  void aFailureOfAGenerationThatIsPastSaysNothing() {
    assertInstanceOf(
        Settlement.Progressing.class, rollout(5, 4, 4, 1, 0, "2026-11-24T10:00:00Z", ""));
  }

  @Test
  void aDeploymentOfNoPodsIsDoneAndServesNobody() {
    String status = "\"replicas\": %1$d, \"updatedReplicas\": %1$d, \"availableReplicas\": %1$d";
    assertDone(false, WorkloadKind.DEPLOYMENT, "\"replicas\": 0", status.formatted(0));
    assertDone(true, WorkloadKind.DEPLOYMENT, "\"replicas\": 2", status.formatted(2));
    assertDone(true, WorkloadKind.DEPLOYMENT, "\"paused\": false", status.formatted(1));
  }

  @ParameterizedTest
  @CsvSource({
    // replicas, strategy, partition, updated, serves; all are ready
    "3, OnDelete, 0, 0, false",
    "3, OnDelete, 0, 2, false",
    "3, OnDelete, 0, 3, true",
    "3, RollingUpdate, 1, 2, false",
    "3, RollingUpdate, 3, 0, false",
    "3, RollingUpdate, 1, 3, true",
    "3, RollingUpdate, 0, 3, true",
    "0, RollingUpdate, 0, 0, false",
    "0, OnDelete, 0, 0, false",
  })
  void aStatefulSetServesOnceAllItsPodsAreUpdated(
      int replicas, String strategy, int partition, int updated, boolean serves) {
    assertDone(
        serves,
        WorkloadKind.STATEFUL_SET,
        """
        "replicas": %d,
        "updateStrategy": {"type": "%s", "rollingUpdate": {"partition": %d}}\
        """
            .formatted(replicas, strategy, partition),
        "\"readyReplicas\": %d, \"updatedReplicas\": %d".formatted(replicas, updated));
  }

  @ParameterizedTest
  @CsvSource({
    "2, OnDelete, 0, false",
    "2, OnDelete, 2, true",
    "2, RollingUpdate, 2, true",
    "0, RollingUpdate, 0, false",
  })
  void aDaemonSetServesOnceAllItsPodsAreUpdated(
      int wanted, String strategy, int updated, boolean serves) {
    assertDone(
        serves,
        WorkloadKind.DAEMON_SET,
        "\"updateStrategy\": {\"type\": \"%s\"}".formatted(strategy),
        """
        "desiredNumberScheduled": %1$d, "numberAvailable": %1$d, "updatedNumberScheduled": %2$d\
        """
            .formatted(wanted, updated));
  }

  @ParameterizedTest
  @CsvSource({"0, false", "1, true"})
  void anArgoRolloutOfNoPodsServesNobody(int replicas, boolean serves) {
    KubeObject rollout =
        new KubeObject(
            Api.JSON.readTree(
                """
                {"metadata": {"generation": 1}, "spec": {"replicas": %d},
                 "status": {"observedGeneration": "1", "phase": "Healthy"}}
                """
                    .formatted(replicas)));
    assertEquals(Rollout.done(serves, "Healthy"), RolloutStatus.of(WorkloadKind.ROLLOUT, rollout));
  }

  private static void assertDone(boolean serves, WorkloadKind kind, String spec, String status) {
    KubeObject object =
        new KubeObject(
            Api.JSON.readTree(
                """
                {"metadata": {"generation": 1}, "spec": {%s},
                 "status": {"observedGeneration": 1, %s}}
                """
                    .formatted(spec, status)));
    Rollout rollout = RolloutStatus.of(kind, object);
    assertTrue(rollout.complete(), rollout::detail);
    assertEquals(serves, rollout.serving(), rollout::detail);
  }

  private static Settlement rollout(
      int generation,
      int seen,
      int all,
      int updated,
      int available,
      String failedAt,
      String changedAt) {
    String json =
        """
        {"metadata": {"generation": %d, "managedFields": [{"manager": "belay", "time": "%s"}]},
         "spec": {"replicas": 3},
         "status": {"observedGeneration": %d, "replicas": %d, "updatedReplicas": %d,
           "availableReplicas": %d,
           "conditions": [{"type": "Progressing", "reason": "%s", "lastUpdateTime": "%s"}]}}
        """
            .formatted(
                generation,
                changedAt,
                seen,
                all,
                updated,
                available,
                failedAt.isEmpty() ? "ReplicaSetUpdated" : "ProgressDeadlineExceeded",
                failedAt);
    return RolloutStatus.settlement(new KubeObject(Api.JSON.readTree(json)));
  }
}
