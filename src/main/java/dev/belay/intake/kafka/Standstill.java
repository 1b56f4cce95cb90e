package dev.belay.intake.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * Notices partitions that hold records of which none is done with for a while. A lag that grows
 * while records are done with is no standstill.
 */
final class Standstill {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * How far a partition is.
   *
   * @param next the offset after the last record that is done with; -1 where none is
   * @param lag how many records are not done with
   */
  record Progress(long next, long lag) {}

  private record Standing(long next, Instant since) {}

  private final Map<TopicPartition, Standing> standing = new HashMap<>();

  /** Takes note of how far all partitions are that are read here. */
  void look(Map<TopicPartition, Progress> all, Instant now) {
    standing.keySet().retainAll(all.keySet());
    all.forEach(
        (partition, progress) -> {
          Standing was = standing.get(partition);
          if (progress.lag() == 0) {
            standing.remove(partition);
          } else if (was == null || was.next() != progress.next()) {
            standing.put(partition, new Standing(progress.next(), now));
          }
        });
  }

  /** What is amiss, a sentence; empty where nothing is. */
  Optional<String> trouble(Instant now) {
    return standing.entrySet().stream()
        .filter(entry -> !now.isBefore(entry.getValue().since().plus(PATIENCE)))
        .map(entry -> entry.getKey().toString())
        .min(String::compareTo)
        .map(
            partition ->
                "records wait in " + partition + ", and none of them is done with for a while");
  }
}
