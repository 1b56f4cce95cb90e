package dev.belay.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.belay.core.incident.Reason;
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
