package dev.belay.core.engine;

import java.time.Instant;
import java.util.Optional;

/**
 * Where a trigger stands, by Prometheus's rules for {@code for}, except that an unknown reading
 * neither advances nor resets it.
 *
 * @param trigger {@link dev.belay.core.rule.Trigger#name}
 * @param phase inactive, pending, or firing
 * @param activeAt where its {@code for} counts from: when it was first crossed without a good
 *     reading since, later by all time in which it was not seen; empty where inactive
 * @param firedAt when it began to fire
 * @param seenAt when it was last known to be seen crossed, for what is not seen any more must not
 *     count; where it fires not written down each time. Empty where inactive.
 * @param blindSince since when its readings are unknown; empty where the last one was known
 * @param crossedAt when it was first crossed without a good reading since, whatever was not seen in
 *     between: the trouble is no younger than that. Empty where inactive, or where an older version
 *     wrote it.
 */
public record TriggerState(
    String trigger,
    Phase phase,
    Optional<Instant> activeAt,
    Optional<Instant> firedAt,
    Optional<Instant> seenAt,
    Optional<Instant> blindSince,
    Optional<Instant> crossedAt) {
  /** Prometheus's three states. */
  public enum Phase {
    INACTIVE,
    PENDING,
    FIRING
  }

  /** When it becomes unknown unless it is read before; empty where it is unknown, or inactive. */
  Optional<Instant> unreadAt() {
    return phase == Phase.INACTIVE || blindSince.isPresent()
        ? Optional.empty()
        : seenAt.map(at -> at.plus(TriggerDecider.UNREAD));
  }

  /** A trigger that was never read. */
  public static TriggerState inactive(String trigger) {
    return new TriggerState(
        trigger,
        Phase.INACTIVE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Since when there is trouble, by the earliest that is known. */
  Optional<Instant> began() {
    return crossedAt.or(() -> activeAt);
  }
}
