package dev.belay.core.rule;

import java.time.Duration;

/**
 * How often Belay may act on one service.
 *
 * @param cooldown how long after the end of one remediation no other begins
 * @param actionsPerHour how many actions may touch the cluster in any hour, at least 1
 */
public record Limits(Duration cooldown, int actionsPerHour) {
  /** Where a rule file says nothing. */
  public static final Limits DEFAULT = new Limits(Duration.ofMinutes(15), 2);
}
