package dev.belay.core.incident;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How what a trigger measures went around an incident, for people to look at; nothing is decided by
 * it.
 *
 * @param trigger {@link dev.belay.core.rule.Trigger#name} at that time
 * @param signal what is measured: {@code error_rate}
 * @param above whether a value above the threshold was bad
 * @param threshold in the signal's unit
 * @param points in order of time, at most {@link #POINTS_AT_MOST}
 */
public record Course(
    String trigger, String signal, boolean above, double threshold, List<Point> points) {
  /** So many points tell the shape of anything, on a screen and on paper. */
  public static final int POINTS_AT_MOST = 240;

  /**
   * One reading.
   *
   * @param at when it was read
   * @param value in the signal's unit; empty where it was unknown
   */
  public record Point(Instant at, Optional<Double> value) {}
}
