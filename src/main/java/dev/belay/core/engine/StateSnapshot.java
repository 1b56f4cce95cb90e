package dev.belay.core.engine;

import dev.belay.core.alert.Episode;
import dev.belay.core.incident.Incident;
import dev.belay.core.incident.Notice;
import dev.belay.core.release.Release;
import dev.belay.core.remediation.ActionId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A {@link State} as a value, for the journal's snapshots. {@code State.of(snapshot)} is its
 * inverse.
 */
public record StateSnapshot(List<Episode> alerts, List<OfService> services, Whole whole) {
  /** One service's part. */
  public record OfService(
      String name,
      int incidentCount,
      Optional<Incident> incident,
      Optional<Run> run,
      List<Release> releases,
      List<RevisionRecord> revisions,
      List<TriggerState> triggers,
      List<Lease> leases,
      List<Instant> actions,
      Optional<Instant> quietSince,
      Optional<Instant> troubleEnded,
      boolean lost,
      boolean verified,
      boolean acted,
      SortedMap<String, String> tried) {}

  /** What is not a service's. */
  public record Whole(
      Optional<String> hold,
      Optional<Instant> brakeSince,
      List<Opening> openings,
      List<Instant> actions,
      List<Asking> askings,
      int notices,
      List<Notice> unsent,
      List<Incident> closed,
      List<Fact.Decided> decisions) {}

  /** A service that newly got into trouble. */
  public record Opening(String service, Instant at) {}

  /** A service that waits for leave to act. */
  public record Asking(String service, ActionId action) {}
}
