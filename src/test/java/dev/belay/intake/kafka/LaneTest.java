package dev.belay.intake.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.InputRecord;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

class LaneTest {
  private final Lane lane = new Lane("kafka/id/0", Samples.reader());

  private Step next(boolean buries) {
    return lane.next(buries).orElseThrow();
  }

  private static List<Long> offsets(Step step) {
    return step.fates().stream().map(fate -> fate.record().offset()).toList();
  }

  private Optional<Long> committable() {
    return lane.committable().map(OffsetAndMetadata::offset);
  }

  @Test
  void whatIsDoneMayBeCommittedAndNothingBefore() {
    assertTrue(lane.add(Samples.announced(3)));
    assertTrue(lane.add(Samples.announced(9)));
    Step step = next(false);
    assertEquals(List.of(3L, 9L), offsets(step));
    assertEquals(Optional.empty(), committable());
    lane.done(step);
    assertEquals(Optional.of(10L), committable());
    lane.committed(10);
    assertEquals(Optional.empty(), committable());
    assertEquals(Optional.empty(), lane.next(false));
  }

  @Test
  void tombstonesAndWhatIsOfNoInterestMoveTheOffsetWithoutTheEngine() {
    lane.add(Samples.record(0, null));
    assertInstanceOf(Step.Pass.class, next(false));
  }

  @Test
  void poisonIsBuriedAloneAndInItsTurn() {
    lane.add(Samples.announced(0));
    lane.add(Samples.poison(1));
    lane.add(Samples.announced(2));
    assertEquals(List.of(0L), offsets(assertInstanceOf(Step.Offer.class, next(true))));
    assertEquals(List.of(1L), offsets(assertInstanceOf(Step.Bury.class, next(true))));
    assertEquals(List.of(2L), offsets(assertInstanceOf(Step.Offer.class, next(true))));
  }

  @Test
  void withoutDeadLettersPoisonGoesToTheEngineWithTheRest() {
    lane.add(Samples.announced(0));
    lane.add(Samples.poison(1));
    Step.Offer step = assertInstanceOf(Step.Offer.class, next(false));
    InputRecord.Unreadable unreadable =
        assertInstanceOf(InputRecord.Unreadable.class, step.records().getLast());
    assertEquals("releases/0/1", unreadable.name());
  }

  @Test
  void howLargeIsWhatWaitsIsKnownLestItTakesAllTheMemory() {
    int each =
        Samples.announced(0).serializedKeySize() + Samples.announced(0).serializedValueSize();
    assertTrue(each > 0);
    lane.add(Samples.announced(0));
    lane.add(Samples.announced(1));
    assertEquals(2L * each, lane.bytes());
    Step.Offer step = assertInstanceOf(Step.Offer.class, next(false));
    assertEquals(0, lane.bytes());
    lane.singly(step);
    assertEquals(2L * each, lane.bytes());
  }

  @Test
  void anOffsetThatWasPassedBeforeIsAnotherPartitions() {
    lane.add(Samples.announced(5));
    lane.next(false);
    assertFalse(lane.add(Samples.announced(0)));
    assertFalse(lane.add(Samples.announced(5)));
  }

  @Test
  void aStepThatTheEngineFailsAtComesAgainOneByOne() {
    for (int i = 0; i < 3; i++) {
      lane.add(Samples.announced(i));
    }
    lane.singly(assertInstanceOf(Step.Offer.class, next(false)));
    lane.add(Samples.announced(3));
    lane.add(Samples.announced(4));
    assertEquals(5, lane.waiting());
    assertEquals(List.of(0L), offsets(next(false)));
    assertEquals(List.of(1L), offsets(next(false)));
    assertEquals(List.of(2L), offsets(next(false)));
    assertEquals(List.of(3L, 4L), offsets(next(false)));
    assertEquals(0, lane.bytes());
  }

  @Test
  void oneStepIsBoundedInNumberAndSize() {
    for (int i = 0; i <= Lane.OFFER_RECORDS; i++) {
      lane.add(Samples.announced(i));
    }
    assertEquals(Lane.OFFER_RECORDS, next(false).fates().size());
    assertEquals(1, next(false).fates().size());
    long next = Lane.OFFER_RECORDS + 1;
    lane.add(Samples.record(next, new byte[Lane.OFFER_BYTES]));
    lane.add(Samples.announced(next + 1));
    assertEquals(List.of(next), offsets(next(false)));
  }
}
