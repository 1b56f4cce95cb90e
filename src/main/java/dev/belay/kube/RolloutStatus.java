package dev.belay.kube;

import dev.belay.core.incident.Reason;
import dev.belay.core.release.Rollout;
import dev.belay.core.release.Rollout.Obstacle;
import dev.belay.core.remediation.Settlement;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * How far a Deployment's rollout is, by the rules of {@code kubectl rollout status}, in their
 * order.
 */
final class RolloutStatus {
  private RolloutStatus() {}

  /** How far the cluster is with a change of the Deployment. */
  static Settlement settlement(KubeObject deployment) {
    Rollout rollout = of(deployment);
    if (rollout.complete()) {
      return new Settlement.Settled(rollout.detail());
    }
    return rollout.obstacles().contains(Obstacle.DEADLINE_EXCEEDED)
        ? new Settlement.Failed(Reason.ROLLOUT_STUCK, rollout.detail())
        : new Settlement.Progressing(rollout.detail());
  }

  /** How far it is, as far as its status tells. */
  static Rollout of(KubeObject deployment) {
    JsonNode spec = deployment.json().path("spec");
    JsonNode status = deployment.json().path("status");
    long wanted = spec.path("replicas").asLong(1);
    long updated = status.path("updatedReplicas").asLong(0);
    long all = status.path("replicas").asLong(0);
    long available = status.path("availableReplicas").asLong(0);
    // Until the controller has seen this generation, the rest of the status speaks of an older one.
    if (status.path("observedGeneration").asLong(0) < deployment.generation()) {
      return underWay("the controller has yet to see the change");
    }
    if (deadlineExceeded(deployment)) {
      return Rollout.underWay(
          Set.of(Obstacle.DEADLINE_EXCEEDED), "the rollout exceeded its progressDeadlineSeconds");
    }
    if (updated < wanted) {
      String paused = spec.path("paused").asBoolean(false) ? "; its rollouts are paused" : "";
      return underWay(updated + " of " + wanted + " pods updated" + paused);
    }
    if (all > updated) {
      return underWay((all - updated) + " old pods are yet to end");
    }
    if (available < updated) {
      return underWay(available + " of " + updated + " pods available");
    }
    return Rollout.done(available + " of " + wanted + " pods available");
  }

  private static Rollout underWay(String detail) {
    return Rollout.underWay(Set.of(), detail);
  }

  /**
   * Whether the rollout of now has failed. The controller keeps the failure of the rollout before
   * until there is progress, even once it has seen the new generation; so a failure from before
   * Belay's own change says nothing. (kubectl reports it; seen with 1.37.)
   */
  private static boolean deadlineExceeded(KubeObject deployment) {
    for (JsonNode condition : deployment.json().path("status").path("conditions")) {
      if (condition.path("type").asString("").equals("Progressing")
          && condition.path("reason").asString("").equals("ProgressDeadlineExceeded")) {
        Optional<Instant> failed = KubeObject.time(condition.path("lastUpdateTime"));
        Optional<Instant> changed = deployment.lastWrittenBy(Marks.FIELD_MANAGER);
        return failed.isEmpty() || changed.isEmpty() || failed.get().isAfter(changed.get());
      }
    }
    return false;
  }
}
