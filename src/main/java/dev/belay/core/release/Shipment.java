package dev.belay.core.release;

import java.util.Optional;
import java.util.Set;

/**
 * What a tool says it shipped, before it is known whose release that is: of one service, of several
 * or of none.
 *
 * @param by the tool
 * @param thing what it shipped, as {@link Shipper} has it
 * @param name the thing's bare name, which may be a service's too
 * @param namespace where it went, where the tool says so
 * @param cluster the cluster to which it went, where that is not the tool's own
 * @param workloads what it changed, as far as the tool says so
 * @param confirms whether it only says that what was shipped is in force; when that came is then
 *     unknown
 * @param release the release, in the name of the thing
 */
public record Shipment(
    Shipper by,
    String thing,
    String name,
    Optional<String> namespace,
    Optional<String> cluster,
    Set<Workload> workloads,
    boolean confirms,
    Release release) {

  /** The same release as one of a service. */
  public Release of(String service) {
    return new Release(
        release.id(),
        release.source(),
        service,
        release.environment(),
        release.change(),
        release.version(),
        release.image(),
        release.startedAt(),
        release.finishedAt(),
        release.actor());
  }
}
