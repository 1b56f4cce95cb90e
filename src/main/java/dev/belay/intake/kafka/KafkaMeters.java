package dev.belay.intake.kafka;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** What the reading of Kafka tells of itself. Written by its one thread. */
final class KafkaMeters {
  private final Map<Result, Counter> records = new EnumMap<>(Result.class);
  private final Counter assigned;
  private final Counter revoked;
  private final Counter lost;
  private final Counter commitFailures;

  /** The series of single partitions. */
  private final Map<TopicPartition, Gauge> series = new HashMap<>();

  private final MeterRegistry registry;
  private volatile Map<TopicPartition, Long> lags = Map.of();
  private volatile int connected;
  private volatile int paused;
  private volatile int partitions;
  private volatile long lagSum;

  /** Registers every series; those of single partitions come with the partitions. */
  KafkaMeters(MeterRegistry registry) {
    this.registry = registry;
    for (Result outcome : Result.values()) {
      records.put(
          outcome,
          Counter.builder("belay.kafka.records")
              .description("Records that are done with, by what became of them")
              .tag("result", outcome.tag())
              .register(registry));
    }
    assigned = rebalances(registry, "assigned");
    revoked = rebalances(registry, "revoked");
    lost = rebalances(registry, "lost");
    commitFailures =
        Counter.builder("belay.kafka.commit.failures")
            .description("Commits of offsets that failed; they are made good by the next")
            .register(registry);
    Gauge.builder("belay.kafka.lag.all", this, meters -> meters.lagSum)
        .description("Records of all partitions read here that are not done with")
        .register(registry);
    Gauge.builder("belay.kafka.connected", this, meters -> meters.connected)
        .description("1 while the brokers answer and every topic is there")
        .register(registry);
    Gauge.builder("belay.kafka.paused", this, meters -> meters.paused)
        .description("1 while reading waits for the engine")
        .register(registry);
    Gauge.builder("belay.kafka.partitions", this, meters -> meters.partitions)
        .description("Partitions that are read here")
        .register(registry);
  }

  private static Counter rebalances(MeterRegistry registry, String kind) {
    return Counter.builder("belay.kafka.rebalances")
        .description("Changes of which partitions are read here")
        .tag("kind", kind)
        .register(registry);
  }

  void counted(Result outcome) {
    Counter counter = records.get(outcome);
    if (counter != null) {
      counter.increment();
    }
  }

  void assigned() {
    assigned.increment();
  }

  void revoked() {
    revoked.increment();
  }

  void lost() {
    lost.increment();
  }

  void commitFailed() {
    commitFailures.increment();
  }

  void connected(boolean is) {
    connected = is ? 1 : 0;
  }

  void paused(boolean is) {
    paused = is ? 1 : 0;
  }

  /** How far each partition lags; no others are read here. */
  void lags(Map<TopicPartition, Long> all) {
    partitions = all.size();
    lagSum = all.values().stream().mapToLong(Long::longValue).sum();
    lags = Map.copyOf(all);
    all.keySet().forEach(partition -> series.computeIfAbsent(partition, this::lag));
    // Only what is read no more: a scrape that meets a series being replaced would fail.
    series
        .entrySet()
        .removeIf(
            each -> {
              boolean over = !all.containsKey(each.getKey());
              if (over) {
                registry.remove(each.getValue());
              }
              return over;
            });
  }

  private Gauge lag(TopicPartition partition) {
    return Gauge.builder("belay.kafka.lag", this, meters -> meters.lagOf(partition))
        .description("Records of a partition that are not done with")
        .tag("topic", partition.topic())
        .tag("partition", Integer.toString(partition.partition()))
        .register(registry);
  }

  private double lagOf(TopicPartition partition) {
    Long records = lags.get(partition);
    return records == null ? Double.NaN : records;
  }
}
