package dev.belay.journal;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Moments as whole microseconds since 1970, rounded down: what a row's time is kept in. */
final class Micros {
  private static final long A_SECOND = 1_000_000;

  private Micros() {}

  /** The microseconds; the nearest that there are for moments 292 000 years away. */
  static long of(Instant instant) {
    try {
      return Math.addExact(
          Math.multiplyExact(instant.getEpochSecond(), A_SECOND), instant.getNano() / 1_000);
    } catch (ArithmeticException e) {
      return instant.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  /** The moment. */
  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
