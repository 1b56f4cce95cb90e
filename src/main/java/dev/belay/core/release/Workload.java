package dev.belay.core.release;

/**
 * A thing in the cluster that runs a service, written {@code KIND/NAMESPACE/NAME}.
 *
 * @param kind {@code deployment}, {@code statefulset}, {@code daemonset}, or Argo's {@code rollout}
 * @param namespace where it lives
 * @param name its name there
 */
public record Workload(String kind, String namespace, String name) {
  @Override
  public String toString() {
    return kind + "/" + namespace + "/" + name;
  }
}
