package dev.belay.kube;

import dev.belay.core.release.Owner;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Makes out who keeps an object as it should be, and whether they would undo a change to it.
 *
 * <p>Plain Helm would not: nothing of it runs in the cluster, so a change stays until the next
 * upgrade, which people start. The label {@code app.kubernetes.io/instance}, which Helm charts set
 * as well as older Argo CD, proves nothing.
 */
final class Owners {
  private static final String HELM = "Helm";

  /** Field managers, as they name themselves in managedFields. */
  private static final Map<String, String> BY_FIELD_MANAGER =
      Map.of(
          "argocd-controller", "Argo CD",
          "kustomize-controller", "Flux",
          "flagger", "Flagger");

  private Owners() {}

  /** Who keeps the object: rather one who would undo a change than one who would not. */
  static Optional<Owner> of(KubeObject object) {
    return undoing(object)
        .map(name -> new Owner(name, true))
        .or(() -> quiet(object).map(name -> new Owner(name, false)));
  }

  /** The name for people of who would undo a change to the object. */
  static Optional<String> undoing(KubeObject object) {
    return object
        .controller()
        .map(its -> its.kind() + "/" + its.name())
        .or(() -> argo(object))
        .or(() -> flux(object).filter(_ -> !suspended(object)))
        .or(() -> fieldManager(object));
  }

  private static Optional<String> quiet(KubeObject object) {
    return flux(object).or(() -> helm(object));
  }

  private static Optional<String> argo(KubeObject object) {
    return object.annotation("argocd.argoproj.io/tracking-id").map(_ -> "Argo CD");
  }

  private static Optional<String> flux(KubeObject object) {
    return object
        .label("kustomize.toolkit.fluxcd.io/name")
        .or(() -> object.label("helm.toolkit.fluxcd.io/name"))
        .map(_ -> "Flux");
  }

  private static Optional<String> helm(KubeObject object) {
    return object
        .annotation("meta.helm.sh/release-name")
        .or(() -> object.label("app.kubernetes.io/managed-by").filter(HELM::equals))
        .map(_ -> HELM);
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
