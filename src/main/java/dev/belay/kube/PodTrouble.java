package dev.belay.kube;

import dev.belay.core.release.Rollout;
import dev.belay.core.release.Rollout.Obstacle;
import dev.belay.port.ClusterUnavailable;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What keeps the pods of a rollout from becoming ready. The status of a workload tells it only when
 * its deadline has passed, after ten minutes where nobody says otherwise; its pods tell it within
 * seconds. They are asked for only while the rollout is not done, and for a short time after its
 * status moved: pods without a readiness probe are ready in each of their short lives, and the
 * rollout is done as often.
 */
final class PodTrouble {
  private static final int MOST_PODS = 100;

  /** As kubelets call it (kubernetes pkg/kubelet/images, pkg/kubelet/kuberuntime). */
  private static final Map<String, Obstacle> REASONS =
      Map.of(
          "CrashLoopBackOff", Obstacle.CRASH_LOOP,
          "ImagePullBackOff", Obstacle.IMAGE_PULL,
          "ErrImagePull", Obstacle.IMAGE_PULL,
          "ErrImageNeverPull", Obstacle.IMAGE_PULL,
          "InvalidImageName", Obstacle.IMAGE_PULL);

  private PodTrouble() {}

  /** How far the rollout is, and what is in its way, by its status and its pods. */
  static Rollout in(Api api, WorkloadView view, Instant now) {
    Rollout rollout = RolloutStatus.of(view.kind(), view.object());
    Optional<WorkloadView.Version> current = view.current();
    boolean settled = rollout.complete() && !moved(view.object(), now);
    if (settled || current.isEmpty()) {
      return rollout;
    }
    return pods(api, view, current.get())
        .map(pods -> of(rollout, pods, now))
        .orElseGet(() -> unseen(rollout));
  }

  /** What the pods alone would tell; that they are all available has their images be there. */
  private static Rollout unseen(Rollout rollout) {
    return rollout.unsureOf(
        rollout.complete()
            ? Set.of(Obstacle.CRASH_LOOP)
            : Set.of(Obstacle.CRASH_LOOP, Obstacle.IMAGE_PULL));
  }

  /** Where no status moves, no container has come or gone. */
  private static boolean moved(KubeObject workload, Instant now) {
    return workload
        .statusWrittenAt()
        .filter(at -> at.plus(CrashLoop.LATEST).isAfter(now))
        .isPresent();
  }

  /** The same with what is in the way of these pods. */
  static Rollout of(Rollout rollout, List<JsonNode> pods, Instant now) {
    Set<Obstacle> obstacles = EnumSet.noneOf(Obstacle.class);
    obstacles.addAll(rollout.obstacles());
    Set<Obstacle> unknown = EnumSet.noneOf(Obstacle.class);
    StringBuilder detail = new StringBuilder(rollout.detail());
    for (JsonNode pod : pods) {
      for (JsonNode container : containers(pod)) {
        String reason = container.path("state").path("waiting").path("reason").asString("");
        Optional<Obstacle> told = Optional.ofNullable(REASONS.get(reason));
        CrashLoop.Finding found = CrashLoop.of(container, now);
        if (told.isPresent()) {
          if (obstacles.add(told.get())) {
            detail.append("; ").append(name(pod)).append(": ").append(reason);
          }
        } else if (found == CrashLoop.Finding.LOOPS) {
          if (obstacles.add(Obstacle.CRASH_LOOP)) {
            detail.append("; ").append(name(pod)).append(": ").append(restarts(container));
          }
        } else if (found == CrashLoop.Finding.MAY_LOOP) {
          unknown.add(Obstacle.CRASH_LOOP);
        }
      }
    }
    unknown.removeAll(obstacles);
    return new Rollout(
        rollout.complete(),
        rollout.serving(),
        Set.copyOf(obstacles),
        Set.copyOf(unknown),
        detail.toString());
  }

  /** Those of the present template; empty where they cannot be listed. */
  private static Optional<List<JsonNode>> pods(
      Api api, WorkloadView view, WorkloadView.Version current) {
    String path =
        "/api/v1/namespaces/"
            + Api.segment(view.object().namespace())
            + "/pods?limit="
            + MOST_PODS
            + "&labelSelector="
            + Api.query(view.podSelector(current));
    try {
      return Optional.of(api.list(path).path("items").valueStream().toList());
    } catch (Forbidden | ClusterUnavailable e) {
      // The status alone tells less, and later; that is no reason to see nothing at all.
      return Optional.empty();
    }
  }

  /**
   * None of a pod that is on its way out: that its containers end is what they are told to; and
   * none of one that failed or is done as a whole, as nothing starts them again.
   */
  private static List<JsonNode> containers(JsonNode pod) {
    String phase = pod.path("status").path("phase").asString("");
    if (new KubeObject(pod).deleting() || phase.equals("Failed") || phase.equals("Succeeded")) {
      return List.of();
    }
    return Stream.of("initContainerStatuses", "containerStatuses")
        .flatMap(kind -> pod.path("status").path(kind).valueStream())
        .toList();
  }

  private static String restarts(JsonNode container) {
    return "restarted "
        + container.path("restartCount").asLong(0)
        + " times and not ready ("
        + container.path("name").asString("")
        + ")";
  }

  private static String name(JsonNode pod) {
    return pod.path("metadata").path("name").asString("");
  }
}
