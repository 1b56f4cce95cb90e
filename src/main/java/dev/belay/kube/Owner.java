package dev.belay.kube;

import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Who else keeps an object as it should be, and so would undo a change to it.
 *
 * <p>Plain Helm is not among them: nothing of it runs in the cluster, so a change stays until the
 * next upgrade, which people start. Nor is {@code app.kubernetes.io/instance}, which Helm charts
 * set as well as older Argo CD: it proves nothing.
 */
final class Owner {
  /** Field managers, as they name themselves in managedFields. */
  private static final Map<String, String> BY_FIELD_MANAGER =
      Map.of(
          "argocd-controller", "Argo CD",
          "kustomize-controller", "Flux",
          "flagger", "Flagger");

  private Owner() {}

  /** The name for people of who would undo a change to the object. */
  static Optional<String> of(KubeObject object) {
    return object
        .controller()
        .map(its -> its.kind() + "/" + its.name())
        .or(() -> argo(object))
        .or(() -> flux(object))
        .or(() -> fieldManager(object));
  }

  private static Optional<String> argo(KubeObject object) {
    return object.annotation("argocd.argoproj.io/tracking-id").map(_ -> "Argo CD");
  }

  private static Optional<String> flux(KubeObject object) {
    if (suspended(object)) {
      return Optional.empty();
    }
    return object
        .label("kustomize.toolkit.fluxcd.io/name")
        .or(() -> object.label("helm.toolkit.fluxcd.io/name"))
        .map(_ -> "Flux");
  }

  private static Optional<String> fieldManager(KubeObject object) {
    for (JsonNode entry : object.json().path("metadata").path("managedFields")) {
      String name = BY_FIELD_MANAGER.get(entry.path("manager").asString(""));
      boolean fluxAsleep = "Flux".equals(name) && suspended(object);
      if (name != null && !fluxAsleep) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  /** A person has told Flux to leave this one object alone. */
  private static boolean suspended(KubeObject object) {
    return says(object, "kustomize.toolkit.fluxcd.io/reconcile")
        || says(object, "helm.toolkit.fluxcd.io/driftDetection");
  }

  private static boolean says(KubeObject object, String key) {
    return object
        .annotation(key)
        .or(() -> object.label(key))
        .filter("disabled"::equals)
        .isPresent();
  }
}
