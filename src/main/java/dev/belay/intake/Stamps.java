package dev.belay.intake;

import java.time.Duration;
import java.time.Instant;

/** What Belay makes of other people's clocks. */
final class Stamps {
  private static final Duration SKEW = Duration.ofMinutes(5);

  private Stamps() {}

  /** The stamp; but where it lies more than five minutes ahead of our clock, our clock. */
  static Instant notAhead(Instant stamp, Instant receivedAt) {
    return stamp.isAfter(receivedAt.plus(SKEW)) ? receivedAt : stamp;
  }
}
