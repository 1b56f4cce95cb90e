package dev.belay.app;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.zip.CRC32C;

/**
 * When a round has its turns, as Prometheus does it for groups of rules: at fixed moments, each
 * round's own, so that all of them are spread evenly over the interval, also after a restart.
 *
 * @param interval from one turn to the next
 * @param offset from a multiple of the interval since the epoch to a turn
 */
record Slots(Duration interval, Duration offset) {
  /** The turns of the round with this name. */
  static Slots of(String name, Duration interval) {
    CRC32C hash = new CRC32C();
    hash.update(name.getBytes(StandardCharsets.UTF_8));
    return new Slots(
        interval, Duration.ofMillis(Math.floorMod(hash.getValue(), interval.toMillis())));
  }

  /** The first turn that is not before then. */
  Instant from(Instant then) {
    long millis = interval.toMillis();
    long since = Math.floorMod(then.toEpochMilli() - offset.toMillis(), millis);
    Instant turn = Instant.ofEpochMilli(then.toEpochMilli() - since);
    return turn.isBefore(then) ? turn.plusMillis(millis) : turn;
  }

  /** How many turns lie between the two, neither of them counted. */
  long between(Instant one, Instant later) {
    return Math.max(0, Duration.between(one, later).dividedBy(interval) - 1);
  }
}
