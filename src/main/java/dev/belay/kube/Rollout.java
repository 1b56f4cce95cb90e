package dev.belay.kube;

import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.Settlement;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * How far a Deployment's rollout is, by the rules of {@code kubectl rollout status}, in their
 * order.
 */
final class Rollout {
  private Rollout() {}

  static Settlement of(KubeObject deployment) {
    JsonNode spec = deployment.json().path("spec");
    JsonNode status = deployment.json().path("status");
    long wanted = spec.path("replicas").asLong(1);
    long updated = status.path("updatedReplicas").asLong(0);
    long all = status.path("replicas").asLong(0);
    long available = status.path("availableReplicas").asLong(0);
    // Until the controller has seen this generation, the rest of the status speaks of an older one.
    if (status.path("observedGeneration").asLong(0) < deployment.generation()) {
      return new Settlement.Progressing("the controller has yet to see the change");
    }
    if (deadlineExceeded(deployment)) {
      return new Settlement.Failed(
          Reason.ROLLOUT_STUCK, "the rollout exceeded its progressDeadlineSeconds");
    }
    if (updated < wanted) {
      String paused = spec.path("paused").asBoolean(false) ? "; its rollouts are paused" : "";
      return new Settlement.Progressing(updated + " of " + wanted + " pods updated" + paused);
    }
    if (all > updated) {
      return new Settlement.Progressing((all - updated) + " old pods are yet to end");
    }
    if (available < updated) {
      return new Settlement.Progressing(available + " of " + updated + " pods available");
    }
    return new Settlement.Settled(available + " of " + wanted + " pods available");
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
