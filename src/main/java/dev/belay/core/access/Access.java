package dev.belay.core.access;

import java.util.Optional;

/**
 * One thing that a cluster allows or does not.
 *
 * @param verb what is done
 * @param group to objects of which API group; empty: of Kubernetes's first one
 * @param resource to which resource, by its plural
 * @param name to which object; empty: to any of them
 * @param namespace in which namespace; empty: in all
 */
public record Access(
    Verb verb, String group, String resource, Optional<String> name, Optional<String> namespace) {
  /** For people: {@code patch deployments.apps/covet-app in namespace covet}. */
  @Override
  public String toString() {
    return verb.word()
        + " "
        + resource
        + (group.isEmpty() ? "" : "." + group)
        + name.map(it -> "/" + it).orElse("")
        + namespace.map(it -> " in namespace " + it).orElse(" in all namespaces");
  }
}
