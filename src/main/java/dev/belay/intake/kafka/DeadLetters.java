package dev.belay.intake.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * The topic for records that cannot be read: with their key, value and headers as they were, and
 * what is known of them in headers of our own. When it refuses one, it is left alone for a while.
 */
final class DeadLetters implements AutoCloseable {
  private static final String PREFIX = "belay.dlq.";
  private static final Duration LEFT_ALONE = Duration.ofSeconds(30);
  private static final Duration CLOSE = Duration.ofSeconds(2);

  private final Producer<byte[], byte[]> producer;
  private final String topic;
  private final InstantSource clock;
  private volatile Instant usableFrom = Instant.MIN;

  DeadLetters(Producer<byte[], byte[]> producer, String topic, InstantSource clock) {
    this.producer = producer;
    this.topic = topic;
    this.clock = clock;
  }

  /** Whether it took the last one, or may be tried again. */
  boolean usable() {
    return !clock.instant().isBefore(usableFrom);
  }

  String topic() {
    return topic;
  }

  /** Completes when every replica in sync has it. May block for seconds where the topic is away. */
  CompletableFuture<@Nullable Void> bury(ConsumerRecord<byte[], byte[]> record, String why) {
    List<Header> headers = new ArrayList<>(List.of(record.headers().toArray()));
    headers.add(header("topic", record.topic()));
    headers.add(header("partition", Integer.toString(record.partition())));
    headers.add(header("offset", Long.toString(record.offset())));
    headers.add(header("reason", why));
    CompletableFuture<@Nullable Void> buried = new CompletableFuture<>();
    try {
      var _ =
          producer.send(
              new ProducerRecord<>(topic, null, record.key(), record.value(), headers),
              (_, failure) -> {
                if (failure == null) {
                  buried.complete(null);
                } else {
                  failed(buried, failure);
                }
              });
    } catch (RuntimeException e) {
      failed(buried, e);
    }
    return buried;
  }

  private void failed(CompletableFuture<?> buried, Exception failure) {
    usableFrom = clock.instant().plus(LEFT_ALONE);
    buried.completeExceptionally(failure);
  }

  private static Header header(String name, String value) {
    return new RecordHeader(PREFIX + name, value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    producer.close(CLOSE);
  }
}
