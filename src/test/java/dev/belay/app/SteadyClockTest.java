package dev.belay.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A clock that was put forward by mistake, and put right, had stopped every countdown. */
class SteadyClockTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private Instant wall = NOON;
  private long ticks = Long.MAX_VALUE - 1;
  private final SteadyClock clock = new SteadyClock(() -> wall, () -> ticks);

  private Instant pass(Duration time) {
    wall = wall.plus(time);
    // It overflows, as that of a machine may.
    ticks += time.toNanos();
    return clock.now();
  }

  @Test
  void isTheMachinesTimeWhileThatGoesForward() {
    assertEquals(NOON.plusSeconds(5), pass(Duration.ofSeconds(5)));
    wall = wall.plus(Duration.ofDays(1));
    assertEquals(NOON.plus(Duration.ofDays(1)).plusSeconds(10), pass(Duration.ofSeconds(5)));
    assertEquals(Duration.ZERO, clock.ahead());
  }

  @Test
  void goesOnSlowerWhereTheMachinesTimeIsPutBack() {
    wall = NOON.plus(Duration.ofHours(1));
    clock.now();
    wall = NOON;
    assertEquals(NOON.plus(Duration.ofHours(1)).plusSeconds(9), pass(Duration.ofSeconds(10)));
    assertEquals(Duration.ofHours(1).minusSeconds(1), clock.ahead());
  }

  @Test
  void isToldTogetherWithTheMachinesTime() {
    wall = NOON.plus(Duration.ofHours(1));
    clock.now();
    wall = NOON;
    SteadyClock.Moment moment = clock.moment();
    assertEquals(NOON, moment.machine());
    assertEquals(NOON.plus(Duration.ofHours(1)), moment.steady());
    assertEquals(Duration.ofHours(1), moment.ahead());
  }

  @Test
  void theTwoMeetAgain() {
    pass(Duration.ofSeconds(1));
    wall = wall.minusSeconds(2);
    Instant before = clock.now();
    for (int second = 0; second < 30; second++) {
      Instant now = pass(Duration.ofSeconds(1));
      assertFalse(now.isBefore(before));
      before = now;
    }
    assertEquals(wall, clock.now());
    assertEquals(Duration.ZERO, clock.ahead());
  }
}
