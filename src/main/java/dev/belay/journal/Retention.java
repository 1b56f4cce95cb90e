package dev.belay.journal;

import java.time.Duration;

/**
 * How much of the past a journal keeps. What is older, or more, is forgotten, the oldest first; but
 * never what the next start needs.
 *
 * @param time for how long entries are kept, at least an hour
 * @param bytes the most that {@code belay.db} may take, at least 1 MiB; the write-ahead log takes
 *     some ten megabytes more
 */
public record Retention(Duration time, long bytes) {
  /** Where nobody says. */
  public static final Retention DEFAULT = new Retention(Duration.ofDays(90), 2L << 30);

  /**
   * Checks both.
   *
   * @throws IllegalArgumentException where one is less than it may be
   */
  public Retention {
    if (time.compareTo(Duration.ofHours(1)) < 0 || bytes < 1 << 20) {
      throw new IllegalArgumentException("an hour and 1 MiB are the least that can be kept");
    }
  }
}
