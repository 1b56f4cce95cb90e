package dev.belay.kube;

import dev.belay.core.access.Access;
import java.util.stream.Stream;

/**
 * Which kinds of workloads the server has. It is asked anew each time: a CustomResourceDefinition
 * comes and goes. Everybody may ask that.
 */
final class ServedKinds {
  private final Api api;

  ServedKinds(Api api) {
    this.api = api;
  }

  /**
   * Whether there can be workloads of the kind.
   *
   * @throws Forbidden where the server keeps even that to itself
   * @throws dev.belay.port.ClusterUnavailable where no trustworthy answer was had
   */
  boolean has(WorkloadKind kind) {
    return kind.builtIn()
        || api.read(kind.discovery()).stream()
            .flatMap(list -> list.json().path("resources").valueStream())
            .anyMatch(resource -> resource.path("name").asString("").equals(kind.plural()));
  }

  /** Whether the access is to workloads of a kind that the server does not have. */
  boolean lacks(Access access) {
    return Stream.of(WorkloadKind.values())
        .filter(kind -> kind.is(access.group(), access.resource()))
        .anyMatch(kind -> !has(kind));
  }
}
