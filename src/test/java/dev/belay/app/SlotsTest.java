package dev.belay.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SlotsTest {
  private static final Duration INTERVAL = Duration.ofSeconds(15);
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:07.123Z");

  @Test
  void aRoundHasItsTurnsAtTheSameMomentsWheneverItBegins() {
    Slots slots = Slots.of("errors", INTERVAL);
    Instant turn = slots.from(NOW);
    assertTrue(!turn.isBefore(NOW) && turn.isBefore(NOW.plus(INTERVAL)), turn::toString);
    assertEquals(turn, slots.from(turn));
    assertEquals(turn.plus(INTERVAL), slots.from(turn.plusMillis(1)));
    assertEquals(
        turn.plus(INTERVAL.multipliedBy(1_000)),
        slots.from(NOW.plus(INTERVAL.multipliedBy(1_000))));
    assertEquals(turn, Slots.of("errors", INTERVAL).from(NOW));
  }

  @Test
  void roundsAreSpreadOverTheInterval() {
    Set<Long> seconds = new TreeSet<>();
    for (int i = 0; i < 100; i++) {
      seconds.add(Slots.of("round " + i, INTERVAL).offset().toSeconds());
    }
    assertEquals(15, seconds.size());
  }

  @Test
  void turnsThatWereNotTakenAreCounted() {
    Slots slots = Slots.of("errors", INTERVAL);
    Instant turn = slots.from(NOW);
    assertEquals(0, slots.between(turn, turn.plus(INTERVAL)));
    assertEquals(2, slots.between(turn, turn.plus(INTERVAL.multipliedBy(3))));
  }
}
