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
 * How far a rollout is, by the rules of {@code kubectl rollout status}, in their order (kubectl
 * pkg/polymorphichelpers/rollout_status.go); of an Argo Rollout by its phase.
 */
final class RolloutStatus {
  private static final String UNSEEN = "the controller has yet to see the change";
  private static final String BY_HAND = "; others follow when they are deleted (OnDelete)";

  private RolloutStatus() {}

  /** How far the cluster is with a change of the Deployment. */
  static Settlement settlement(KubeObject deployment) {
    Rollout rollout = deployment(deployment);
    if (rollout.complete()) {
      return new Settlement.Settled(rollout.detail());
    }
    return rollout.obstacles().contains(Obstacle.DEADLINE_EXCEEDED)
        ? new Settlement.Failed(Reason.ROLLOUT_STUCK, rollout.detail())
        : new Settlement.Progressing(rollout.detail());
  }

  /** How far it is, as far as its status tells. */
  static Rollout of(WorkloadKind kind, KubeObject object) {
    return switch (kind) {
      case DEPLOYMENT -> deployment(object);
      case STATEFUL_SET -> statefulSet(object);
      case DAEMON_SET -> daemonSet(object);
      case ROLLOUT -> argoRollout(object);
    };
  }

  private static Rollout statefulSet(KubeObject set) {
    JsonNode spec = set.json().path("spec");
    JsonNode status = set.json().path("status");
    JsonNode strategy = spec.path("updateStrategy");
    long wanted = spec.path("replicas").asLong(1);
    long ready = status.path("readyReplicas").asLong(0);
    long updated = status.path("updatedReplicas").asLong(0);
    long partition = strategy.path("rollingUpdate").path("partition").asLong(0);
    boolean serving = wanted > 0 && updated >= wanted;
    if (unseen(set)) {
      return underWay(UNSEEN);
    }
    if (ready < wanted) {
      return underWay(ready + " of " + wanted + " pods ready");
    }
    if (onDelete(strategy)) {
      return Rollout.done(serving, ready + " of " + wanted + " pods ready" + BY_HAND);
    }
    if (updated < wanted - partition) {
      return underWay(updated + " of " + (wanted - partition) + " pods updated");
    }
    boolean whole =
        status
            .path("updateRevision")
            .asString("")
            .equals(status.path("currentRevision").asString(""));
    return partition == 0 && !whole
        ? underWay(updated + " pods at the new revision")
        : Rollout.done(serving, ready + " of " + wanted + " pods ready");
  }

  private static Rollout daemonSet(KubeObject set) {
    JsonNode status = set.json().path("status");
    long wanted = status.path("desiredNumberScheduled").asLong(0);
    long updated = status.path("updatedNumberScheduled").asLong(0);
    long available = status.path("numberAvailable").asLong(0);
    boolean byHand = onDelete(set.json().path("spec").path("updateStrategy"));
    if (unseen(set)) {
      return underWay(UNSEEN);
    }
    if (updated < wanted && !byHand) {
      return underWay(updated + " of " + wanted + " pods updated");
    }
    String detail = available + " of " + wanted + " pods available";
    return available < wanted
        ? underWay(detail)
        : Rollout.done(wanted > 0 && updated >= wanted, detail + (byHand ? BY_HAND : ""));
  }

  /** By its phase, which its controller works out (argo-rollouts utils/rollout/rolloututil.go). */
  private static Rollout argoRollout(KubeObject rollout) {
    JsonNode status = rollout.json().path("status");
    String seen = status.path("observedGeneration").asString("");
    String phase = status.path("phase").asString("");
    String message = status.path("message").asString("");
    String detail = phase.isEmpty() ? UNSEEN : message.isEmpty() ? phase : phase + ": " + message;
    if (!seen.equals(Long.toString(rollout.generation()))) {
      return underWay(UNSEEN);
    }
    return switch (phase) {
      case "Healthy" ->
          Rollout.done(rollout.json().path("spec").path("replicas").asLong(1) > 0, detail);
      case "Degraded" -> Rollout.underWay(Set.of(Obstacle.DEADLINE_EXCEEDED), detail);
      default -> underWay(detail);
    };
  }

  /** Until the controller has seen this generation, the rest of the status is of an older one. */
  private static boolean unseen(KubeObject object) {
    return object.json().path("status").path("observedGeneration").asLong(0) < object.generation();
  }

  /** Its pods get another template when somebody deletes them, which may be never. */
  private static boolean onDelete(JsonNode strategy) {
    return strategy.path("type").asString("").equals("OnDelete");
  }

  private static Rollout deployment(KubeObject deployment) {
    JsonNode spec = deployment.json().path("spec");
    JsonNode status = deployment.json().path("status");
    long wanted = spec.path("replicas").asLong(1);
    long updated = status.path("updatedReplicas").asLong(0);
    long all = status.path("replicas").asLong(0);
    long available = status.path("availableReplicas").asLong(0);
    if (unseen(deployment)) {
      return underWay(UNSEEN);
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
    return Rollout.done(wanted > 0, available + " of " + wanted + " pods available");
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
