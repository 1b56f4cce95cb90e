package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.app.Daemon;
import dev.belay.app.Daemons;
import dev.belay.controlplane.Eventually;
import dev.belay.intake.kafka.KafkaSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Brokers that speak TLS, want a certificate, or a login over TLS. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaTlsIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String TOPIC = "releases";
  private static final String USER = "belay";
  private static final String USER_PASSWORD = "a-user-password";

  /** It wants the certificate of whoever comes. */
  private static final String BY_CERTIFICATE = "CERTIFICATE";

  /** It wants a login. */
  private static final String BY_LOGIN = "LOGIN";

  private Path folder = Path.of("");
  private Optional<BrokerProcess> started = Optional.empty();
  private Optional<Certificates> made = Optional.empty();
  private int groups;

  @BeforeAll
  void startBroker(@TempDir Path all) throws Exception {
    folder = all;
    Certificates certificates = new Certificates(folder.resolve("certificates"));
    made = Optional.of(certificates);
    certificates.signed("client");
    BrokerProcess broker =
        BrokerProcess.of(
            Files.createDirectory(folder.resolve("broker")),
            Map.of(BY_CERTIFICATE, "SSL", BY_LOGIN, "SASL_SSL"),
            Map.of(
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.location",
                certificates.signed("broker").toString(),
                "ssl.keystore.password",
                Certificates.PASSWORD,
                "ssl.key.password",
                Certificates.PASSWORD,
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.location",
                certificates.trusted(),
                "ssl.truststore.password",
                Certificates.PASSWORD,
                "listener.name.certificate.ssl.client.auth",
                "required",
                "sasl.enabled.mechanisms",
                "SCRAM-SHA-512",
                "listener.name.login.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;"),
            List.of("SCRAM-SHA-512=[name=" + USER + ",password=" + USER_PASSWORD + "]"));
    started = Optional.of(broker);
    broker.start();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)))
          .all()
          .get(60, TimeUnit.SECONDS);
    }
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(TOPIC, KafkaSuite.simple("r1"))).get(60, TimeUnit.SECONDS);
    }
  }

  @AfterAll
  void stopBroker() {
    started.ifPresent(Broker::close);
  }

  private Certificates certificates() {
    return made.orElseThrow();
  }

  private Daemon daemon(String door, Optional<String> password, Map<String, String> client)
      throws IOException {
    KafkaSettings settings =
        new KafkaSettings(
            List.of(started.orElseThrow().at(door)),
            List.of(TOPIC),
            "g" + ++groups,
            KafkaSettings.Protocol.CLASSIC,
            new KafkaSettings.Start.Earliest(),
            Optional.empty(),
            password.map(it -> new KafkaSettings.Login(USER, it)),
            new TreeMap<>(client));
    return Daemons.start(Files.createDirectory(folder.resolve("belay-" + groups)), settings);
  }

  private static void reads(Daemon daemon) {
    KafkaSuite.awaitReleases(daemon, 1);
    assertEquals(List.of("r1"), KafkaSuite.releases(daemon));
    assertTrue(KafkaSuite.ready(daemon).contains("kafka ok"), KafkaSuite.ready(daemon));
  }

  private static void says(Daemon daemon, String sentence, String... secrets) {
    Eventually.holds(
        "it says: " + sentence, SOON, () -> KafkaSuite.ready(daemon).contains(sentence));
    String ready = KafkaSuite.ready(daemon);
    assertTrue(ready.endsWith("ready\n"), "it is up");
    for (String secret : secrets) {
      assertFalse(ready.contains(secret), ready);
    }
  }

  private Map<String, String> trusting() throws Exception {
    return Map.of(
        "ssl.truststore.type", "PEM", "ssl.truststore.certificates", certificates().trustedPem());
  }

  private static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
    Map<String, String> all = new TreeMap<>(some);
    all.putAll(more);
    return all;
  }

  @Test
  void aCertificateInPemIsShownToABrokerThatWantsOne() throws Exception {
    Map<String, String> client =
        Map.of(
            "security.protocol",
            "SSL",
            "ssl.keystore.type",
            "PEM",
            "ssl.keystore.certificate.chain",
            certificates().chainPem("client"),
            "ssl.keystore.key",
            certificates().keyPem("client"));
    try (Daemon daemon = daemon(BY_CERTIFICATE, Optional.empty(), with(trusting(), client))) {
      reads(daemon);
    }
  }

  @Test
  void aCertificateInAStoreIsShownToABrokerThatWantsOne() throws Exception {
    try (Daemon daemon = daemon(BY_CERTIFICATE, Optional.empty(), stores(Certificates.PASSWORD))) {
      reads(daemon);
    }
  }

  private Map<String, String> stores(String password) {
    return Map.of(
        "security.protocol",
        "SSL",
        "ssl.truststore.type",
        "PKCS12",
        "ssl.truststore.location",
        certificates().trusted(),
        "ssl.truststore.password",
        password,
        "ssl.keystore.type",
        "PKCS12",
        "ssl.keystore.location",
        folder.resolve("certificates/client.p12").toString(),
        "ssl.keystore.password",
        password,
        "ssl.key.password",
        password);
  }

  @Test
  void aLoginByScramGoesOverTls() throws Exception {
    Map<String, String> client =
        with(
            trusting(), Map.of("security.protocol", "SASL_SSL", "sasl.mechanism", "SCRAM-SHA-512"));
    try (Daemon daemon = daemon(BY_LOGIN, Optional.of(USER_PASSWORD), client)) {
      reads(daemon);
    }
    try (Daemon daemon = daemon(BY_LOGIN, Optional.of("not-it"), client)) {
      says(daemon, "kafka degraded: the broker refuses the login (", "not-it", USER_PASSWORD);
    }
  }

  @Test
  void aBrokerOfAnotherAuthorityIsNotTrusted() throws Exception {
    Certificates others = new Certificates(folder.resolve("others"));
    Map<String, String> client =
        Map.of(
            "security.protocol", "SASL_SSL",
            "sasl.mechanism", "SCRAM-SHA-512",
            "ssl.truststore.type", "PEM",
            "ssl.truststore.certificates", others.trustedPem());
    try (Daemon daemon = daemon(BY_LOGIN, Optional.of(USER_PASSWORD), client)) {
      says(daemon, "kafka degraded: no TLS with the broker (", USER_PASSWORD, "CERTIFICATE-----");
      assertTrue(
          KafkaSuite.ready(daemon)
              .contains("check the truststore and the keystore under kafka.client"),
          KafkaSuite.ready(daemon));
    }
  }

  @Test
  void whoShowsNoCertificateWhereOneIsWantedIsToldSo() throws Exception {
    Map<String, String> client = with(trusting(), Map.of("security.protocol", "SSL"));
    try (Daemon daemon = daemon(BY_CERTIFICATE, Optional.empty(), client)) {
      says(daemon, "kafka degraded: no TLS with the broker (");
    }
  }

  @Test
  void aStoreThatDoesNotOpenIsSaidWithoutItsPassword() throws Exception {
    try (Daemon daemon = daemon(BY_CERTIFICATE, Optional.empty(), stores("not-it"))) {
      says(daemon, "check the configuration under kafka", "not-it", Certificates.PASSWORD);
    }
  }
}
