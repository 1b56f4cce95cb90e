package dev.belay.intake.kafka;

import java.util.LinkedHashMap;
import java.util.Map;

/** What Kafka's clients are given: settings that suit Belay, and those that people may choose. */
final class ClientProperties {
  private static final int SECONDS = 1_000;

  /** What lies within a delivery of so many records is looked at at once. */
  private static final int POLL_RECORDS = 500;

  /** A record that another client could produce must fit into the dead-letter topic. */
  private static final int LARGEST_REQUEST = 16 << 20;

  private ClientProperties() {}

  /**
   * For the consumer. The protocol of the broker forbids what the classic one needs, so each gets
   * its own.
   */
  static Map<String, Object> consumer(KafkaSettings settings) {
    Map<String, Object> properties = common(settings);
    properties.put("group.id", settings.group());
    properties.put("enable.auto.commit", false);
    properties.put("auto.offset.reset", reset(settings.start()));
    properties.put("allow.auto.create.topics", false);
    properties.put("isolation.level", "read_committed");
    properties.put("max.poll.records", POLL_RECORDS);
    switch (settings.protocol()) {
      case CLASSIC -> {
        properties.put("group.protocol", "classic");
        // A daemon that was killed keeps the next one waiting for so long.
        properties.put("session.timeout.ms", 10 * SECONDS);
        properties.put("heartbeat.interval.ms", 3 * SECONDS);
        properties.put(
            "partition.assignment.strategy",
            "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
      }
      case CONSUMER -> properties.put("group.protocol", "consumer");
    }
    return properties;
  }

  /** For the producer of dead letters. */
  static Map<String, Object> producer(KafkaSettings settings) {
    Map<String, Object> properties = common(settings);
    properties.put("acks", "all");
    properties.put("linger.ms", 0);
    properties.put("max.block.ms", 5 * SECONDS);
    properties.put("request.timeout.ms", 10 * SECONDS);
    properties.put("delivery.timeout.ms", 30 * SECONDS);
    properties.put("max.request.size", LARGEST_REQUEST);
    return properties;
  }

  /** For the questions after topics. */
  static Map<String, Object> admin(KafkaSettings settings) {
    Map<String, Object> properties = common(settings);
    properties.put("request.timeout.ms", 5 * SECONDS);
    properties.put("default.api.timeout.ms", 5 * SECONDS);
    return properties;
  }

  private static Map<String, Object> common(KafkaSettings settings) {
    Map<String, Object> properties = new LinkedHashMap<>();
    settings
        .login()
        .ifPresent(
            login -> {
              properties.put("security.protocol", "SASL_SSL");
              properties.put("sasl.mechanism", "PLAIN");
            });
    properties.putAll(settings.client());
    settings
        .login()
        .ifPresent(
            login ->
                properties.put(
                    "sasl.jaas.config",
                    jaas(String.valueOf(properties.get("sasl.mechanism")), login)));
    properties.put("bootstrap.servers", String.join(",", settings.brokers()));
    properties.put("client.id", "belay");
    properties.put("reconnect.backoff.max.ms", 5 * SECONDS);
    // Brokers could ask clients for figures about themselves; Belay's are at /metrics.
    properties.put("enable.metrics.push", false);
    return properties;
  }

  private static String reset(KafkaSettings.Start start) {
    return switch (start) {
      case KafkaSettings.Start.Earliest() -> "earliest";
      case KafkaSettings.Start.Latest() -> "latest";
      case KafkaSettings.Start.Back(var by) -> "by_duration:" + by;
    };
  }

  private static String jaas(String mechanism, KafkaSettings.Login login) {
    String module =
        mechanism.startsWith("SCRAM")
            ? "org.apache.kafka.common.security.scram.ScramLoginModule"
            : "org.apache.kafka.common.security.plain.PlainLoginModule";
    return module
        + " required username="
        + quoted(login.username())
        + " password="
        + quoted(login.password())
        + ";";
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
