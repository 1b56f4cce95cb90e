package dev.belay.core.engine;

import dev.belay.core.rule.Mode;
import java.time.Duration;

/**
 * What the operator sets for the whole daemon.
 *
 * @param mode the furthest that any rule may go
 * @param stormServices so many services newly in trouble within {@code stormWindow} engage the
 *     storm brake
 * @param stormWindow see {@code stormServices}; the brake lets go after as long without another
 * @param actionsPerHour how many actions may touch the cluster in any hour, over all services
 * @param blindAfter how long a crossed trigger may be without readings before people are told
 * @param clusterPatience how long the cluster is asked again before a step is given up
 * @param settlePatience how long the cluster may take to carry out an accepted change
 * @param intentLife how old an intent may be to be carried out after a restart
 */
public record Settings(
    Mode mode,
    int stormServices,
    Duration stormWindow,
    int actionsPerHour,
    Duration blindAfter,
    Duration clusterPatience,
    Duration settlePatience,
    Duration intentLife) {
  /** Out of the box: observe, and be careful. */
  public static final Settings DEFAULT =
      new Settings(
          Mode.OBSERVE,
          5,
          Duration.ofMinutes(1),
          10,
          Duration.ofMinutes(1),
          Duration.ofMinutes(2),
          Duration.ofMinutes(10),
          Duration.ofMinutes(5));
}
