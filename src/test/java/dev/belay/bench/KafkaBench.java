package dev.belay.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.belay.app.Assembly;
import dev.belay.app.Daemon;
import dev.belay.core.engine.Fact;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import dev.belay.e2e.Broker;
import dev.belay.e2e.KitBroker;
import dev.belay.intake.kafka.KafkaSettings;
import dev.belay.journal.SqliteJournal;
import dev.belay.port.Journal;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Release events from Kafka into the journal, beside a consumer that only writes the same bytes
 * into a file, with one flush for each poll. Both read the same records of the same broker, which
 * has the machine in common with them.
 */
public final class KafkaBench {
  private static final String TOPIC = "releases";
  private static final int PARTITIONS = 4;
  private static final int RECORDS = 200_000;
  private static final int SERVICES = 100;
  private static final int ROUNDS = 3;
  private static final int POLL_RECORDS = 500;

  private KafkaBench() {}

  /** Prints the table. */
  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("belay-bench");
    try (Broker broker = KitBroker.open()) {
      produce(broker.bootstrapServers());
      double belay = 0;
      double bare = 0;
      for (int round = 0; round < ROUNDS; round++) {
        bare = Math.max(bare, bare(broker.bootstrapServers(), folder, round));
        belay = Math.max(belay, belay(broker.bootstrapServers(), folder, round));
      }
      Table.head("Kafka, the best of " + ROUNDS + " rounds");
      Table.row("durable release events/s, beside a bare consumer", belay, bare);
    }
  }

  private static void produce(String servers) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).all().get();
    }
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", servers, "linger.ms", 20),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < RECORDS; i++) {
        String service = "service-" + i % SERVICES;
        var _ =
            producer.send(
                new ProducerRecord<>(TOPIC, service.getBytes(UTF_8), release(i, service)));
      }
    }
  }

  private static byte[] release(int number, String service) {
    return """
    {"id": "%d", "source": "https://ci.example.org/pipelines/shop", "service": "%s",
     "environment": "production", "version": "1.%d", "image": "registry.example.org/%s:1.%d",
     "actor": "ann"}
    """
        .formatted(number, service, number, service, number)
        .getBytes(UTF_8);
  }

  /** Records a second. */
  private static double bare(String servers, Path folder, int round) throws Exception {
    try (KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                Map.of(
                    "bootstrap.servers",
                    servers,
                    "group.id",
                    "bare-" + round,
                    "enable.auto.commit",
                    false,
                    "auto.offset.reset",
                    "earliest",
                    "max.poll.records",
                    POLL_RECORDS),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        FileChannel file =
            FileChannel.open(
                folder.resolve("bare-" + round),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND)) {
      consumer.subscribe(List.of(TOPIC));
      int read = 0;
      long began = System.nanoTime();
      while (read < RECORDS) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofSeconds(1));
        if (records.isEmpty()) {
          continue;
        }
        if (read == 0) {
          began = System.nanoTime();
        }
        for (ConsumerRecord<byte[], byte[]> each : records) {
          ByteBuffer bytes = ByteBuffer.wrap(each.value());
          while (bytes.hasRemaining()) {
            file.write(bytes);
          }
        }
        file.force(false);
        consumer.commitSync();
        read += records.count();
      }
      return RECORDS * 1e9 / (System.nanoTime() - began);
    }
  }

  private static double belay(String servers, Path folder, int round) throws Exception {
    Meter meter = new Meter();
    KafkaSettings kafka =
        new KafkaSettings(
            List.of(servers),
            List.of(TOPIC),
            "belay-" + round,
            KafkaSettings.Protocol.CLASSIC,
            new KafkaSettings.Start.Earliest(),
            Optional.empty(),
            Optional.empty(),
            new TreeMap<>());
    try (Daemon _ =
        Assembly.of(rules(), SqliteJournal.open(folder.resolve("journal-" + round)))
            .kafka(Optional.of(kafka))
            .pauses(Duration.ofHours(1), Duration.ofHours(1))
            .watcher(meter::count)
            .start()) {
      return meter.rate();
    }
  }

  private static RuleSet rules() {
    return new RuleSet(
        List.of(),
        List.of(),
        IntStream.range(0, SERVICES)
            .mapToObj(
                number ->
                    new Service(
                        "service-" + number,
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        List.of(),
                        Limits.DEFAULT,
                        Service.DEFAULT_SOAK))
            .toList());
  }

  /** Counts releases that are durable. */
  private static final class Meter {
    private final AtomicLong recorded = new AtomicLong();
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile long began;
    private volatile long ended;

    void count(List<Journal.Entry> entries) {
      for (Journal.Entry entry : entries) {
        for (Fact fact : entry.facts()) {
          if (fact instanceof Fact.ReleaseRecorded) {
            one();
          }
        }
      }
    }

    private void one() {
      long number = recorded.incrementAndGet();
      if (number == 1) {
        began = System.nanoTime();
      } else if (number == RECORDS) {
        ended = System.nanoTime();
        done.countDown();
      }
    }

    double rate() throws InterruptedException {
      if (!done.await(2, TimeUnit.MINUTES)) {
        throw new IllegalStateException(recorded + " of " + RECORDS + " events were recorded");
      }
      return RECORDS * 1e9 / (ended - began);
    }
  }
}
