package dev.belay.kube;

import dev.belay.core.release.Rollout;
import dev.belay.core.release.Rollout.Obstacle;
import dev.belay.port.ClusterUnavailable;
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
 * seconds. They are asked for only while the rollout is not done.
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
  static Rollout in(Api api, WorkloadView view) {
    Rollout rollout = RolloutStatus.of(view.kind(), view.object());
    Optional<WorkloadView.Version> current = view.current();
    if (rollout.complete() || current.isEmpty()) {
      return rollout;
    }
    Set<Obstacle> obstacles = EnumSet.noneOf(Obstacle.class);
    obstacles.addAll(rollout.obstacles());
    String detail = rollout.detail();
    for (JsonNode pod : pods(api, view, current.get())) {
      for (JsonNode waiting : waiting(pod)) {
        Obstacle obstacle = REASONS.get(waiting.path("reason").asString(""));
        if (obstacle != null && obstacles.add(obstacle)) {
          detail += "; " + name(pod) + ": " + waiting.path("reason").asString("");
        }
      }
    }
    return Rollout.underWay(Set.copyOf(obstacles), detail);
  }

  /** Those of the present template. */
  private static List<JsonNode> pods(Api api, WorkloadView view, WorkloadView.Version current) {
    String path =
        "/api/v1/namespaces/"
            + Api.segment(view.object().namespace())
            + "/pods?limit="
            + MOST_PODS
            + "&labelSelector="
            + Api.query(view.podSelector(current));
    try {
      return api.read(path).map(list -> list.json().path("items")).stream()
          .flatMap(JsonNode::valueStream)
          .toList();
    } catch (Forbidden | ClusterUnavailable e) {
      // The status alone tells less, and later; that is no reason to see nothing at all.
      return List.of();
    }
  }

  private static List<JsonNode> waiting(JsonNode pod) {
    return Stream.of("initContainerStatuses", "containerStatuses")
        .flatMap(kind -> pod.path("status").path(kind).valueStream())
        .map(container -> container.path("state").path("waiting"))
        .filter(JsonNode::isObject)
        .toList();
  }

  private static String name(JsonNode pod) {
    return pod.path("metadata").path("name").asString("");
  }
}
