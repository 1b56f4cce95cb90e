package dev.belay.intake.kafka;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(
          false, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
  private Instant now = Instant.parse("2026-11-24T10:00:00Z");
  private final DeadLetters letters = new DeadLetters(producer, "dead", () -> now);

  /** To ask it may block for seconds each time, and partitions wait. */
  @Test
  void aTopicThatTookNoneIsLeftAloneForAWhile() {
    CompletableFuture<@Nullable Void> buried = letters.bury(Samples.announced(0), "it is odd");
    assertTrue(letters.usable());
    producer.errorNext(new TimeoutException("the topic is away"));
    assertTrue(buried.isCompletedExceptionally());
    now = now.plusSeconds(29);
    assertFalse(letters.usable());
    now = now.plusSeconds(1);
    assertTrue(letters.usable());
  }

  @Test
  void aTopicThatTakesThemStaysUsable() {
    CompletableFuture<@Nullable Void> buried = letters.bury(Samples.announced(0), "it is odd");
    producer.completeNext();
    assertTrue(buried.isDone() && !buried.isCompletedExceptionally());
    assertTrue(letters.usable());
  }
}
