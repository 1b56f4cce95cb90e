package dev.belay.intake.kafka;

import dev.belay.core.engine.InputRecord;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What is done next with a partition, and with which of its records; no other step of the partition
 * begins before it is known that this one is done.
 */
sealed interface Step {
  /** The records that the step is done with, in order; at least one. */
  List<Fate> fates();

  /** A record, and what becomes of it. */
  record Fate(ConsumerRecord<byte[], byte[]> record, Result outcome) {}

  /** Nothing of them is of interest. */
  record Pass(List<Fate> fates) implements Step {}

  /** The engine is to take these; the others of the step are of no interest. */
  record Offer(List<Fate> fates, List<InputRecord> records) implements Step {}

  /** One that cannot be read goes to the dead-letter topic. */
  record Bury(List<Fate> fates, String why) implements Step {
    ConsumerRecord<byte[], byte[]> record() {
      return fates.getFirst().record();
    }
  }
}
