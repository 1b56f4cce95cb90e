package dev.belay.intake.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which release events are read from where. Shows no secret as a text.
 *
 * @param brokers addresses to begin with, each host:port; at least one
 * @param topics what is read; at least one, unless something is published
 * @param group the consumer group, in which offsets are kept
 * @param protocol how the members of the group agree
 * @param start where a partition is begun that neither the group nor the journal knows
 * @param publish the topic that Belay's own decisions go to; empty: none does
 * @param deadLetters a topic for records that cannot be read; where empty, the journal keeps a note
 *     of each
 * @param login who logs in, where the brokers ask for that
 * @param client settings of Kafka's client, with their names there; only those of {@link #CLIENT}
 */
public record KafkaSettings(
    List<String> brokers,
    List<String> topics,
    String group,
    Protocol protocol,
    Start start,
    Optional<String> deadLetters,
    Optional<Login> login,
    SortedMap<String, String> client,
    Optional<String> publish) {
  /** Of which nothing is published. */
  public KafkaSettings(
      List<String> brokers,
      List<String> topics,
      String group,
      Protocol protocol,
      Start start,
      Optional<String> deadLetters,
      Optional<Login> login,
      SortedMap<String, String> client) {
    this(brokers, topics, group, protocol, start, deadLetters, login, client, Optional.empty());
  }

  /** Settings of Kafka's client for one that publishes; they hold secrets. */
  public Map<String, Object> producer() {
    return ClientProperties.producer(this);
  }

  /** Those of the client's settings that are secrets. */
  public static final Set<String> SECRET =
      Set.of(
          "ssl.key.password",
          "ssl.keystore.key",
          "ssl.keystore.password",
          "ssl.truststore.password");

  /** Those that are paths. */
  public static final Set<String> PATHS =
      Set.of("ssl.keystore.location", "ssl.truststore.location");

  /** The settings of Kafka's client that may be given: others can run code or reach files. */
  public static final SortedSet<String> CLIENT = allowed();

  /** The ways to log in; the others run code that a setting names, or ask servers. */
  public static final List<String> MECHANISMS = List.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512");

  /** The ways to speak to a broker. */
  public static final List<String> SECURITY =
      List.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL");

  /** How the members of a group agree on who reads what. */
  public enum Protocol {
    /** Among themselves; every broker speaks it. */
    CLASSIC,
    /** By the broker; from Kafka 4.0 on. */
    CONSUMER
  }

  /** Where to begin. */
  public sealed interface Start {
    /** With the oldest record that there is. */
    record Earliest() implements Start {}

    /** With what comes from now on. */
    record Latest() implements Start {}

    /** With the records of so long ago. */
    record Back(Duration by) implements Start {}
  }

  /** Who logs in. */
  public record Login(String username, String password) {
    @Override
    public String toString() {
      return "Login[" + username + "]";
    }
  }

  private static SortedSet<String> allowed() {
    SortedSet<String> keys = new TreeSet<>(SECRET);
    keys.addAll(PATHS);
    keys.addAll(
        List.of(
            "client.rack",
            "sasl.mechanism",
            "security.protocol",
            "ssl.enabled.protocols",
            "ssl.keystore.certificate.chain",
            "ssl.keystore.type",
            "ssl.truststore.certificates",
            "ssl.truststore.type"));
    return keys;
  }

  @Override
  public String toString() {
    return "KafkaSettings[" + brokers + ", " + topics + ", " + group + "]";
  }
}
