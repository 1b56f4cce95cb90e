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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
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
   * @param source where the template is to be had
   */
  record Version(KubeObject keeper, Revision revision, Supplier<JsonNode> source) {
    JsonNode template() {
      return source.get();
    }

    /** The template as plain maps, lists, texts, numbers and booleans. */
    Map<String, @Nullable Object> plain() {
      return WorkloadView.plain(template());
    }

    /**
     * The same with no more than the keeper's metadata in memory.
     *
     * @throws ClusterUnavailable by its source, where the keeper is gone by then
     */
    Version light(Api api, WorkloadKind kind) {
      // As a list, for which Belay has the right in any case.
      String path =
          kind.keepers(Optional.of(keeper.namespace()))
              + "?fieldSelector="
              + Api.query("metadata.name=" + keeper.name());
      return new Version(
          keeper.withoutContents(),
          revision,
          () ->
              api.list(path)
                  .path("items")
                  .valueStream()
                  .map(again -> templateOf(kind, new KubeObject(again)))
                  .findFirst()
                  .orElseThrow(() -> new ClusterUnavailable("reading " + path + ": it is gone")));
    }
  }

  /** The workload; empty where there is no such thing. */
  static Optional<WorkloadView> read(Api api, WorkloadKind kind, Workload workload) {
    return api.read(kind.path(workload))
        .map(object -> of(kind, object, versions(api, kind, workload, object)));
  }

  /** The workload with its versions, in whatever order. */
  static WorkloadView of(WorkloadKind kind, KubeObject object, List<Version> versions) {
    List<Version> sorted =
        versions.stream()
            .sorted(
                Comparator.comparingLong((Version version) -> version.revision().number())
                    .thenComparing(version -> version.revision().createdAt())
                    .reversed())
            .toList();
    return new WorkloadView(kind, object, sorted, current(kind, object, sorted));
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

  /** The present template as plain maps, lists, texts, numbers and booleans. */
  Map<String, @Nullable Object> plain() {
    return plain(object.json().path("spec").path("template"));
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
    for (JsonNode item : list(api, kind, workload, object)) {
      KubeObject keeper = new KubeObject(item);
      if (keeper.controller().filter(its -> its.uid().equals(object.uid())).isPresent()) {
        version(kind, keeper).ifPresent(versions::add);
      }
    }
    return versions;
  }

  /** What this ReplicaSet or ControllerRevision keeps; empty where it is no revision. */
  static Optional<Version> version(WorkloadKind kind, KubeObject keeper) {
    return switch (kind) {
      case DEPLOYMENT ->
          number(keeper, "deployment.kubernetes.io/revision")
              .map(number -> version(kind, keeper, number));
      case ROLLOUT ->
          number(keeper, "rollout.argoproj.io/revision")
              .map(number -> version(kind, keeper, number));
      case STATEFUL_SET, DAEMON_SET ->
          Optional.of(version(kind, keeper, keeper.json().path("revision").asLong(0)));
    };
  }

  private static JsonNode list(Api api, WorkloadKind kind, Workload workload, KubeObject object) {
    String path =
        kind.keepers(Optional.of(workload.namespace()))
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
              + " revisions; make the selector narrower or revisionHistoryLimit lower");
    }
    return list.path("items");
  }

  private static Version version(WorkloadKind kind, KubeObject keeper, long number) {
    JsonNode template = templateOf(kind, keeper);
    Revision revision =
        new Revision(
            keeper.uid(),
            number,
            digest(template),
            images(template),
            KubeObject.time(keeper.json().path("metadata").path("creationTimestamp"))
                .orElse(Instant.EPOCH),
            keeper.json().path("status").path("readyReplicas").asInt(0),
            keeper.annotation(Marks.CHANGE_CAUSE));
    return new Version(keeper, revision, () -> template);
  }

  private static JsonNode templateOf(WorkloadKind kind, KubeObject keeper) {
    return switch (kind) {
      case DEPLOYMENT -> keeper.json().path("spec").path("template");
      case ROLLOUT -> withoutRole(keeper);
      case STATEFUL_SET, DAEMON_SET -> {
        JsonNode template = keeper.json().path("data").path("spec").path("template").deepCopy();
        if (template instanceof ObjectNode object) {
          // It is a patch that puts the template back, and names itself a replacement.
          object.remove("$patch");
        }
        yield template;
      }
    };
  }

  /**
   * Without what Argo Rollouts puts on the pods of a canary and takes off once it is stable: the
   * same revision would be another with each of its roles. (argo-rollouts
   * utils/replicaset/canary.go)
   */
  private static JsonNode withoutRole(KubeObject replicaSet) {
    JsonNode template = replicaSet.json().path("spec").path("template").deepCopy();
    JsonNode role =
        replicaSet
            .annotation("rollout.argoproj.io/ephemeral-metadata")
            .map(Api::parse)
            .orElseGet(MissingNode::getInstance);
    for (String place : List.of("labels", "annotations")) {
      if (template.path("metadata").path(place) instanceof ObjectNode all) {
        all.remove(role.path(place).propertyNames());
      }
    }
    return template;
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

  static Map<String, @Nullable Object> plain(JsonNode template) {
    return Api.JSON.convertValue(template, PLAIN);
  }

  /** The template that the ReplicaSet or ControllerRevision of this uid keeps. */
  Optional<Version> version(String uid) {
    return versions.stream().filter(each -> each.revision().uid().equals(uid)).findFirst();
  }
}
