package dev.belay.console;

import dev.belay.core.incident.Course;
import dev.belay.core.rule.Trigger;
import java.time.Instant;
import java.util.Optional;

/**
 * The readings of one trigger: the last hour or so, and those around an incident that are yet to be
 * written down. Safe for many threads.
 */
final class Series {
  /** So many are the last: an hour, where it is read every 15 s. */
  private static final int POINTS = Course.POINTS_AT_MOST;

  private final long[] at = new long[POINTS];
  private final double[] values = new double[POINTS];
  private long count;

  /** Up to when all is written down already, in milliseconds since 1970. */
  private long written = Long.MIN_VALUE;

  private Optional<Thinned> around = Optional.empty();

  /**
   * Takes one more.
   *
   * @param troubled whether an incident of the service is open
   */
  synchronized void add(Instant when, Optional<Double> value, boolean troubled) {
    int place = (int) (count++ % POINTS);
    at[place] = when.toEpochMilli();
    values[place] = value.orElse(Double.NaN);
    if (around.isPresent()) {
      around.get().add(at[place], values[place]);
    } else if (troubled) {
      around = Optional.of(since(written));
    }
  }

  /** The last readings. */
  synchronized Course last(Trigger trigger) {
    return course(trigger, since(Long.MIN_VALUE));
  }

  /**
   * What is yet to be written down, which counts as written from now on; empty where nothing is.
   */
  synchronized Optional<Course> take(Trigger trigger) {
    Thinned taken = around.orElseGet(() -> since(written));
    around = Optional.empty();
    written = count == 0 ? written : at[(int) ((count - 1) % POINTS)];
    return taken.isEmpty() ? Optional.empty() : Optional.of(course(trigger, taken));
  }

  private Thinned since(long moment) {
    Thinned since = new Thinned();
    for (long i = Math.max(0, count - POINTS); i < count; i++) {
      int place = (int) (i % POINTS);
      if (at[place] > moment) {
        since.add(at[place], values[place]);
      }
    }
    return since;
  }

  private static Course course(Trigger trigger, Thinned points) {
    return new Course(
        trigger.name(),
        trigger.signal().key(),
        trigger.above(),
        trigger.threshold(),
        points.points());
  }
}
