package dev.belay.intake.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices partitions whose log ends before what the journal has read of it: the brokers lost
 * records, and what is written at those offsets anew has no effect.
 */
final class ShortLogs {
  private static final Logger LOG = LoggerFactory.getLogger(ShortLogs.class);

  /** The journal's next offset of those whose ends are to be looked at. */
  private final Map<TopicPartition, Long> unseen = new HashMap<>();

  private final Map<TopicPartition, Gap> gaps = new HashMap<>();

  /** What is written from the end up to the next offset has no effect. */
  private record Gap(long end, long next) {}

  /**
   * A partition begins to be read.
   *
   * @param next the offset after the last that the journal has read
   */
  void begin(TopicPartition partition, long next) {
    unseen.put(partition, next);
  }

  /** Partitions are no longer read here. */
  void forget(Collection<TopicPartition> partitions) {
    unseen.keySet().removeAll(partitions);
    partitions.forEach(gaps::remove);
  }

  /** Whose ends are to be looked at. */
  Set<TopicPartition> unseen() {
    return Set.copyOf(unseen.keySet());
  }

  /** Takes note of where logs end; says of each that is too short so, once. */
  void look(Map<TopicPartition, Long> ends) {
    ends.forEach(
        (partition, end) -> {
          Long next = unseen.remove(partition);
          if (next != null && end < next) {
            Gap gap = new Gap(end, next);
            gaps.put(partition, gap);
            LOG.atWarn().log("Kafka: {}", sentence(partition, gap));
          }
        });
  }

  /**
   * A partition was read on.
   *
   * @param next the offset after the last record that is done with
   */
  void reached(TopicPartition partition, long next) {
    Gap gap = gaps.get(partition);
    if (gap != null && next >= gap.next()) {
      gaps.remove(partition);
    }
  }

  /** What is amiss, a sentence with its remedy; empty where nothing is. */
  Optional<String> trouble() {
    return gaps.entrySet().stream()
        .map(entry -> sentence(entry.getKey(), entry.getValue()))
        .min(String::compareTo);
  }

  private static String sentence(TopicPartition partition, Gap gap) {
    return "partition "
        + partition.partition()
        + " of "
        + partition.topic()
        + " ends at offset "
        + gap.end()
        + ", though it was read up to offset "
        + gap.next()
        + ": its brokers lost records, and what is written there below "
        + gap.next()
        + " has no effect; make a topic of another name, name it under kafka.topics, and announce"
        + " again what was announced since";
  }
}
