package dev.belay.app;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Time that never runs backwards and never stands still, whatever is done to the machine's clock.
 * Where that is put back, this one goes on, slower, until the two meet, as {@code adjtime} does:
 * one that waited would stop every countdown meanwhile, and one that followed would begin some
 * anew.
 *
 * <p>Safe for use by many threads; all of them see one time.
 */
final class SteadyClock {
  /** Of ten parts of time that pass, so many are counted while this one is ahead. */
  private static final long SLOWER = 9;

  private static final long PARTS = 10;

  private final InstantSource clock;
  private final LongSupplier ticks;
  private Instant now;
  private long tick;
  private volatile Duration ahead = Duration.ZERO;

  /**
   * Follows a clock.
   *
   * @param ticks nanoseconds that pass, from anywhere, as {@link System#nanoTime}
   */
  SteadyClock(InstantSource clock, LongSupplier ticks) {
    this.clock = clock;
    this.ticks = ticks;
    this.now = clock.instant();
    this.tick = ticks.getAsLong();
  }

  /**
   * One moment by both.
   *
   * @param machine as the machine's clock is set
   * @param steady as it is here
   */
  record Moment(Instant machine, Instant steady) {
    /** How far this time is ahead of the machine's, which was put back. */
    Duration ahead() {
      return Duration.between(machine, steady);
    }
  }

  /** The time now; never earlier than the last. */
  Instant now() {
    return moment().steady();
  }

  /** The time now by both; this one is never earlier than the last. */
  synchronized Moment moment() {
    Instant at = clock.instant();
    long then = tick;
    tick = ticks.getAsLong();
    Instant gone = now.plusNanos((tick - then) / PARTS * SLOWER);
    now = at.isBefore(gone) && at.isBefore(now) ? gone : at;
    Moment moment = new Moment(at, now);
    ahead = moment.ahead();
    return moment;
  }

  /** How far it was ahead of the machine's clock the last time that it was asked. */
  Duration ahead() {
    return ahead;
  }
}
