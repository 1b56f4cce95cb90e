package dev.belay.intake.kafka;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class KafkaMetersTest {
  private static final TopicPartition FIRST = new TopicPartition("releases", 0);
  private static final TopicPartition SECOND = new TopicPartition("releases", 1);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final KafkaMeters meters = new KafkaMeters(registry);

  @Test
  void aPartitionHasItsLagWhileItIsReadHere() {
    meters.lags(Map.of(FIRST, 3L, SECOND, 4L));
    assertTrue(registry.scrape().contains("belay_kafka_lag{partition=\"0\",topic=\"releases\"} 3"));
    assertTrue(registry.scrape().contains("belay_kafka_lag_all 7"), registry::scrape);
    meters.lags(Map.of(SECOND, 1L));
    assertFalse(registry.scrape().contains("partition=\"0\""), registry::scrape);
    assertTrue(registry.scrape().contains("belay_kafka_lag{partition=\"1\",topic=\"releases\"} 1"));
  }

  @Test
  void whetherTheBrokersAnswerAndWhetherReadingPausesIsToldAsItIs() {
    for (boolean is : new boolean[] {true, false}) {
      meters.connected(is);
      meters.paused(!is);
      String number = is ? "1.0" : "0.0";
      String other = is ? "0.0" : "1.0";
      assertTrue(registry.scrape().contains("belay_kafka_connected " + number), registry::scrape);
      assertTrue(registry.scrape().contains("belay_kafka_paused " + other), registry::scrape);
    }
  }

  @Test
  void whoeverAsksWhileLagMovesIsAnswered() {
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> moving =
        CompletableFuture.runAsync(
            () -> {
              for (long lag = 0; !over.get(); lag++) {
                meters.lags(Map.of(FIRST, lag));
              }
            });
    try {
      for (int i = 0; i < 20_000; i++) {
        assertDoesNotThrow(() -> registry.scrape());
      }
    } finally {
      over.set(true);
      moving.join();
    }
  }
}
