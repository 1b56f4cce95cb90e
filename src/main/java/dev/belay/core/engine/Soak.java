package dev.belay.core.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How far the present revision has proved itself. Only time in which it was seen to run well
 * counts; this is written down every so often, so that a stop of the daemon ends it.
 *
 * @param digest of the revision's template
 * @param soaked for how long it was seen to run well, up to {@code at}
 * @param counting whether the time since {@code at} counts, if it is seen to have gone well
 * @param at when this was last written down
 * @param read when every trigger of the service was last known to have been read since the soak
 *     began; not written down each time
 */
public record Soak(
    String digest, Duration soaked, boolean counting, Instant at, Optional<Instant> read) {
  /** A soak that begins, and counts nothing yet. */
  static Soak begun(String digest, Instant at) {
    return new Soak(digest, Duration.ZERO, false, at, Optional.empty());
  }

  /** Whether nothing has been counted, and nothing is. */
  boolean fresh() {
    return soaked.isZero() && !counting && read.isEmpty();
  }

  Soak counted(Duration nowSoaked, boolean nowCounting, Instant now) {
    return new Soak(digest, nowSoaked, nowCounting, now, read);
  }

  Soak read(Instant now) {
    return new Soak(digest, soaked, counting, at, Optional.of(now));
  }
}
