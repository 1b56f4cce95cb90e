package dev.belay.core.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far the present revision has proved itself. Only time in which it was seen to run well
 * counts; this is written down every so often, so that a stop of the daemon ends it.
 *
 * @param digest of the revision's template
 * @param soaked for how long it was seen to run well, up to {@code at}
 * @param counting whether the time since {@code at} counts, if it is seen to have gone well
 * @param at when this was last written down
 * @param read as early versions had it: when all triggers of the service were last read, at once
 * @param reads when each trigger was last known to have been read since the soak began, by its
 *     name; not written down each time
 */
public record Soak(
    String digest,
    Duration soaked,
    boolean counting,
    Instant at,
    Optional<Instant> read,
    Optional<SortedMap<String, Instant>> reads) {
  /** A soak that begins, and counts nothing yet. */
  static Soak begun(String digest, Instant at) {
    return new Soak(digest, Duration.ZERO, false, at, Optional.empty(), Optional.empty());
  }

  /** Whether nothing has been counted, and nothing is. */
  boolean fresh() {
    return soaked.isZero() && !counting && reads.isEmpty();
  }

  Soak counted(Duration nowSoaked, boolean nowCounting, Instant now) {
    return new Soak(digest, nowSoaked, nowCounting, now, read, reads);
  }

  /** When the trigger was last known to have been read. */
  Optional<Instant> readAt(String trigger) {
    return reads.flatMap(known -> Optional.ofNullable(known.get(trigger)));
  }

  Soak read(List<String> triggers, Instant now) {
    SortedMap<String, Instant> all = new TreeMap<>(reads.orElseGet(TreeMap::new));
    triggers.forEach(trigger -> all.put(trigger, now));
    return new Soak(digest, soaked, counting, at, read, Optional.of(all));
  }
}
