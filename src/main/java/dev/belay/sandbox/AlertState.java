package dev.belay.sandbox;

import java.time.Instant;
import java.util.Optional;

/**
 * An alert that fires or has just ceased to.
 *
 * @param startsAt when it began to fire
 * @param endsAt when it ended; empty while it fires
 */
public record AlertState(AlertDefinition definition, Instant startsAt, Optional<Instant> endsAt) {
  /** Whether it fires. */
  public boolean firing() {
    return endsAt.isEmpty();
  }
}
