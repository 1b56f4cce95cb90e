package dev.belay.sandbox;

import dev.belay.core.incident.Incident;
import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.Plan;
import java.util.List;

/**
 * How a scenario ended.
 *
 * @param world the world
 * @param incidents every incident that Belay knows of, as its API tells
 * @param braked whether the storm brake is engaged
 */
public record Ending(World world, List<Incident> incidents, boolean braked) {
  /** How often Belay made a change of this kind, by {@link Plan#kind}. */
  public long effects(String kind) {
    return world.cluster().effects().stream()
        .filter(effect -> effect.plan().kind().equals(kind))
        .count();
  }

  /** Whether Belay changed nothing at all. */
  public boolean untouched() {
    return world.cluster().effects().isEmpty();
  }

  /** Whether a person was called. */
  public boolean paged() {
    return incidents.stream().anyMatch(Incident::paged);
  }

  /** How many incidents ended, and ended so. */
  public long closed(Reason outcome) {
    return incidents.stream()
        .filter(incident -> !incident.open())
        .filter(incident -> incident.outcome().filter(outcome::equals).isPresent())
        .count();
  }
}
