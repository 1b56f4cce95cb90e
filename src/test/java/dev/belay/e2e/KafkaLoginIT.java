package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.belay.app.Daemon;
import dev.belay.app.Daemons;
import dev.belay.controlplane.Eventually;
import dev.belay.intake.kafka.KafkaReleases;
import dev.belay.intake.kafka.KafkaSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.test.JaasUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Logins that a broker takes, or refuses. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class KafkaLoginIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path folder = Path.of("");

  private static KafkaSettings settings(Broker broker, String password) {
    return new KafkaSettings(
        List.of(broker.bootstrapServers()),
        List.of("releases"),
        "belay",
        KafkaSettings.Protocol.CLASSIC,
        new KafkaSettings.Start.Earliest(),
        Optional.empty(),
        Optional.of(new KafkaSettings.Login(JaasUtils.KAFKA_PLAIN_ADMIN, password)),
        new TreeMap<>(Map.of("security.protocol", "SASL_PLAINTEXT")));
  }

  private static String ready(Daemon daemon) {
    return Http.get(daemon.port(), "/-/ready?verbose").orElse("");
  }

  @Test
  void aRefusedLoginIsSaidOnceAndKeepsNothingElseFromWorking() throws Exception {
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    Logger logger = (Logger) LoggerFactory.getLogger(KafkaReleases.class);
    logger.addAppender(lines);
    try (Broker broker = KitBroker.asking();
        Daemon daemon = Daemons.start(folder, settings(broker, "not-it"))) {
      Eventually.holds(
          "it says so",
          SOON,
          () -> ready(daemon).contains("kafka degraded: the broker refuses the login"));
      Http.post(
          daemon.port(),
          "/api/v1/events",
          "{\"id\":\"1\",\"source\":\"ci\",\"service\":\"covet\"}");
      assertEquals(1, lines.list.size(), () -> lines.list.toString());
      assertFalse(ready(daemon).contains("not-it"), ready(daemon));
      assertFalse(lines.list.toString().contains("not-it"), () -> lines.list.toString());
    } finally {
      logger.detachAppender(lines);
    }
  }

  @Test
  void aGoodLoginReads() throws Exception {
    try (Broker broker = KitBroker.asking()) {
      KafkaSettings settings = settings(broker, JaasUtils.KAFKA_PLAIN_ADMIN_PASSWORD);
      try (Admin admin =
          Admin.create(
              Map.of(
                  "bootstrap.servers",
                  broker.bootstrapServers(),
                  "security.protocol",
                  "SASL_PLAINTEXT",
                  "sasl.mechanism",
                  "PLAIN",
                  "sasl.jaas.config",
                  "org.apache.kafka.common.security.plain.PlainLoginModule required username=\""
                      + JaasUtils.KAFKA_PLAIN_ADMIN
                      + "\" password=\""
                      + JaasUtils.KAFKA_PLAIN_ADMIN_PASSWORD
                      + "\";"))) {
        admin
            .createTopics(List.of(new NewTopic("releases", 1, (short) 1)))
            .all()
            .get(30, TimeUnit.SECONDS);
      }
      try (Daemon daemon = Daemons.start(folder, settings)) {
        Eventually.holds("it is well", SOON, () -> ready(daemon).contains("kafka ok"));
      }
    }
  }
}
