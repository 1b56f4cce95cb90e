package dev.belay.core.remediation;

/**
 * An object to be applied to the cluster.
 *
 * @param apiVersion as in {@code networking.istio.io/v1}
 * @param kind as in {@code EnvoyFilter}
 * @param namespace where it goes
 * @param name its name
 * @param json the whole object as JSON
 */
public record Manifest(String apiVersion, String kind, String namespace, String name, String json) {
  @Override
  public String toString() {
    return kind.toLowerCase(java.util.Locale.ROOT) + "/" + namespace + "/" + name;
  }
}
