package dev.belay.core.engine;

import java.time.Instant;
import java.util.Optional;

/**
 * What is amiss with a rollout, and for how long.
 *
 * @param trouble what it is
 * @param since since when, later by all time in which it was not looked at; empty where it is over
 * @param seenAt when it was last known to be looked at; not written down each time
 */
public record RolloutState(RolloutTrouble trouble, Optional<Instant> since, Instant seenAt) {}
