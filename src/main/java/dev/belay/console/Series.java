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

  /** So many, of all that ever were, are written down already. */
  private long written;

  private Optional<Thinned> around = Optional.empty();

  /**
   * Takes one more. Where the machine's clock was put back, it counts as read when the one before
   * was.
   *
   * @param troubled whether an incident of the service is open
   */
  synchronized void add(Instant when, Optional<Double> value, boolean troubled) {
    int place = (int) (count % POINTS);
    long now = when.toEpochMilli();
    at[place] = count == 0 ? now : Math.max(now, at[(int) ((count - 1) % POINTS)]);
    count++;
    values[place] = value.orElse(Double.NaN);
    if (around.isPresent()) {
      around.get().add(at[place], values[place]);
    } else if (troubled) {
      around = Optional.of(since(written));
    }
  }

  /** The last readings. */
  synchronized Course last(Trigger trigger) {
    return course(trigger, since(0));
  }

  /**
   * What is yet to be written down, which counts as written from now on; empty where nothing is.
   */
  synchronized Optional<Course> take(Trigger trigger) {
    Thinned taken = around.orElseGet(() -> since(written));
    around = Optional.empty();
    written = count;
    return taken.isEmpty() ? Optional.empty() : Optional.of(course(trigger, taken));
  }

  /** Of those that are kept, all but the first so many that ever were. */
  private Thinned since(long first) {
    Thinned since = new Thinned();
    for (long i = Math.max(first, count - POINTS); i < count; i++) {
      int place = (int) (i % POINTS);
      since.add(at[place], values[place]);
    }
    return since;
  }

  private static Course course(Trigger trigger, Thinned points) {
    return Course.of(
        trigger.name(),
        trigger.signal().key(),
        trigger.above(),
        trigger.threshold(),
        points.points());
  }
}
