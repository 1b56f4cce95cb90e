package dev.belay.intake.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.belay.intake.IntakeLimits;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Records and settings for tests. */
final class Samples {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final String TOPIC = "releases";
  static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

  private Samples() {}

  static KafkaSettings settings() {
    return new KafkaSettings(
        List.of("k:9092"),
        List.of(TOPIC),
        "belay",
        KafkaSettings.Protocol.CLASSIC,
        new KafkaSettings.Start.Earliest(),
        Optional.empty(),
        Optional.empty(),
        new TreeMap<>());
  }

  static RecordReader reader() {
    return new RecordReader(IntakeLimits.standard(), () -> NOW);
  }

  static byte[] release(String id) {
    return ("{\"id\":\"" + id + "\",\"source\":\"ci\",\"service\":\"covet\"}").getBytes(UTF_8);
  }

  static ConsumerRecord<byte[], byte[]> record(long offset, byte @Nullable [] value) {
    return record(PARTITION, offset, value, NOW);
  }

  static ConsumerRecord<byte[], byte[]> announced(long offset) {
    return record(offset, release("r" + offset));
  }

  static ConsumerRecord<byte[], byte[]> poison(long offset) {
    return record(offset, "hello".getBytes(UTF_8));
  }

  @SuppressWarnings("NullAway") // A tombstone's value is null in Kafka's own interface.
  static ConsumerRecord<byte[], byte[]> record(
      TopicPartition partition, long offset, byte @Nullable [] value, Instant at) {
    return new ConsumerRecord<>(
        partition.topic(),
        partition.partition(),
        offset,
        at.toEpochMilli(),
        TimestampType.CREATE_TIME,
        1,
        value == null ? -1 : value.length,
        "k".getBytes(UTF_8),
        value,
        new RecordHeaders(),
        Optional.empty());
  }
}
