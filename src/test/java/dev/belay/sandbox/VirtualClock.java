package dev.belay.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is told otherwise. */
final class VirtualClock implements InstantSource {
  private Instant now = Instant.parse("2026-01-05T09:00:00Z");

  @Override
  public Instant instant() {
    return now;
  }

  void pass(Duration time) {
    now = now.plus(time);
  }
}
