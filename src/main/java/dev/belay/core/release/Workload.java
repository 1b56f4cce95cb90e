package dev.belay.core.release;

/**
 * A thing in the cluster that runs a service, written {@code deployment/NAMESPACE/NAME}.
 *
 * @param kind lower case; {@code deployment} is the only one so far
 * @param namespace where it lives
 * @param name its name there
 */
public record Workload(String kind, String namespace, String name) {
  @Override
  public String toString() {
    return kind + "/" + namespace + "/" + name;
  }
}
