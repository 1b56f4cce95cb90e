package dev.belay.kube;

import dev.belay.core.remediation.Manifest;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Where the objects of a kind live, asked of the one group and version that has it. */
final class Kinds {
  private final Api api;

  Kinds(Api api) {
    this.api = api;
  }

  /**
   * The path of the manifest's object.
   *
   * @return empty where the cluster does not know the kind, or it does not live in namespaces
   */
  Optional<String> path(Manifest manifest) {
    String version = version(manifest.apiVersion());
    for (JsonNode resource :
        api.read(version).map(KubeObject::json).map(list -> list.path("resources")).stream()
            .flatMap(JsonNode::valueStream)
            .toList()) {
      String plural = resource.path("name").asString("");
      if (resource.path("kind").asString("").equals(manifest.kind())
          && resource.path("namespaced").asBoolean(false)
          && !plural.contains("/")) {
        return Optional.of(
            version
                + "/namespaces/"
                + Api.segment(manifest.namespace())
                + "/"
                + Api.segment(plural)
                + "/"
                + Api.segment(manifest.name()));
      }
    }
    return Optional.empty();
  }

  static String unknown(Manifest manifest) {
    return manifest
        + ": the cluster knows no namespaced kind "
        + manifest.kind()
        + " in "
        + manifest.apiVersion()
        + "; install its CustomResourceDefinition or mend the manifest";
  }

  private static String version(String apiVersion) {
    int slash = apiVersion.indexOf('/');
    return slash < 0
        ? "/api/" + Api.segment(apiVersion)
        : "/apis/"
            + Api.segment(apiVersion.substring(0, slash))
            + "/"
            + Api.segment(apiVersion.substring(slash + 1));
  }
}
