package dev.belay.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.app.Daemon;
import dev.belay.app.Daemons;
import dev.belay.controlplane.Eventually;
import dev.belay.controlplane.FreePort;
import dev.belay.core.engine.Fact;
import dev.belay.core.incident.Notice;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Release;
import dev.belay.core.rule.RuleSet;
import dev.belay.intake.CdEventExample;
import dev.belay.intake.kafka.KafkaSettings;
import dev.belay.intake.kafka.KafkaSettings.Protocol;
import dev.belay.notify.kafka.KafkaNotifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is promised of release events that come by Kafka, against a real broker. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class KafkaSuite {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int LOAD = 600;

  private Optional<Broker> started = Optional.empty();
  private int names;

  @TempDir Path folder = Path.of("");

  /** A broker that the class has to itself. */
  abstract Broker broker();

  @BeforeAll
  void startBroker() {
    started = Optional.of(broker());
  }

  @AfterAll
  void stopBroker() {
    started.ifPresent(Broker::close);
  }

  private String servers() {
    return started.orElseThrow().bootstrapServers();
  }

  // ---- what is promised

  @Test
  void whatBelayPublishesComesBackAsItsOwn() throws Exception {
    String topic = topic(1);
    KafkaSettings settings = settings(topic, Protocol.CLASSIC, Optional.empty());
    try (KafkaNotifier notifier = KafkaNotifier.open(settings.producer(), topic, RuleSet.EMPTY);
        Daemon daemon = Daemons.start(folder, settings)) {
      Notice rolledBack =
          new Notice(
              "covet-1",
              4,
              Notice.Kind.ACTED,
              "covet",
              "covet",
              "Rolled back.",
              Instant.now(),
              Optional.empty(),
              Optional.of(List.of("covet:1")),
              Optional.empty());
      notifier.deliver(rolledBack, Optional.empty());
      send(topic, simple("by-a-pipeline"));
      awaitReleases(daemon, 1);
      assertEquals(List.of("by-a-pipeline"), releases(daemon));
      assertEquals(List.of(), rejected(daemon));
      ConsumerRecord<byte[], byte[]> published = read(topic, 2).getFirst();
      assertEquals("dev.cdevents.service.rolledback.0.3.0", text(published.headers(), "ce_type"));
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void everyFormatArrivesAsOneRelease(Protocol protocol) throws Exception {
    String topic = topic(3);
    try (Daemon daemon = Daemons.start(folder, settings(topic, protocol, Optional.empty()))) {
      send(topic, simple("bare"));
      send(topic, concat(new byte[] {0, 0, 0, 0, 7}, simple("framed")));
      send(topic, cdEvent("cd-bare", "0.4.1", "version"));
      send(topic, cdEvent("cd-new", "0.5.1", "specversion"));
      send(
          topic,
          ("{\"specversion\":\"1.0\",\"id\":\"structured\",\"source\":\"ci\",\"type\":\"shipped\","
                  + "\"data\":{\"service\":\"covet\"}}")
              .getBytes(UTF_8),
          "content-type",
          "application/cloudevents+json; charset=UTF-8");
      send(
          topic,
          "{\"service\":\"covet\"}".getBytes(UTF_8),
          "content-type",
          "application/json",
          "ce_specversion",
          "1.0",
          "ce_id",
          "binary",
          "ce_source",
          "ci",
          "ce_type",
          "shipped");
      List<String> all = List.of("bare", "framed", "cd-bare", "cd-new", "structured", "binary");
      awaitReleases(daemon, all.size());
      assertEquals(all.stream().sorted().toList(), releases(daemon).stream().sorted().toList());
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void everyExampleOfCdEventsIsTakenOrIgnoredAsByHttp(Protocol protocol) throws Exception {
    String topic = topic(1);
    List<CdEventExample> examples = CdEventExample.all();
    long shipped = examples.stream().filter(each -> each.change().isPresent()).count();
    try (Daemon daemon = Daemons.start(folder, settings(topic, protocol, Optional.empty()))) {
      for (CdEventExample example : examples) {
        byte[] body = example.body().toString().getBytes(UTF_8);
        send(topic, body);
        send(
            topic,
            body,
            "content-type",
            "application/json",
            "ce_specversion",
            "1.0",
            "ce_id",
            example.body().at("/context/id").stringValue(""),
            "ce_source",
            "ci",
            "ce_type",
            example.type());
      }
      Eventually.holds(
          "all are done with", SOON, () -> metric(daemon, "records_total") == 2L * examples.size());
      assertEquals(2 * shipped, metric(daemon, "records_total{result=\"taken\"}"));
      assertEquals(
          2L * (examples.size() - shipped), metric(daemon, "records_total{result=\"ignored\"}"));
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void whatCannotBeReadGoesToTheDeadLettersAndTheNextIsTaken(Protocol protocol) throws Exception {
    String topic = topic(1);
    String dead = topic(1);
    byte[] poison = {'{', (byte) 0xff, 1, 2};
    try (Daemon daemon = Daemons.start(folder, settings(topic, protocol, Optional.of(dead)))) {
      send(topic, simple("before"));
      send(topic, poison, "content-type", "application/json", "mine", "kept");
      send(topic, new byte[0]);
      try (KafkaProducer<byte[], byte[]> producer = producer()) {
        producer.send(new ProducerRecord<>(topic, "k".getBytes(UTF_8), null)).get();
      }
      send(topic, simple("after"));
      awaitReleases(daemon, 2);
      List<ConsumerRecord<byte[], byte[]>> letters = read(dead, 2);
      ConsumerRecord<byte[], byte[]> letter = letters.getFirst();
      assertArrayEquals(poison, letter.value());
      assertArrayEquals("covet".getBytes(UTF_8), letter.key());
      Headers headers = letter.headers();
      assertEquals("kept", text(headers, "mine"));
      assertEquals(topic, text(headers, "belay.dlq.topic"));
      assertEquals("0", text(headers, "belay.dlq.partition"));
      assertEquals("1", text(headers, "belay.dlq.offset"));
      assertTrue(text(headers, "belay.dlq.reason").contains("not JSON"), headers::toString);
      Eventually.holds("all are counted", SOON, () -> metric(daemon, "records_total") == 5);
      assertEquals(2, metric(daemon, "records_total{result=\"dead_letter\"}"));
      assertEquals(1, metric(daemon, "records_total{result=\"tombstone\"}"));
      assertEquals(List.of(), rejected(daemon));
    }
    assertEquals(5, committed(topic));
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void withoutDeadLettersTheJournalKeepsANote(Protocol protocol) throws Exception {
    String topic = topic(1);
    try (Daemon daemon = Daemons.start(folder, settings(topic, protocol, Optional.empty()))) {
      send(topic, "hello".getBytes(UTF_8));
      send(topic, simple("after"));
      awaitReleases(daemon, 1);
      assertEquals(List.of(topic + "/0/0"), rejected(daemon));
    }
    assertEquals(2, committed(topic));
  }

  @Test
  void deadLettersWithoutTheirTopicAreKeptInTheJournal() throws Exception {
    String topic = topic(1);
    KafkaSettings settings = settings(topic, Protocol.CLASSIC, Optional.of("not.there"));
    try (Daemon daemon = Daemons.start(folder, settings)) {
      send(topic, "hello".getBytes(UTF_8));
      send(topic, simple("after"));
      awaitReleases(daemon, 1);
      assertEquals(List.of(topic + "/0/0"), rejected(daemon));
      assertTrue(ready(daemon).contains("there is no topic not.there for dead letters"));
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void nothingIsLostAndNothingComesTwiceWhereTheBrokerEndsUnderLoad(Protocol protocol)
      throws Exception {
    String topic = topic(2);
    try (Daemon daemon = Daemons.start(folder, settings(topic, protocol, Optional.empty()));
        KafkaProducer<byte[], byte[]> producer = producer()) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int i = 0; i < LOAD; i++) {
        sent.add(producer.send(record(topic, simple("r" + i))));
        if (i == LOAD / 2) {
          producer.flush();
          awaitReleases(daemon, 1);
          started.orElseThrow().stop();
          Eventually.holds(
              "it says that no broker answers",
              SOON,
              () -> ready(daemon).contains("kafka degraded: no broker answers at " + servers()));
          assertEquals(0, metric(daemon, "connected"));
          started.orElseThrow().start();
        }
      }
      for (Future<RecordMetadata> one : sent) {
        one.get(60, TimeUnit.SECONDS);
      }
      awaitReleases(daemon, LOAD);
      assertEquals(once(IntStream.range(0, LOAD)), counted(releases(daemon)));
      Eventually.holds("it is well", SOON, () -> !ready(daemon).contains("degraded: no broker"));
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void whatACrashLeftUncommittedIsTakenOnceOnly(Protocol protocol) throws Exception {
    String topic = topic(1);
    int port = FreePort.next();
    Path configuration = configuration(topic, protocol, port);
    for (int life = 0; life < 2; life++) {
      for (int i = 0; i < LOAD / 2; i++) {
        send(topic, simple("r" + (life * LOAD / 2 + i)));
      }
      // It commits after five seconds at the earliest: none of it survives.
      try (BelayProcess belay = BelayProcess.start(configuration, port)) {
        Eventually.holds(
            "releases arrive",
            SOON,
            () ->
                Http.get(port, "/metrics")
                    .filter(text -> metric(text, "belay_kafka_records_total") > 0)
                    .isPresent());
        belay.kill();
      }
    }
    try (Daemon daemon = Daemons.start(folder, settings(topic, protocol, Optional.empty()))) {
      awaitReleases(daemon, LOAD);
      send(topic, simple("last"));
      awaitReleases(daemon, LOAD + 1);
      Map<String, Integer> all = once(IntStream.range(0, LOAD));
      all.put("last", 1);
      assertEquals(all, counted(releases(daemon)));
    }
    // Another group begins at the beginning, and the journal knows it all.
    KafkaSettings other = settings(topic, protocol, Optional.empty());
    try (Daemon daemon = Daemons.start(folder, other)) {
      send(topic, simple("new"));
      awaitReleases(daemon, LOAD + 2);
      // Counted when the consumer hears of it, which is after it is so.
      Eventually.holds(
          "it is counted, and nothing else is",
          SOON,
          () -> metric(daemon, "records_total{result=\"taken\"}") == 1);
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void aTopicThatIsMissingIsReadOnceItIsThere(Protocol protocol) throws Exception {
    String topic = name();
    try (Daemon daemon = Daemons.start(folder, settings(topic, protocol, Optional.empty()))) {
      Eventually.holds(
          "it says so",
          SOON,
          () -> ready(daemon).contains("kafka degraded: there is no topic " + topic));
      assertEquals(0, metric(daemon, "connected"));
      create(topic, 1);
      send(topic, simple("first"));
      awaitReleases(daemon, 1);
      Eventually.holds("it is well", SOON, () -> metric(daemon, "connected") == 1);
    }
  }

  @Test
  void aTopicThatWasMadeAgainIsReadFromItsBeginning() throws Exception {
    String topic = topic(1);
    try (Daemon daemon =
        Daemons.start(folder, settings(topic, Protocol.CLASSIC, Optional.empty()))) {
      send(topic, simple("old-1"));
      send(topic, simple("old-2"));
      awaitReleases(daemon, 2);
      try (Admin admin = admin()) {
        admin.deleteTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
      }
      Eventually.holds(
          "it is missed", SOON, () -> ready(daemon).contains("there is no topic " + topic));
      create(topic, 1);
      send(topic, simple("new-1"));
      awaitReleases(daemon, 3);
      assertEquals(List.of("old-1", "old-2", "new-1"), releases(daemon));
    }
  }

  /** The session before reads of the new topic what it takes for the old one's, and commits it. */
  @ParameterizedTest
  @EnumSource
  void aTopicThatIsMadeAgainAtOnceIsReadFromItsBeginningToo(Protocol protocol) throws Exception {
    String topic = topic(1);
    Path own = Files.createDirectories(folder.resolve(topic));
    KafkaSettings settings = settings(topic, protocol, Optional.empty());
    try (Daemon daemon = Daemons.start(own, settings)) {
      for (String old : List.of("old-1", "old-2", "old-3", "old-4")) {
        send(topic, simple(old));
      }
      awaitReleases(daemon, 4);
    }
    // One that has read nothing of it in its life.
    try (Daemon daemon = Daemons.start(own, settings)) {
      Eventually.holds("it is well", SOON, () -> ready(daemon).contains("[+]kafka ok"));
      Eventually.holds("it has its partition", SOON, () -> metric(daemon, "rebalances_total") > 0);
      try (Admin admin = admin()) {
        admin.deleteTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
      }
      Eventually.holds("it is there again", SOON, () -> made(topic));
      try (KafkaProducer<byte[], byte[]> producer = producer()) {
        for (String id : List.of("new-1", "new-2")) {
          producer.send(record(topic, simple(id))).get(60, TimeUnit.SECONDS);
        }
      }
      awaitReleases(daemon, 6);
      assertEquals(List.of("old-1", "old-2", "old-3", "old-4", "new-1", "new-2"), releases(daemon));
    }
  }

  private boolean made(String topic) {
    try {
      create(topic, 1);
      return true;
    } catch (Exception e) {
      // The brokers still are at its end.
      return false;
    }
  }

  // ---- around it

  private String name() {
    return "t" + ++names;
  }

  private String topic(int partitions) throws Exception {
    String topic = name();
    create(topic, partitions);
    return topic;
  }

  private void create(String topic, int partitions) throws Exception {
    try (Admin admin = admin()) {
      admin
          .createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", servers()));
  }

  private KafkaSettings settings(String topic, Protocol protocol, Optional<String> deadLetters) {
    return new KafkaSettings(
        List.of(servers()),
        List.of(topic),
        "g" + ++names,
        protocol,
        new KafkaSettings.Start.Earliest(),
        deadLetters,
        Optional.empty(),
        new TreeMap<>());
  }

  private Path configuration(String topic, Protocol protocol, int port) throws IOException {
    Path rules = Files.createDirectories(folder.resolve("rules"));
    Files.writeString(rules.resolve("covet.yml"), Daemons.RULES);
    return Files.writeString(
        folder.resolve("belay.yml"),
        """
        listen: 127.0.0.1:%d
        cluster: { enabled: false }
        kafka:
          brokers: [ "%s" ]
          topics: [ %s ]
          group: g%d
          group_protocol: %s
        """
            .formatted(
                port,
                servers(),
                topic,
                ++names,
                protocol.name().toLowerCase(java.util.Locale.ROOT)));
  }

  private KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", servers(), "linger.ms", 0),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static ProducerRecord<byte[], byte[]> record(String topic, byte[] value) {
    return new ProducerRecord<>(topic, "covet".getBytes(UTF_8), value);
  }

  private Optional<KafkaProducer<byte[], byte[]>> sender = Optional.empty();

  private void send(String topic, byte[] value, String... headers) throws Exception {
    if (sender.isEmpty()) {
      sender = Optional.of(producer());
    }
    ProducerRecord<byte[], byte[]> record = record(topic, value);
    for (int i = 0; i < headers.length; i += 2) {
      record.headers().add(headers[i], headers[i + 1].getBytes(UTF_8));
    }
    sender.get().send(record).get(60, TimeUnit.SECONDS);
  }

  @AfterAll
  void closeSender() {
    sender.ifPresent(KafkaProducer::close);
  }

  static byte[] simple(String id) {
    return ("{\"id\":\"" + id + "\",\"source\":\"ci\",\"service\":\"covet\"}").getBytes(UTF_8);
  }

  private static byte[] cdEvent(String id, String version, String key) {
    return """
    {"context": {"%s": "%s", "id": "%s", "source": "/ci",
       "type": "dev.cdevents.service.deployed.0.2.0", "timestamp": "2026-11-24T10:15:30Z"},
     "subject": {"id": "covet", "type": "service", "content": {
       "environment": {"id": ""}, "artifactId": "pkg:oci/covet@sha256%%3Aabc"}}}
    """
        .formatted(key, version, id)
        .getBytes(UTF_8);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", servers(), "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(new TopicPartition(topic, 0)));
      Eventually.holds(
          count + " dead letters",
          SOON,
          () -> {
            consumer.poll(Duration.ofMillis(100)).forEach(found::add);
            return found.size() >= count;
          });
    }
    return found;
  }

  private static String text(Headers headers, String name) {
    return new String(headers.lastHeader(name).value(), UTF_8);
  }

  /** What the group that read the topic last has committed. */
  private long committed(String topic) throws InterruptedException, ExecutionException {
    try (Admin admin = admin()) {
      Map<TopicPartition, OffsetAndMetadata> offsets =
          admin.listConsumerGroupOffsets("g" + names).partitionsToOffsetAndMetadata().get();
      OffsetAndMetadata found = offsets.get(new TopicPartition(topic, 0));
      return found == null ? -1 : found.offset();
    }
  }

  // ---- what the daemon made of it

  private static List<Fact> facts(Daemon daemon) {
    List<Fact> facts = new ArrayList<>();
    daemon
        .queries()
        .history(
            Instant.EPOCH, Instant.now().plusSeconds(60), entry -> facts.addAll(entry.facts()));
    return facts;
  }

  static List<String> releases(Daemon daemon) {
    return facts(daemon).stream()
        .filter(Fact.ReleaseRecorded.class::isInstance)
        .map(Fact.ReleaseRecorded.class::cast)
        .map(Fact.ReleaseRecorded::release)
        .map(Release::id)
        .toList();
  }

  static void awaitReleases(Daemon daemon, int count) {
    Eventually.holds(count + " releases", SOON, () -> releases(daemon).size() >= count);
  }

  private static List<String> rejected(Daemon daemon) {
    return facts(daemon).stream()
        .filter(Fact.Decided.class::isInstance)
        .map(Fact.Decided.class::cast)
        .filter(decided -> decided.reason() == Reason.RECORD_UNREADABLE)
        .map(Fact.Decided::subject)
        .toList();
  }

  static Map<String, Integer> counted(List<String> ids) {
    Map<String, Integer> counts = new HashMap<>();
    ids.forEach(id -> counts.merge(id, 1, Integer::sum));
    return counts;
  }

  static Map<String, Integer> once(IntStream numbers) {
    Map<String, Integer> counts = new HashMap<>();
    numbers.forEach(number -> counts.put("r" + number, 1));
    return counts;
  }

  static String ready(Daemon daemon) {
    return Http.get(daemon.port(), "/-/ready?verbose").orElse("");
  }

  /** The sum of the series of that name that begin so. */
  static long metric(Daemon daemon, String name) {
    return metric(Http.get(daemon.port(), "/metrics").orElse(""), "belay_kafka_" + name);
  }

  private static long metric(String exposition, String name) {
    return Pattern.compile("(?m)^" + Pattern.quote(name) + "(?:\\{.*})? (\\S+)$")
        .matcher(exposition)
        .results()
        .map((MatchResult it) -> it.group(1))
        .mapToLong(text -> Math.round(Double.parseDouble(text)))
        .sum();
  }
}
