package dev.belay.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.belay.controlplane.Eventually;
import dev.belay.controlplane.FreePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real Prometheus, Alertmanager, Kafka and control plane feed one Belay. What is shipped by
 * kubectl and announced through Kafka is one release; what is measured, evaluated and sent is one
 * incident; and there is one rollback.
 */
final class EveryWayInIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String BAD = "covet/app:v3-bad";
  private static final String RELEASES = "releases";
  private static final String DECISIONS = "decisions";
  private static final Pattern DELIVERED =
      Pattern.compile("belay_alerts_received_total\\{door=\"webhook\",status=\"firing\"} ([0-9]+)");

  @TempDir private Path folder = Path.of("");

  @RegisterExtension final Opened opened = new Opened();
  private final Traffic traffic = new Traffic();

  @Test
  void whatComesByEveryWayIsOneReleaseOneIncidentAndOneRollback() throws Exception {
    Programs.assumePresent(Programs.PROMETHEUS, Programs.ALERTMANAGER);
    int port = FreePort.next();
    Covet covet = Covet.deployed(port);
    Broker broker = opened.keep(KitBroker.open());
    create(broker);
    AlertmanagerProcess alertmanager =
        opened.keep(AlertmanagerProcess.start(folder.resolve("alertmanager"), port));
    writeRules(covet);
    Exporter exporter =
        opened.keep(
            new Exporter(() -> traffic.serve(covet.namespace().name(), covet.readyImages())));
    PrometheusProcess prometheus =
        opened.keep(
            PrometheusProcess.start(
                folder.resolve("prometheus"),
                exporter.port(),
                List.of(alertmanager.port(), port),
                folder.resolve("rules/alerts.yml")));
    BelayProcess belay =
        opened.keep(BelayProcess.start(configuration(covet, broker, prometheus), port));
    try {
      covet.awaitKnownGood(Covet.V1);
      announce(broker, "release-2", Covet.V2);
      final Instant shipped = Instant.now();
      covet.ship(Covet.V2);
      covet.awaitReady(Covet.V2);
      final long rollout = Duration.between(shipped, Instant.now()).toMillis();
      covet.awaitKnownGood(Covet.V2);

      covet.ship(BAD);
      announce(broker, "release-3", BAD);
      Deployment patched = covet.awaitAction();
      final Instant acted = Instant.now();
      covet.awaitReady(Covet.V2);
      final Instant ready = Instant.now();
      Eventually.holds(
          "Alertmanager's word came in, too",
          SOON,
          () ->
              Http.get(port, "/metrics")
                  .filter(
                      text ->
                          DELIVERED
                              .matcher(text)
                              .results()
                              .anyMatch(it -> !it.group(1).equals("0")))
                  .isPresent());
      covet.awaitClosedIncident();

      assertOneOfEach(covet, Covet.action(patched));
      assertPublished(broker);
      System.out.printf(
          "every way in: patch %d ms after the first bad sample (floor: scrape 1000 + for 2000 +"
              + " veto 1000), all pods ready after %d ms (floor: the same and %d, as long as the"
              + " rollout of the release before took)%n",
          Duration.between(traffic.firstBad(), acted).toMillis(),
          Duration.between(traffic.firstBad(), ready).toMillis(),
          rollout);
    } catch (AssertionError e) {
      throw belay.told(e);
    }
  }

  private static void assertOneOfEach(Covet covet, String action) {
    assertEquals(1, covet.incidents().size(), () -> covet.incidents().toString());
    List<JsonNode> bad =
        covet.releases().stream()
            .filter(release -> release.path("image").asString("").equals(BAD))
            .toList();
    assertEquals(1, bad.size(), bad::toString);
    assertEquals("v3-bad", bad.getFirst().path("version").asString(""), bad::toString);
    assertEquals(2, covet.releases().size(), () -> covet.releases().toString());
    Deployment now = covet.deployment();
    assertEquals(List.of(Covet.V2), Covet.images(now));
    assertEquals(action, Covet.action(now));
    // Made, two images set, one rollback.
    assertEquals(4, now.getMetadata().getGeneration());
  }

  private void assertPublished(Broker broker) {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", broker.bootstrapServers(), "auto.offset.reset", "earliest");
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(List.of(new TopicPartition(DECISIONS, 0)));
      consumer.seekToBeginning(consumer.assignment());
      List<String> types = new ArrayList<>();
      Eventually.holds(
          "three decisions are published",
          SOON,
          () -> {
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
              JsonNode event = JsonMapper.shared().readTree(record.value());
              types.add(event.path("context").path("type").asString());
            }
            return types.size() >= 3;
          });
      assertEquals(
          List.of(
              "dev.cdevents.incident.detected.0.3.0",
              "dev.cdevents.service.rolledback.0.3.0",
              "dev.cdevents.incident.resolved.0.3.0"),
          types);
    }
  }

  private static void create(Broker broker) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .createTopics(
              List.of(new NewTopic(RELEASES, 1, (short) 1), new NewTopic(DECISIONS, 1, (short) 1)))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }

  private static void announce(Broker broker, String id, String image) throws Exception {
    String event =
        """
        {"id": "%s", "source": "pipeline", "service": "covet", "version": "%s", "image": "%s",
         "actor": "ann"}
        """
            .formatted(id, image.substring(image.indexOf(':') + 1), image);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(new ProducerRecord<>(RELEASES, event.getBytes(UTF_8)))
          .get(30, TimeUnit.SECONDS);
    }
  }

  private void writeRules(Covet covet) {
    Path rules = folder.resolve("rules");
    Programs.write(
        rules,
        "covet.yml",
        """
        service: covet
        workload: deployment/%1$s/covet-app
        match: { namespace: %1$s }
        rollback_triggers: { error_rate: "> 5%% for 2 seconds" }
        remediations:
          - name: bad-release
            when: [ rollback_triggers, 'alertname="HighErrorRateAfterDeployment"' ]
            blame: { release: 10m }
            mode: veto 1s
            ladder:
              - rollback: { to: last-good }
                verify: 40s
              - page: {}
        soak: 3s
        """
            .formatted(covet.namespace().name()));
    Programs.write(
        rules,
        "alerts.yml",
        """
        groups:
          - name: deployment-alerts
            rules:
              - alert: HighErrorRateAfterDeployment
                expr: >-
                  sum by (namespace) (rate(http_requests_total{code=~"5.."}[5s]))
                  / sum by (namespace) (rate(http_requests_total[5s])) > 0.05
                for: 2s
                labels: { severity: critical }
        """);
  }

  private Path configuration(Covet covet, Broker broker, PrometheusProcess prometheus) {
    return BelayProcess.acting(
        folder,
        covet.port(),
        covet.plane().kubeconfig(),
        """
        prometheus:
          url: http://127.0.0.1:%d
          interval: 1s
          timeout: 1s
          window: 5s
          evaluate_alerts: true
        kafka:
          brokers: [ "%s" ]
          topics: [ %s ]
          publish: %s
          client: { security.protocol: PLAINTEXT }
        """
            .formatted(prometheus.port(), broker.bootstrapServers(), RELEASES, DECISIONS));
  }
}
