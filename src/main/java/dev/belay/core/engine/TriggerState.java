package dev.belay.core.engine;

import java.time.Instant;
import java.util.Optional;

/**
 * Where a trigger stands, by Prometheus's rules for {@code for}, except that an unknown reading
 * neither advances nor resets it.
 *
 * @param trigger {@link dev.belay.core.rule.Trigger#name}
 * @param phase inactive, pending, or firing
 * @param activeAt when it was first crossed without a good reading since; empty where inactive
 * @param firedAt when it began to fire
 * @param seenAt pending only: when it was last seen to be crossed, for a restart must not count the
 *     time after it
 * @param blindSince since when its readings are unknown; empty where the last one was known
 */
public record TriggerState(
    String trigger,
    Phase phase,
    Optional<Instant> activeAt,
    Optional<Instant> firedAt,
    Optional<Instant> seenAt,
    Optional<Instant> blindSince) {
  /** Prometheus's three states. */
  public enum Phase {
    INACTIVE,
    PENDING,
    FIRING
  }

  /** A trigger that was never read. */
  public static TriggerState inactive(String trigger) {
    return new TriggerState(
        trigger,
        Phase.INACTIVE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
