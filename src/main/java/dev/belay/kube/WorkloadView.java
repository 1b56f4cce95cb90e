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
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A workload as it was read.
 *
 * @param versions what it keeps of its templates, the highest revision number first
 * @param current the one of them that is the present template's, unless that is yet to be made
 */
record WorkloadView(
    WorkloadKind kind, KubeObject object, List<Version> versions, Optional<Version> current) {
  /** Far above the default revisionHistoryLimit of 10, even with strangers of the same labels. */
  private static final int MOST_VERSIONS = 500;

  private static final TypeReference<Map<String, @Nullable Object>> PLAIN =
      new TypeReference<>() {};

  /**
   * One of its templates.
   *
   * @param keeper the ReplicaSet or ControllerRevision that keeps it
   */
  record Version(KubeObject keeper, Revision revision, JsonNode template) {
    /** The template as plain maps, lists, texts, numbers and booleans. */
    Map<String, @Nullable Object> plain() {
      return WorkloadView.plain(template);
    }
  }

  /** The workload; empty where there is no such thing. */
  static Optional<WorkloadView> read(Api api, WorkloadKind kind, Workload workload) {
    return api.read(kind.path(workload))
        .map(
            object -> {
              List<Version> versions = versions(api, kind, workload, object);
              return new WorkloadView(kind, object, versions, current(kind, object, versions));
            });
  }

  String uid() {
    return object.uid();
  }

  long generation() {
    return object.generation();
  }

  /**
   * Whether the action has taken effect. The controller copies the mark to the ReplicaSet, where it
   * stays when a person's undo takes it off the Deployment.
   */
  boolean carries(ActionId id) {
    return object.carries(id)
        || versions.stream().anyMatch(version -> version.keeper().carries(id));
  }

  /** Of the present template. */
  String digest() {
    return current
        .map(version -> version.revision().digest())
        .orElseGet(() -> digest(object.json().path("spec").path("template")));
  }

  private static Optional<Version> current(
      WorkloadKind kind, KubeObject object, List<Version> versions) {
    if (kind == WorkloadKind.ROLLOUT) {
      // Its template is as people wrote it, its ReplicaSets' are with all defaults: its controller
      // knows which is which.
      String hash = object.json().path("status").path("currentPodHash").asString("-");
      return versions.stream()
          .filter(version -> label(version, "rollouts-pod-template-hash").equals(hash))
          .findFirst();
    }
    String digest = digest(object.json().path("spec").path("template"));
    return versions.stream()
        .filter(version -> version.revision().digest().equals(digest))
        .findFirst();
  }

  /** Whether it waits because somebody said so: a person, or the steps of a canary. */
  boolean paused() {
    return object.json().path("spec").path("paused").asBoolean(false)
        || object.json().path("status").path("phase").asString("").equals("Paused");
  }

  /** Which pods are of that template. */
  String podSelector(Version version) {
    String own =
        switch (kind) {
          case DEPLOYMENT -> "pod-template-hash=" + label(version, "pod-template-hash");
          case ROLLOUT ->
              "rollouts-pod-template-hash=" + label(version, "rollouts-pod-template-hash");
          case DAEMON_SET ->
              "controller-revision-hash=" + label(version, "controller-revision-hash");
          case STATEFUL_SET -> "controller-revision-hash=" + version.keeper().name();
        };
    return Selector.of(object.json().path("spec").path("selector")) + "," + own;
  }

  private static String label(Version version, String key) {
    return version.keeper().label(key).orElse("");
  }

  private static List<Version> versions(
      Api api, WorkloadKind kind, Workload workload, KubeObject object) {
    List<Version> versions = new ArrayList<>();
    String keepers =
        switch (kind) {
          case DEPLOYMENT, ROLLOUT -> "replicasets";
          case STATEFUL_SET, DAEMON_SET -> "controllerrevisions";
        };
    for (JsonNode item : list(api, keepers, workload, object)) {
      KubeObject keeper = new KubeObject(item);
      if (controls(object, keeper)) {
        switch (kind) {
          case DEPLOYMENT ->
              number(keeper, "deployment.kubernetes.io/revision")
                  .ifPresent(number -> versions.add(replicaSet(keeper, number)));
          case ROLLOUT ->
              number(keeper, "rollout.argoproj.io/revision")
                  .ifPresent(number -> versions.add(replicaSet(keeper, number)));
          case STATEFUL_SET, DAEMON_SET -> versions.add(controllerRevision(keeper));
        }
      }
    }
    versions.sort(
        Comparator.comparingLong((Version version) -> version.revision().number())
            .thenComparing(version -> version.revision().createdAt())
            .reversed());
    return versions;
  }

  private static JsonNode list(Api api, String keepers, Workload workload, KubeObject object) {
    String path =
        "/apis/apps/v1/namespaces/"
            + Api.segment(workload.namespace())
            + "/"
            + keepers
            + "?limit="
            + MOST_VERSIONS
            + "&labelSelector="
            + Api.query(Selector.of(object.json().path("spec").path("selector")));
    JsonNode list = api.list(path);
    if (!list.path("metadata").path("continue").asString("").isEmpty()) {
      throw new ClusterUnavailable(
          workload
              + ": its selector matches more than "
              + MOST_VERSIONS
              + " "
              + keepers
              + "; make the selector narrower or revisionHistoryLimit lower");
    }
    return list.path("items");
  }

  /** Labels do not tell whose a ReplicaSet is; the controller's reference does. */
  private static boolean controls(KubeObject object, KubeObject keeper) {
    for (JsonNode owner : keeper.json().path("metadata").path("ownerReferences")) {
      if (owner.path("controller").asBoolean(false)
          && owner.path("uid").asString("").equals(object.uid())) {
        return true;
      }
    }
    return false;
  }

  private static Version replicaSet(KubeObject keeper, long number) {
    return version(
        keeper,
        number,
        keeper.json().path("spec").path("template"),
        keeper.json().path("status").path("readyReplicas").asInt(0));
  }

  /** It holds a patch that puts the template back, which names itself a replacement. */
  private static Version controllerRevision(KubeObject keeper) {
    JsonNode template = keeper.json().path("data").path("spec").path("template").deepCopy();
    if (template instanceof ObjectNode object) {
      object.remove("$patch");
    }
    return version(keeper, keeper.json().path("revision").asLong(0), template, 0);
  }

  private static Version version(KubeObject keeper, long number, JsonNode template, int ready) {
    Revision revision =
        new Revision(
            keeper.uid(),
            number,
            digest(template),
            images(template),
            KubeObject.time(keeper.json().path("metadata").path("creationTimestamp"))
                .orElse(Instant.EPOCH),
            ready,
            keeper.annotation(Marks.CHANGE_CAUSE));
    return new Version(keeper, revision, template);
  }

  /** As kubectl counts: without the annotation it is 0, and what is no number is no revision. */
  private static Optional<Long> number(KubeObject keeper, String annotation) {
    String text = keeper.annotation(annotation).orElse("0");
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
    return TemplateDigest.of(plain(template));
  }

  private static Map<String, @Nullable Object> plain(JsonNode template) {
    return Api.JSON.convertValue(template, PLAIN);
  }

  /** The template that the ReplicaSet or ControllerRevision of this uid keeps. */
  Optional<Version> version(String uid) {
    return versions.stream().filter(each -> each.revision().uid().equals(uid)).findFirst();
  }
}
