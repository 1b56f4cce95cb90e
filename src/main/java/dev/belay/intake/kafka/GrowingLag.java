package dev.belay.intake.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * Notices partitions whose lag grows and grows: what is done with there is older all the time. The
 * least lag of each minute counts, so that a burst is no growth, nor a lag that is large and
 * shrinks, as after a downtime.
 */
final class GrowingLag {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** So many minutes, each with more than the one before. */
  static final int MINUTES = 5;

  /** The least lag of the last minutes, the one that is under way at the end. */
  private static final class Course {
    final Deque<Long> least = new ArrayDeque<>();
    Instant minute;

    Course(long lag, Instant now) {
      least.addLast(lag);
      minute = now.plus(MINUTE);
    }

    void look(long lag, Instant now) {
      if (now.isBefore(minute)) {
        least.addLast(Math.min(least.removeLast(), lag));
      } else {
        least.addLast(lag);
        minute = now.plus(MINUTE);
      }
      if (least.size() > MINUTES + 1) {
        least.removeFirst();
      }
    }

    /** Whether each minute, and the one under way so far, had more than the one before. */
    boolean grows() {
      long before = -1;
      for (long lag : least) {
        if (lag <= before) {
          return false;
        }
        before = lag;
      }
      return least.size() > MINUTES && before > 0;
    }
  }

  private final Map<TopicPartition, Course> courses = new HashMap<>();
  private Map<TopicPartition, Long> lags = Map.of();

  /** Takes note of how far all partitions lag that are read here. */
  void look(Map<TopicPartition, Long> all, Instant now) {
    lags = Map.copyOf(all);
    courses.keySet().retainAll(all.keySet());
    all.forEach(
        (partition, lag) -> {
          Course known = courses.putIfAbsent(partition, new Course(lag, now));
          if (known != null) {
            known.look(lag, now);
          }
        });
  }

  /** What is amiss, a sentence; empty where nothing is. */
  Optional<String> trouble() {
    TreeMap<String, Long> growing = new TreeMap<>();
    courses.forEach(
        (partition, course) -> {
          if (course.grows()) {
            growing.put(partition.toString(), lags.getOrDefault(partition, 0L));
          }
        });
    return Optional.ofNullable(growing.firstEntry())
        .map(
            first ->
                "records come into "
                    + first.getKey()
                    + " faster than they are done with, and "
                    + first.getValue()
                    + " wait there by now; see whether the topic holds more than release events,"
                    + " and what keeps Belay");
  }
}
