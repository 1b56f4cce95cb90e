package dev.belay.intake.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Event;
import dev.belay.core.engine.InputRecord;
import dev.belay.port.EventFailed;
import dev.belay.port.Inbox;
import dev.belay.port.InboxFull;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SessionTest {
  private static final TopicPartition ONE = Samples.PARTITION;
  private static final TopicPartition TWO = new TopicPartition(Samples.TOPIC, 1);
  private static final Uuid ID = new Uuid(1, 2);

  /** An engine that answers when the test says so. */
  private static final class Engine implements Inbox {
    final Deque<CompletableFuture<@Nullable Void>> open = new ArrayDeque<>();
    final List<Event.RecordsRead> offered = new ArrayList<>();
    boolean full;

    @Override
    public CompletionStage<@Nullable Void> offer(Event event) {
      CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
      offered.add((Event.RecordsRead) event);
      if (full) {
        done.completeExceptionally(new InboxFull("full"));
      } else {
        open.add(done);
      }
      return done;
    }

    void take() {
      open.remove().complete(null);
    }

    List<Long> offsets() {
      return offered.stream()
          .flatMap(event -> event.records().stream())
          .map(InputRecord::offset)
          .toList();
    }
  }

  private final Engine engine = new Engine();
  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(
          false, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Map<String, Long> journalled = new HashMap<>();
  private Instant now = Samples.NOW;

  private Session session(boolean buries) {
    Session session = session(Map.of(Samples.TOPIC, ID), buries);
    consumer.updateBeginningOffsets(Map.of(ONE, 0L, TWO, 0L));
    consumer.updateEndOffsets(Map.of(ONE, 0L, TWO, 0L));
    return session;
  }

  private Session session(Map<String, Uuid> topics, boolean buries) {
    return new Session(
        consumer,
        new TreeMap<>(topics),
        Samples.reader(),
        buries ? Optional.of(new DeadLetters(producer, "dead", () -> now)) : Optional.empty(),
        engine,
        _ -> journalled,
        new KafkaMeters(registry),
        () -> now);
  }

  private Session reading(boolean buries) {
    Session session = session(buries);
    consumer.rebalance(List.of(ONE));
    return session;
  }

  private void turns(Session session, int count) {
    for (int i = 0; i < count; i++) {
      assertTrue(session.turn());
    }
  }

  private void later(Duration wait) {
    now = now.plus(wait);
  }

  private Optional<Long> committed(TopicPartition partition) {
    return Optional.ofNullable(consumer.committed(Set.of(partition)).get(partition))
        .map(OffsetAndMetadata::offset);
  }

  private double counted(String result) {
    return registry.get("belay.kafka.records").tag("result", result).counter().count();
  }

  @Test
  void anOffsetIsCommittedOnlyOnceTheEngineTookItsRecord() {
    Session session = reading(false);
    consumer.addRecord(Samples.announced(0));
    turns(session, 2);
    later(Duration.ofSeconds(6));
    turns(session, 1);
    assertEquals(Optional.empty(), committed(ONE));
    engine.take();
    turns(session, 1);
    later(Duration.ofSeconds(6));
    turns(session, 1);
    assertEquals(Optional.of(1L), committed(ONE));
    assertEquals(1, counted("taken"));
  }

  @Test
  void theInputIsNamedByTheTopicsIdAndNotByTheGroup() {
    Session session = reading(false);
    consumer.addRecord(Samples.announced(0));
    turns(session, 1);
    assertEquals("kafka/" + ID + "/0", engine.offered.getFirst().input());
  }

  @Test
  void topicsOfBrokersThatHaveNoIdsForThemAreToldApartByTheirNames() {
    TopicPartition other = new TopicPartition("other", 0);
    Session session =
        session(Map.of(Samples.TOPIC, Uuid.ZERO_UUID, "other", Uuid.ZERO_UUID), false);
    consumer.updateBeginningOffsets(Map.of(ONE, 0L, other, 0L));
    consumer.updateEndOffsets(Map.of(ONE, 0L, other, 0L));
    consumer.rebalance(List.of(ONE, other));
    consumer.addRecord(Samples.announced(0));
    consumer.addRecord(Samples.record(other, 0, Samples.release("r1"), now));
    turns(session, 1);
    assertEquals(
        Set.of("kafka/name:" + Samples.TOPIC + "/0", "kafka/name:other/0"),
        engine.offered.stream().map(Event.RecordsRead::input).collect(Collectors.toSet()));
  }

  @Test
  void thereIsOneStepOfAPartitionAtATime() {
    Session session = reading(false);
    consumer.addRecord(Samples.announced(0));
    turns(session, 1);
    consumer.addRecord(Samples.announced(1));
    turns(session, 3);
    assertEquals(List.of(0L), engine.offsets());
    engine.take();
    turns(session, 1);
    assertEquals(List.of(0L, 1L), engine.offsets());
  }

  @Test
  void whileTheEngineTakesNothingReadingPausesAlsoOfWhatIsNewlyAssigned() {
    Session session = reading(false);
    engine.full = true;
    consumer.addRecord(Samples.announced(0));
    turns(session, 1);
    assertEquals(Set.of(ONE), consumer.paused());
    session.onPartitionsAssigned(List.of());
    consumer.rebalance(List.of(ONE, TWO));
    assertTrue(consumer.paused().contains(TWO), () -> consumer.paused().toString());
    engine.full = false;
    later(Duration.ofSeconds(1));
    turns(session, 1);
    if (!engine.open.isEmpty()) {
      engine.take();
    }
    turns(session, 2);
    assertEquals(Set.of(), consumer.paused());
  }

  @Test
  void aRefusedStepIsOfferedAgainBeforeAnyLaterOne() {
    Session session = reading(false);
    engine.full = true;
    consumer.addRecord(Samples.announced(0));
    turns(session, 2);
    engine.full = false;
    later(Duration.ofSeconds(1));
    turns(session, 1);
    assertEquals(List.of(0L, 0L), engine.offsets());
    engine.take();
    turns(session, 1);
    assertEquals(1, counted("taken"));
  }

  @Test
  void whatIsDoneIsCommittedWhenAPartitionGoes() {
    Session session = reading(false);
    consumer.addRecord(Samples.announced(0));
    turns(session, 1);
    engine.take();
    session.onPartitionsRevoked(List.of(ONE));
    assertEquals(Optional.of(1L), committed(ONE));
  }

  @Test
  void nothingIsCommittedOfAPartitionThatIsLost() {
    Session session = reading(false);
    consumer.addRecord(Samples.announced(0));
    turns(session, 1);
    engine.take();
    turns(session, 1);
    session.onPartitionsLost(List.of(ONE));
    later(Duration.ofSeconds(6));
    turns(session, 1);
    assertEquals(Optional.empty(), committed(ONE));
    assertEquals(1, registry.get("belay.kafka.rebalances").tag("kind", "lost").counter().count());
  }

  @Test
  void whatTheJournalKnowsIsPassedOver() {
    journalled.put("kafka/" + ID + "/0", 4L);
    reading(false);
    assertEquals(5, consumer.position(ONE));
  }

  @Test
  void whatWasCommittedFurtherThanTheJournalKnowsStays() {
    Session session = session(false);
    journalled.put("kafka/" + ID + "/0", 4L);
    consumer.rebalance(List.of(ONE));
    consumer.commitSync(Map.of(ONE, new OffsetAndMetadata(9)));
    consumer.seek(ONE, 9);
    session.onPartitionsAssigned(List.of(ONE));
    assertEquals(9, consumer.position(ONE));
  }

  /** That nothing more is there to be read is no sign that what was read got in. */
  @Test
  void anEngineThatNeverAnswersIsSaid() {
    Session session = reading(false);
    consumer.updateEndOffsets(Map.of(ONE, 1L));
    consumer.addRecord(Samples.announced(0));
    for (int i = 0; i < 5; i++) {
      turns(session, 1);
      later(Duration.ofSeconds(10));
    }
    assertTrue(session.standstill().isPresent());
    engine.take();
    turns(session, 1);
    later(Duration.ofSeconds(3));
    turns(session, 1);
    assertEquals(Optional.empty(), session.standstill());
  }

  /** As a second Belay does whose group has the same name: each hears its part, and all is well. */
  @Test
  void whatAnotherOfTheGroupReadsIsSaid() {
    consumer.updatePartitions(
        Samples.TOPIC,
        List.of(
            new PartitionInfo(Samples.TOPIC, 0, Node.noNode(), new Node[0], new Node[0]),
            new PartitionInfo(Samples.TOPIC, 1, Node.noNode(), new Node[0], new Node[0])));
    Session session = reading(false);
    turns(session, 1);
    later(Duration.ofMinutes(1));
    turns(session, 1);
    assertTrue(session.standstill().orElseThrow().startsWith("1 partition is read by another"));
  }

  /** Brokers know topics by their names: two records of a new topic had been passed over. */
  @Test
  void whatWasCommittedOfATopicOfTheSameNameBeforeSaysNothingOfThisOne() {
    Session session = session(false);
    consumer.rebalance(List.of(ONE));
    String before = "kafka/" + new Uuid(3, 4) + "/0";
    consumer.commitSync(Map.of(ONE, new OffsetAndMetadata(2, Optional.empty(), before)));
    consumer.seek(ONE, 2);
    session.onPartitionsAssigned(List.of(ONE));
    assertEquals(0, consumer.position(ONE));
    journalled.put("kafka/" + ID + "/0", 0L);
    session.onPartitionsAssigned(List.of(ONE));
    assertEquals(1, consumer.position(ONE));
  }

  @Test
  void withAnOffsetIsCommittedWhoseItIs() {
    Session session = reading(false);
    consumer.addRecord(Samples.announced(0));
    takes(session);
    session.onPartitionsRevoked(List.of(ONE));
    OffsetAndMetadata committed = Objects.requireNonNull(consumer.committed(Set.of(ONE)).get(ONE));
    assertEquals(
        new OffsetAndMetadata(1, Optional.empty(), "kafka/" + ID + "/0"),
        new OffsetAndMetadata(committed.offset(), Optional.empty(), committed.metadata()));
  }

  /** Of what a person or another tool commits it is not said whose it is. */
  @Test
  void whatOthersCommittedCounts() {
    Session session = session(false);
    consumer.rebalance(List.of(ONE));
    consumer.commitSync(Map.of(ONE, new OffsetAndMetadata(2, Optional.empty(), "reset by ada")));
    consumer.seek(ONE, 2);
    session.onPartitionsAssigned(List.of(ONE));
    assertEquals(2, consumer.position(ONE));
  }

  @Test
  void aLogThatIsShorterThanTheJournalsPositionIsSaidUntilItIsBeyond() {
    Session session = ofALogThatWasReadUpTo5AndEndsAt(3);
    turns(session, 1);
    String trouble = session.standstill().orElseThrow();
    String amiss = "partition 0 of releases ends at offset 3, though it was read up to offset 5";
    assertTrue(trouble.contains(amiss), trouble);
    consumer.seek(ONE, 3);
    consumer.addRecord(Samples.announced(3));
    takes(session);
    assertEquals(Optional.of(trouble), session.standstill());
    consumer.addRecord(Samples.announced(4));
    takes(session);
    assertEquals(Optional.empty(), session.standstill());
  }

  private Session ofALogThatWasReadUpTo5AndEndsAt(long end) {
    journalled.put("kafka/" + ID + "/0", 4L);
    Session session = session(false);
    consumer.updateEndOffsets(Map.of(ONE, end));
    consumer.rebalance(List.of(ONE));
    return session;
  }

  @Test
  void aLogThatReachesTheJournalsPositionIsAsItShouldBe() {
    Session session = ofALogThatWasReadUpTo5AndEndsAt(5);
    turns(session, 1);
    assertEquals(Optional.empty(), session.standstill());
  }

  @Test
  void whereAPartitionEndsIsAskedAgainWhereItIsNotKnown() {
    Session session = ofALogThatWasReadUpTo5AndEndsAt(3);
    consumer.setOffsetsException(new TimeoutException("late"));
    turns(session, 1);
    assertEquals(Optional.empty(), session.standstill());
    later(Duration.ofSeconds(3));
    turns(session, 1);
    assertTrue(session.standstill().isPresent());
  }

  @Test
  void whoseShortLogIsAnothersNowIsNotSaidHere() {
    Session session = ofALogThatWasReadUpTo5AndEndsAt(3);
    turns(session, 1);
    session.onPartitionsRevoked(List.of(ONE));
    assertEquals(Optional.empty(), session.standstill());
  }

  private void takes(Session session) {
    turns(session, 1);
    engine.take();
    later(Duration.ofSeconds(3));
    turns(session, 1);
  }

  @Test
  void aTopicWhoseOffsetsBeginAnewEndsTheSession() {
    Session session = reading(false);
    consumer.addRecord(Samples.announced(7));
    turns(session, 1);
    consumer.seek(ONE, 0);
    consumer.addRecord(Samples.announced(0));
    assertFalse(session.turn());
    assertEquals(List.of(7L), engine.offsets());
  }

  @Test
  void poisonIsBuriedBeforeWhatFollowsIsOffered() {
    Session session = reading(true);
    ConsumerRecord<byte[], byte[]> poison = Samples.poison(0);
    poison.headers().add("mine", "kept".getBytes(UTF_8));
    consumer.addRecord(poison);
    consumer.addRecord(Samples.announced(1));
    turns(session, 2);
    assertEquals(List.of(), engine.offsets());
    var letter = producer.history().getFirst();
    assertEquals("dead", letter.topic());
    assertEquals("kept", new String(letter.headers().lastHeader("mine").value(), UTF_8));
    assertEquals("0", new String(letter.headers().lastHeader("belay.dlq.offset").value(), UTF_8));
    producer.completeNext();
    turns(session, 1);
    assertEquals(List.of(1L), engine.offsets());
    assertEquals(1, counted("dead_letter"));
  }

  @Test
  void aDeadLetterThatIsNotTakenIsNotedInTheJournal() {
    Session session = reading(true);
    consumer.addRecord(Samples.poison(0));
    turns(session, 1);
    producer.errorNext(new RecordTooLargeException("too large"));
    turns(session, 1);
    InputRecord.Unreadable noted =
        (InputRecord.Unreadable) engine.offered.getFirst().records().getFirst();
    assertTrue(noted.why().contains("RecordTooLargeException"), noted::why);
    engine.take();
    turns(session, 1);
    assertEquals(1, counted("rejected"));
  }

  @Test
  void aRecordThatTheEngineFailsAtStallsNothing() {
    Session session = reading(false);
    consumer.addRecord(Samples.announced(0));
    consumer.addRecord(Samples.announced(1));
    turns(session, 1);
    engine.open.remove().completeExceptionally(new EventFailed("bug"));
    turns(session, 1);
    engine.open.remove().completeExceptionally(new EventFailed("bug"));
    turns(session, 1);
    engine.take();
    turns(session, 1);
    engine.take();
    turns(session, 1);
    assertEquals(List.of(0L, 1L, 0L, 0L, 1L), engine.offsets());
    assertEquals(1, counted("rejected"));
    assertEquals(1, counted("taken"));
  }

  @Test
  void theEndWaitsForTheEngineAndCommits() {
    Session session = reading(false);
    consumer.addRecord(Samples.announced(0));
    turns(session, 1);
    engine.take();
    session.close();
    assertTrue(consumer.closed());
    assertEquals(1, counted("taken"));
  }

  @Test
  void everySeriesStandsFromTheStart() {
    session(false);
    for (Result outcome : Result.values()) {
      assertEquals(0, counted(outcome.tag()));
    }
    assertEquals(0, registry.get("belay.kafka.commit.failures").counter().count());
    assertEquals(0, registry.get("belay.kafka.lag.all").gauge().value());
    assertEquals(0, registry.get("belay.kafka.connected").gauge().value());
  }
}
