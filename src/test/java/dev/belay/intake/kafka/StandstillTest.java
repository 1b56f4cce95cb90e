package dev.belay.intake.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class StandstillTest {
  private static final TopicPartition PARTITION = new TopicPartition("releases", 0);

  private final Standstill standstill = new Standstill();
  private Instant now = Instant.EPOCH;

  private Optional<String> look(long next, long lag) {
    standstill.look(Map.of(PARTITION, new Standstill.Progress(next, lag)), now);
    Optional<String> trouble = standstill.trouble(now);
    now = now.plusSeconds(2);
    return trouble;
  }

  private boolean stands(long next, long lag) {
    for (int i = 0; i < 15; i++) {
      assertTrue(look(next, lag).isEmpty());
    }
    return look(next, lag).isPresent();
  }

  @Test
  void recordsThatWaitWithoutAnyBeingDoneWithAreSaid() {
    assertTrue(stands(7, 3));
    assertEquals(
        Optional.of("records wait in releases-0, and none of them is done with for a while"),
        look(7, 4));
    assertEquals(Optional.empty(), look(8, 4), "it moved");
  }

  @Test
  void aLagThatGrowsWhileRecordsAreDoneWithIsNoStandstill() {
    for (int i = 0; i < 60; i++) {
      assertEquals(Optional.empty(), look(i, 10L * i));
    }
  }

  @Test
  void whereNothingWaitsNothingStands() {
    for (int i = 0; i < 60; i++) {
      assertEquals(Optional.empty(), look(7, 0));
    }
  }

  @Test
  void aPartitionThatIsReadElsewhereIsNoTroubleHere() {
    assertTrue(stands(-1, 3));
    standstill.look(Map.of(), now);
    assertEquals(Optional.empty(), standstill.trouble(now));
  }
}
