package dev.belay.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.app.Daemon;
import dev.belay.app.Daemons;
import dev.belay.controlplane.Eventually;
import dev.belay.intake.kafka.KafkaSettings;
import dev.belay.intake.kafka.KafkaSettings.Protocol;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A broker that dies as processes die, and one that comes later than Belay. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class BrokerKilledIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String TOPIC = "releases";
  private static final int LOAD = 600;
  private static final int KILLS = 2;

  @TempDir private Path folder = Path.of("");

  private BrokerProcess broker() throws Exception {
    return BrokerProcess.of(Files.createDirectory(folder.resolve("broker")));
  }

  private static KafkaSettings settings(Broker broker, Protocol protocol) {
    return new KafkaSettings(
        List.of(broker.bootstrapServers()),
        List.of(TOPIC),
        "belay",
        protocol,
        new KafkaSettings.Start.Earliest(),
        Optional.empty(),
        Optional.empty(),
        new TreeMap<>());
  }

  private static void create(Broker broker) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .createTopics(List.of(new NewTopic(TOPIC, 2, (short) 1)))
          .all()
          .get(60, TimeUnit.SECONDS);
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(Broker broker) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", 0),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static ProducerRecord<byte[], byte[]> record(String id) {
    return new ProducerRecord<>(TOPIC, id.getBytes(UTF_8), KafkaSuite.simple(id));
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void nothingIsLostAndNothingComesTwiceWhereTheBrokerIsKilledUnderLoad(Protocol protocol)
      throws Exception {
    try (BrokerProcess broker = broker()) {
      broker.start();
      create(broker);
      try (Daemon daemon = Daemons.start(folder, settings(broker, protocol));
          KafkaProducer<byte[], byte[]> producer = producer(broker)) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < LOAD; i++) {
          sent.add(producer.send(record("r" + i)));
          if ((i + 1) % (LOAD / (KILLS + 1)) == 0 && i + 1 < LOAD) {
            // Of what is under way now some is taken and not committed, and some is not sent.
            KafkaSuite.awaitReleases(daemon, i / 2);
            broker.stop();
            broker.start();
          }
        }
        for (Future<RecordMetadata> one : sent) {
          one.get(120, TimeUnit.SECONDS);
        }
        KafkaSuite.awaitReleases(daemon, LOAD);
        assertEquals(
            KafkaSuite.once(IntStream.range(0, LOAD)),
            KafkaSuite.counted(KafkaSuite.releases(daemon)));
      }
    }
  }

  @Test
  void aBrokerThatIsAwayAtTheStartIsSaidAndReadOnceItIsThere() throws Exception {
    try (BrokerProcess broker = broker();
        Daemon daemon = Daemons.start(folder, settings(broker, Protocol.CLASSIC))) {
      Eventually.holds(
          "it says so",
          SOON,
          () ->
              KafkaSuite.ready(daemon)
                  .contains("kafka degraded: no broker answers at " + broker.bootstrapServers()));
      assertTrue(KafkaSuite.ready(daemon).endsWith("ready\n"), KafkaSuite.ready(daemon));
      assertEquals(0, KafkaSuite.metric(daemon, "connected"));
      broker.start();
      create(broker);
      try (KafkaProducer<byte[], byte[]> producer = producer(broker)) {
        producer.send(record("first")).get(60, TimeUnit.SECONDS);
      }
      KafkaSuite.awaitReleases(daemon, 1);
      assertEquals(List.of("first"), KafkaSuite.releases(daemon));
      Eventually.holds("it is well", SOON, () -> KafkaSuite.metric(daemon, "connected") == 1);
    }
  }
}
