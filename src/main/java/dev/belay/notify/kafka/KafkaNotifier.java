package dev.belay.notify.kafka;

import dev.belay.core.engine.State;
import dev.belay.core.incident.Notice;
import dev.belay.core.rule.Environment;
import dev.belay.core.rule.Fleet;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import dev.belay.port.Notifier;
import dev.belay.port.NotifierFailed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Publishes incidents and rollbacks as CDEvents, in CloudEvents' binary mode, keyed by the service.
 * Other notices are no events, and are taken without a word. At least once: after a doubtful answer
 * an event may come twice, with the same id.
 */
public final class KafkaNotifier implements Notifier {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Duration CLOSE = Duration.ofSeconds(2);
  private static final String NOWHERE = "unknown";

  private final Producer<byte[], byte[]> producer;
  private final String topic;
  private final RuleSet rules;
  private final Map<String, String> environments = new HashMap<>();

  /** Publishes by this producer, and closes it in the end. */
  KafkaNotifier(Producer<byte[], byte[]> producer, String topic, RuleSet rules) {
    this.producer = producer;
    this.topic = topic;
    this.rules = rules;
    for (Service service : rules.services()) {
      service
          .workload()
          .ifPresent(
              workload -> environments.put(service.name(), environment(workload.namespace())));
    }
  }

  /**
   * Publishes to this topic. Connects by itself, sooner or later.
   *
   * @param client settings of Kafka's producer; they may hold secrets
   * @param rules where the services' environments are found
   */
  public static KafkaNotifier open(Map<String, Object> client, String topic, RuleSet rules) {
    return new KafkaNotifier(
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer()),
        topic,
        rules);
  }

  private String environmentOf(String service) {
    return Optional.ofNullable(environments.get(service))
        .or(() -> Fleet.namespaceOf(service).map(this::environment))
        .orElse(NOWHERE);
  }

  private String environment(String namespace) {
    return rules.environments().stream()
        .filter(environment -> environment.namespace().equals(namespace))
        .map(Environment::name)
        .findFirst()
        .orElse(namespace);
  }

  @Override
  public String channel() {
    return State.PROGRAMS;
  }

  @Override
  public Optional<String> deliver(Notice notice, Optional<String> thread) {
    String environment = environmentOf(notice.service());
    Decision.of(notice, environment).ifPresent(decision -> publish(notice.service(), decision));
    return Optional.empty();
  }

  private void publish(String service, Decision decision) {
    List<Header> headers =
        List.of(
            header("content-type", "application/json"),
            header("ce_specversion", "1.0"),
            header("ce_id", decision.id()),
            header("ce_source", Decision.SOURCE),
            header("ce_type", decision.type()),
            header("ce_time", decision.time()),
            header("ce_subject", decision.subject()));
    byte[] key = service.getBytes(StandardCharsets.UTF_8);
    byte[] value = decision.json().getBytes(StandardCharsets.UTF_8);
    try {
      var _ =
          producer
              .send(new ProducerRecord<>(topic, null, key, value, headers))
              .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RecordTooLargeException) {
        throw NotifierFailed.unfit("topic " + topic + " takes no record of that size");
      }
      throw failed(String.valueOf(e.getCause()));
    } catch (TimeoutException | RuntimeException e) {
      throw failed(String.valueOf(e.getMessage()));
    }
  }

  private NotifierFailed failed(String why) {
    return new NotifierFailed(
        "cannot publish to topic " + topic + ": " + why, false, Optional.empty());
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    producer.close(CLOSE);
  }
}
