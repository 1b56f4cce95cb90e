package dev.belay.kube;

import dev.belay.core.release.Revision;
import dev.belay.core.release.TemplateDigest;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.ActionId;
import dev.belay.port.ClusterUnavailable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/**
 * A Deployment as it was read.
 *
 * @param versions the ReplicaSets that it controls, the highest revision number first
 */
record DeploymentView(KubeObject deployment, List<Version> versions) {
  /** Far above the default revisionHistoryLimit of 10, even with strangers of the same labels. */
  private static final int MOST_REPLICA_SETS = 500;

  private static final TypeReference<Map<String, Object>> PLAIN = new TypeReference<>() {};

  /** A ReplicaSet and what it is as a revision. */
  record Version(KubeObject replicaSet, Revision revision) {
    JsonNode template() {
      return replicaSet.json().path("spec").path("template");
    }
  }

  static Optional<DeploymentView> read(Api api, Workload workload) {
    return api.read(path(workload))
        .map(deployment -> new DeploymentView(deployment, versions(api, workload, deployment)));
  }

  static String path(Workload workload) {
    return "/apis/apps/v1/namespaces/"
        + Api.segment(workload.namespace())
        + "/deployments/"
        + Api.segment(workload.name());
  }

  String uid() {
    return deployment.uid();
  }

  long generation() {
    return deployment.generation();
  }

  /**
   * Whether the action has taken effect. The controller copies the mark to the ReplicaSet, where it
   * stays when a person's undo takes it off the Deployment.
   */
  boolean carries(ActionId id) {
    return deployment.carries(id)
        || versions.stream().anyMatch(version -> version.replicaSet().carries(id));
  }

  String digest() {
    return digest(deployment.json().path("spec").path("template"));
  }

  /** The ReplicaSet of the present template, unless it is yet to be made. */
  Optional<Version> current() {
    String digest = digest();
    return versions.stream()
        .filter(version -> version.revision().digest().equals(digest))
        .findFirst();
  }

  boolean paused() {
    return deployment.json().path("spec").path("paused").asBoolean(false);
  }

  private static List<Version> versions(Api api, Workload workload, KubeObject deployment) {
    List<Version> versions = new ArrayList<>();
    for (JsonNode item : list(api, workload, deployment)) {
      KubeObject replicaSet = new KubeObject(item);
      if (controls(deployment, replicaSet)) {
        number(replicaSet).ifPresent(number -> versions.add(version(replicaSet, number)));
      }
    }
    versions.sort(
        Comparator.comparingLong((Version version) -> version.revision().number())
            .thenComparing(version -> version.revision().createdAt())
            .reversed());
    return versions;
  }

  private static JsonNode list(Api api, Workload workload, KubeObject deployment) {
    String path =
        "/apis/apps/v1/namespaces/"
            + Api.segment(workload.namespace())
            + "/replicasets?limit="
            + MOST_REPLICA_SETS
            + "&labelSelector="
            + Api.query(Selector.of(deployment.json().path("spec").path("selector")));
    JsonNode list =
        api.read(path)
            .orElseThrow(() -> new ClusterUnavailable("listing " + path + ": HTTP 404"))
            .json();
    if (!list.path("metadata").path("continue").asString("").isEmpty()) {
      throw new ClusterUnavailable(
          workload
              + ": its selector matches more than "
              + MOST_REPLICA_SETS
              + " ReplicaSets; make the selector narrower or revisionHistoryLimit lower");
    }
    return list.path("items");
  }

  /** Labels do not tell whose a ReplicaSet is; the controller's reference does. */
  private static boolean controls(KubeObject deployment, KubeObject replicaSet) {
    for (JsonNode owner : replicaSet.json().path("metadata").path("ownerReferences")) {
      if (owner.path("controller").asBoolean(false)
          && owner.path("uid").asString("").equals(deployment.uid())) {
        return true;
      }
    }
    return false;
  }

  private static Version version(KubeObject replicaSet, long number) {
    JsonNode template = replicaSet.json().path("spec").path("template");
    Revision revision =
        new Revision(
            replicaSet.uid(),
            number,
            digest(template),
            images(template),
            KubeObject.time(replicaSet.json().path("metadata").path("creationTimestamp"))
                .orElse(Instant.EPOCH),
            replicaSet.json().path("status").path("readyReplicas").asInt(0),
            replicaSet.annotation(Marks.CHANGE_CAUSE));
    return new Version(replicaSet, revision);
  }

  /** As kubectl counts: without the annotation it is 0, and what is no number is no revision. */
  private static Optional<Long> number(KubeObject replicaSet) {
    String text = replicaSet.annotation("deployment.kubernetes.io/revision").orElse("0");
    try {
      return Optional.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  static List<String> images(JsonNode template) {
    return template
        .path("spec")
        .path("containers")
        .valueStream()
        .map(container -> container.path("image").asString(""))
        .toList();
  }

  private static String digest(JsonNode template) {
    return TemplateDigest.of(Api.JSON.convertValue(template, PLAIN));
  }
}
