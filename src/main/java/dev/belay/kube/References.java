package dev.belay.kube;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What the pods of a template cannot start without: ConfigMaps, Secrets, volume claims, a service
 * account. An old revision may need what has been deleted since.
 */
final class References {
  /**
   * One object in the template's namespace.
   *
   * @param resource its plural name in the core API group
   */
  record Reference(String resource, String name) {
    String path(String namespace) {
      return "/api/v1/namespaces/"
          + Api.segment(namespace)
          + "/"
          + resource
          + "/"
          + Api.segment(name);
    }

    @Override
    public String toString() {
      return resource + "/" + name;
    }
  }

  private References() {}

  /**
   * The first that is not there. One that Belay may not look at counts as there: rights to read
   * secrets are not asked for.
   */
  static Optional<Reference> missing(Api api, String namespace, JsonNode template) {
    return of(template).stream()
        .filter(reference -> !there(api, reference.path(namespace)))
        .findFirst();
  }

  private static boolean there(Api api, String path) {
    try {
      return api.exists(path);
    } catch (Forbidden e) {
      return true;
    }
  }

  static Set<Reference> of(JsonNode template) {
    Set<Reference> found = new LinkedHashSet<>();
    JsonNode spec = template.path("spec");
    for (JsonNode volume : spec.path("volumes")) {
      add(found, "configmaps", volume.path("configMap"), "name");
      add(found, "secrets", volume.path("secret"), "secretName");
      add(found, "persistentvolumeclaims", volume.path("persistentVolumeClaim"), "claimName");
      for (JsonNode source : volume.path("projected").path("sources")) {
        add(found, "configmaps", source.path("configMap"), "name");
        add(found, "secrets", source.path("secret"), "name");
      }
    }
    for (String kind : List.of("initContainers", "containers")) {
      spec.path(kind).forEach(container -> addContainer(found, container));
    }
    // Kubernetes makes this one in every namespace, on its own time.
    if (!spec.path("serviceAccountName").asString("default").equals("default")) {
      add(found, "serviceaccounts", spec, "serviceAccountName");
    }
    return found;
  }

  private static void addContainer(Set<Reference> found, JsonNode container) {
    for (JsonNode source : container.path("envFrom")) {
      add(found, "configmaps", source.path("configMapRef"), "name");
      add(found, "secrets", source.path("secretRef"), "name");
    }
    for (JsonNode variable : container.path("env")) {
      add(found, "configmaps", variable.path("valueFrom").path("configMapKeyRef"), "name");
      add(found, "secrets", variable.path("valueFrom").path("secretKeyRef"), "name");
    }
  }

  private static void add(Set<Reference> found, String resource, JsonNode source, String field) {
    String name = source.path(field).asString("");
    if (!name.isEmpty() && !source.path("optional").asBoolean(false)) {
      found.add(new Reference(resource, name));
    }
  }
}
