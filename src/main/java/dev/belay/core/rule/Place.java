package dev.belay.core.rule;

import dev.belay.core.release.Workload;
import java.util.Optional;

/**
 * Where workloads are looked for by one question to the cluster.
 *
 * @param kind of which kind, as in {@link Workload}
 * @param namespace in which namespace; empty: in all
 */
public record Place(String kind, Optional<String> namespace) {
  /** Whether the workload lives here. */
  public boolean holds(Workload workload) {
    return workload.kind().equals(kind)
        && namespace.filter(name -> !name.equals(workload.namespace())).isEmpty();
  }

  @Override
  public String toString() {
    return kind + "s " + namespace.map(name -> "of " + name).orElse("of all namespaces");
  }
}
