package dev.belay.intake.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class GrowingLagTest {
  private static final TopicPartition PARTITION = new TopicPartition("releases", 0);

  private final GrowingLag growth = new GrowingLag();
  private Instant now = Instant.EPOCH;

  /** A look every two seconds for so many minutes. */
  private boolean grew(int minutes, LongUnaryOperator lagAfterSeconds) {
    boolean grew = false;
    for (long second = 0; second <= minutes * 60L; second += 2) {
      look(lagAfterSeconds.applyAsLong(second));
      grew |= growth.trouble().isPresent();
    }
    return grew;
  }

  private Optional<String> look(long lag) {
    growth.look(Map.of(PARTITION, lag), now);
    now = now.plusSeconds(2);
    return growth.trouble();
  }

  @Test
  void aLagThatGrowsForMinutesIsSaidAndIsOverWhenItShrinks() {
    assertFalse(grew(4, second -> 10 + second));
    assertTrue(grew(2, second -> 250 + second));
    assertEquals(
        "records come into releases-0 faster than they are done with, and 500 wait there by now;"
            + " see whether the topic holds more than release events, and what keeps Belay",
        look(500).orElseThrow());
    assertTrue(look(501).isPresent());
    assertEquals(Optional.empty(), look(200));
    assertFalse(grew(10, second -> 200 - second / 10));
  }

  @Test
  void aLagThatIsLargeAndShrinksIsWhatADowntimeLeaves() {
    assertFalse(grew(60, second -> 1_000_000 - 200 * second));
  }

  @Test
  void burstsAreNoGrowth() {
    assertFalse(grew(60, second -> second % 90 < 30 ? 100 * second : 0));
  }

  @Test
  void aLagThatStaysIsNoGrowth() {
    assertFalse(grew(60, _ -> 7));
    assertFalse(grew(60, second -> 7 + second % 10));
  }

  @Test
  void aPartitionThatIsReadElsewhereIsForgotten() {
    assertTrue(grew(6, second -> second));
    growth.look(Map.of(), now);
    assertEquals(Optional.empty(), growth.trouble());
  }
}
