package dev.belay.kube;

import dev.belay.core.release.Workload;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.Optional;
import java.util.stream.Stream;

/** The kinds of things that run a service, and where the server has them. */
enum WorkloadKind {
  DEPLOYMENT("deployment", "apps", "v1", "Deployment", "deployments"),
  STATEFUL_SET("statefulset", "apps", "v1", "StatefulSet", "statefulsets"),
  DAEMON_SET("daemonset", "apps", "v1", "DaemonSet", "daemonsets"),
  /** Argo Rollouts'; the kind is there only where its CustomResourceDefinition is. */
  ROLLOUT("rollout", "argoproj.io", "v1alpha1", "Rollout", "rollouts");

  private final String word;
  private final String group;
  private final String version;
  private final String kind;
  private final String plural;

  WorkloadKind(String word, String group, String version, String kind, String plural) {
    this.word = word;
    this.group = group;
    this.version = version;
    this.kind = kind;
    this.plural = plural;
  }

  /** The kind of the workload; empty where it is none that Belay knows, or no possible name. */
  static Optional<WorkloadKind> of(Workload workload) {
    return Api.possible(workload.namespace()) && Api.possible(workload.name())
        ? of(workload.kind())
        : Optional.empty();
  }

  /** The kind of that word; empty where it is none that Belay knows. */
  static Optional<WorkloadKind> of(String word) {
    return Stream.of(values()).filter(kind -> kind.word.equals(word)).findFirst();
  }

  /** As {@link Workload#kind} has it. */
  String word() {
    return word;
  }

  /** Where the server has the workload. */
  String path(Workload workload) {
    return path(Optional.of(workload.namespace())) + "/" + Api.segment(workload.name());
  }

  /** Where the server has those of the namespace, or of all. */
  String path(Optional<String> namespace) {
    return path(group, version, namespace, plural);
  }

  private static String path(
      String group, String version, Optional<String> namespace, String plural) {
    return "/apis/"
        + group
        + "/"
        + version
        + namespace.map(name -> "/namespaces/" + Api.segment(name)).orElse("")
        + "/"
        + plural;
  }

  /** Where the server has what keeps its templates, in the namespace or in all. */
  String keepers(Optional<String> namespace) {
    String plural =
        switch (this) {
          case DEPLOYMENT, ROLLOUT -> "replicasets";
          case STATEFUL_SET, DAEMON_SET -> "controllerrevisions";
        };
    return path("apps", "v1", namespace, plural);
  }

  /** Whether every server has it. */
  boolean builtIn() {
    return this != ROLLOUT;
  }

  /** Where the server tells whether it has it. */
  String discovery() {
    return "/apis/" + group + "/" + version;
  }

  /** By this name the server has them. */
  String plural() {
    return plural;
  }

  boolean is(String group, String plural) {
    return this.group.equals(group) && this.plural.equals(plural);
  }

  /** For fabric8's informers. */
  ResourceDefinitionContext context() {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion(version)
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(true)
        .build();
  }
}
