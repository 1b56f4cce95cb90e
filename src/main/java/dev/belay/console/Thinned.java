package dev.belay.console;

import dev.belay.core.incident.Course;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Readings in order of time, of which so many are kept as a chart can show: once there are more, of
 * every four the lowest and the highest stay. One thread.
 */
final class Thinned {
  private static final int GROUP = 4;

  /** No eye sees more of a chart, and the journal is spared the rest. */
  private static final MathContext DIGITS = new MathContext(6);

  private final long[] at = new long[Course.POINTS_AT_MOST];
  private final double[] values = new double[Course.POINTS_AT_MOST];
  private int count;

  /**
   * Takes one more.
   *
   * @param when in milliseconds since 1970
   * @param value NaN where it is unknown
   */
  void add(long when, double value) {
    if (count == at.length) {
      thin();
    }
    at[count] = when;
    values[count++] = value;
  }

  private void thin() {
    int kept = 0;
    for (int from = 0; from < count; from += GROUP) {
      int last = Math.min(from + GROUP, count) - 1;
      int low = from;
      int high = from;
      for (int i = from; i <= last; i++) {
        low = Double.isNaN(values[low]) || values[i] < values[low] ? i : low;
        high = Double.isNaN(values[high]) || values[i] > values[high] ? i : high;
      }
      if (low == high) {
        // All alike, or but one is known: then the other shows that.
        high = low == from ? last : from;
      }
      kept = keep(Math.min(low, high), kept);
      kept = keep(Math.max(low, high), kept);
    }
    count = kept;
  }

  private int keep(int which, int place) {
    at[place] = at[which];
    values[place] = values[which];
    return place + 1;
  }

  boolean isEmpty() {
    return count == 0;
  }

  List<Course.Point> points() {
    List<Course.Point> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      points.add(
          new Course.Point(
              Instant.ofEpochMilli(at[i]),
              Double.isFinite(values[i])
                  ? Optional.of(BigDecimal.valueOf(values[i]).round(DIGITS).doubleValue())
                  : Optional.empty()));
    }
    return List.copyOf(points);
  }
}
