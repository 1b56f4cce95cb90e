package dev.belay.intake.kafka;

import dev.belay.core.engine.InputRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * One partition's records on their way, and how far the partition is done. Strictly one step after
 * the other: so there is never a gap before what is done, and the position in the journal never
 * runs ahead of a record whose effect is still open.
 */
final class Lane {
  /** So many records go to the engine as one event. */
  static final int OFFER_RECORDS = 1_000;

  /** And no more once they are so large together. */
  static final int OFFER_BYTES = 512 << 10;

  /** How the names of partitions in positions begin. */
  static final String NAMES = "kafka/";

  private final String input;
  private final RecordReader reader;
  private final Deque<Read> waiting = new ArrayDeque<>();
  private long bytes;
  private long highest = -1;
  private Optional<OffsetAndMetadata> done = Optional.empty();
  private long committed = -1;

  /** Up to this offset records are offered one by one, to find the one that the engine fails at. */
  private long singlyUpTo = -1;

  /** A record, read while the engine is still at those before it. */
  private record Read(ConsumerRecord<byte[], byte[]> record, Reading reading) {}

  /**
   * A lane without records.
   *
   * @param input the partition's name in positions
   */
  Lane(String input, RecordReader reader) {
    this.input = input;
    this.reader = reader;
  }

  String input() {
    return input;
  }

  /**
   * Lets a record wait its turn.
   *
   * @return false where the offset was passed before: the partition is not the one it was
   */
  boolean add(ConsumerRecord<byte[], byte[]> record) {
    if (record.offset() <= highest) {
      return false;
    }
    highest = record.offset();
    waiting.add(read(record));
    bytes += size(record);
    return true;
  }

  int waiting() {
    return waiting.size();
  }

  long bytes() {
    return bytes;
  }

  /**
   * Takes the next step off.
   *
   * @param buries whether there is a topic for dead letters that takes some now
   */
  Optional<Step> next(boolean buries) {
    List<Step.Fate> fates = new ArrayList<>();
    List<InputRecord> records = new ArrayList<>();
    int size = 0;
    while (!waiting.isEmpty() && fates.size() < OFFER_RECORDS && size < OFFER_BYTES) {
      ConsumerRecord<byte[], byte[]> record = waiting.element().record();
      Reading reading = waiting.element().reading();
      if (buries && reading instanceof Reading.Poison(var why)) {
        if (fates.isEmpty()) {
          take();
          return Optional.of(
              new Step.Bury(List.of(new Step.Fate(record, Result.DEAD_LETTER)), why));
        }
        break;
      }
      take();
      size += size(record);
      fates.add(new Step.Fate(record, outcome(reading)));
      switch (reading) {
        case Reading.Announces(var release) ->
            records.add(new InputRecord.Announced(record.offset(), release));
        case Reading.Poison(var why) -> records.add(unreadable(record, why));
        case Reading.Irrelevant(), Reading.Tombstone() -> {}
      }
      if (record.offset() <= singlyUpTo) {
        break;
      }
    }
    if (fates.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(records.isEmpty() ? new Step.Pass(fates) : new Step.Offer(fates, records));
  }

  private Read read(ConsumerRecord<byte[], byte[]> record) {
    return new Read(record, reader.read(record));
  }

  private void take() {
    bytes -= size(waiting.remove().record());
  }

  private static Result outcome(Reading reading) {
    return switch (reading) {
      case Reading.Announces _ -> Result.TAKEN;
      case Reading.Irrelevant _ -> Result.IGNORED;
      case Reading.Tombstone _ -> Result.TOMBSTONE;
      case Reading.Poison _ -> Result.REJECTED;
    };
  }

  /** What the journal keeps of a record that nothing can be made of. */
  static InputRecord unreadable(ConsumerRecord<byte[], byte[]> record, String why) {
    return new InputRecord.Unreadable(record.offset(), name(record), why);
  }

  static String name(ConsumerRecord<byte[], byte[]> record) {
    return record.topic() + "/" + record.partition() + "/" + record.offset();
  }

  /** The engine failed at the step: its records come again, one by one. */
  void singly(Step.Offer step) {
    for (Step.Fate fate : step.fates().reversed()) {
      waiting.addFirst(read(fate.record()));
      bytes += size(fate.record());
    }
    singlyUpTo = step.fates().getLast().record().offset();
  }

  /**
   * The step is done, and everything before it was. With what is committed goes whose it is:
   * brokers take it for a topic that was made again by the same name meanwhile, too.
   */
  void done(Step step) {
    ConsumerRecord<byte[], byte[]> last = step.fates().getLast().record();
    done = Optional.of(new OffsetAndMetadata(last.offset() + 1, last.leaderEpoch(), input));
  }

  /** Whether an offset was committed for a topic of this name that is no more. */
  boolean isAnothers(OffsetAndMetadata committed) {
    return committed.metadata().startsWith(NAMES) && !committed.metadata().equals(input);
  }

  /** The offset after the last record that is done with; -1 where none is. */
  long next() {
    return done.map(OffsetAndMetadata::offset).orElse(-1L);
  }

  /** What may be committed and is not yet. */
  Optional<OffsetAndMetadata> committable() {
    return done.filter(next -> next.offset() > committed);
  }

  void committed(long offset) {
    committed = Math.max(committed, offset);
  }

  private static int size(ConsumerRecord<byte[], byte[]> record) {
    return Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
  }
}
