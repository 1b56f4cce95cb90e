package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.controlplane.Component;
import dev.belay.controlplane.Eventually;
import dev.belay.controlplane.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code docker-compose.yml} starts, by the files that it gives to each, without containers: a
 * bad release that is announced through Kafka is rolled out, seen by Prometheus, told by
 * Alertmanager and rolled back.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class ComposeIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final Path FILES = Path.of("config", "compose");
  private static final String WHO =
      "Basic "
          + Base64.getEncoder()
              .encodeToString("demo:demo-on-my-machine".getBytes(StandardCharsets.UTF_8));

  @TempDir private Path folder = Path.of("");

  @RegisterExtension final Opened opened = new Opened();

  private final int belay = FreePort.next();
  private final int prometheus = FreePort.next();
  private final int alertmanager = FreePort.next();

  @Test
  void aBadReleaseThroughKafkaIsRolledBack() throws Exception {
    Programs.assumePresent(Programs.PROMETHEUS, Programs.ALERTMANAGER);
    KitBroker broker = opened.keep(KitBroker.open());
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic("releases", 1, (short) 1))).all().get();
    }
    startPrometheus();
    startAlertmanager();
    BelayProcess daemon =
        opened.keep(
            BelayProcess.start(
                "sandbox",
                FILES.resolve("belay.yml"),
                folder.resolve("belay.log"),
                belay,
                Map.of(
                    "BELAY_LISTEN",
                    "127.0.0.1:" + belay,
                    "BELAY_JOURNAL",
                    folder.resolve("journal").toString(),
                    "KAFKA",
                    broker.bootstrapServers(),
                    "PROMETHEUS_URL",
                    "http://127.0.0.1:" + prometheus)));
    try {
      ship(broker, "1.1");
      await("1.1 is known good", () -> good("covet:1.1"));
      ship(broker, "bad-1.2");
      await("1.2 runs", () -> present().path("images").toString().contains("covet:bad-1.2"));
      await(
          "1.2 is rolled back",
          () ->
              get("/metrics")
                  .contains("belay_actions_total{action=\"rollback\",outcome=\"applied\"} 1"));
      await("1.1 runs again", () -> present().path("images").toString().contains("covet:1.1"));
      await("the incident is over", () -> get("/api/v1/incidents").contains("\"closed\""));
      JsonNode incident = json("/api/v1/incidents").path("incidents").path(0);
      assertTrue(incident.toString().contains("HighErrorRate"), incident::toString);
      assertFalse(
          get("/metrics")
              .contains("belay_alerts_received_total{door=\"webhook\",status=\"firing\"} 0"),
          "the alert came by Alertmanager");
    } catch (AssertionError e) {
      throw daemon.told(e);
    }
  }

  /** What compose is told is nothing else than what is proven above. */
  @Test
  void composeGivesEachItsFileOfThatFolder() throws IOException {
    Map<?, ?> compose =
        (Map<?, ?>)
            Objects.requireNonNull(
                new Load(LoadSettings.builder().build())
                    .loadFromString(Files.readString(Path.of("docker-compose.yml"))));
    Map<?, ?> services = map(compose, "services");
    for (String mount :
        List.of(
            "belay=/etc/belay", "prometheus=/etc/prometheus", "alertmanager=/etc/alertmanager")) {
      String[] parts = mount.split("=", 2);
      Map<?, ?> service = map(services, parts[0]);
      assertTrue(
          ((List<?>) Objects.requireNonNull(service.get("volumes")))
              .contains("./config/compose:" + parts[1] + ":ro"),
          service::toString);
    }
    Matcher kafka =
        Pattern.compile("<kafka.version>(.*)</").matcher(Files.readString(Path.of("pom.xml")));
    assertTrue(kafka.find());
    for (String each : List.of("kafka", "ship")) {
      assertEquals("apache/kafka:" + kafka.group(1), map(services, each).get("image"));
    }
    assertEquals(
        List.of("sandbox", "--config", "/etc/belay/belay.yml"),
        map(services, "belay").get("command"));
  }

  private static Map<?, ?> map(Map<?, ?> parent, String key) {
    return (Map<?, ?>) Objects.requireNonNull(parent.get(key));
  }

  private static void await(String what, BooleanSupplier condition) {
    Eventually.holds(what, SOON, condition);
  }

  /** The record that the service "ship" of compose sends. */
  private static void ship(KitBroker broker, String version) throws Exception {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", broker.bootstrapServers());
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  "releases",
                  "{\"id\":\"ship-%s-1\",\"source\":\"pipeline\",\"service\":\"covet\",\"version\":\"%s\"}"
                      .formatted(version, version)))
          .get();
    }
  }

  private void startPrometheus() throws IOException {
    Path own = moved("prometheus");
    Component program =
        Component.start(
            own,
            Programs.PROMETHEUS,
            List.of(
                Programs.path(Programs.PROMETHEUS),
                "--config.file=" + own.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + own.resolve("data"),
                "--web.listen-address=127.0.0.1:" + prometheus));
    opened.keep(program);
    Programs.await(
        program, Programs.PROMETHEUS, () -> Http.get(prometheus, "/-/ready").isPresent());
  }

  private void startAlertmanager() throws IOException {
    Path own = moved("alertmanager");
    Component program =
        Component.start(
            own,
            Programs.ALERTMANAGER,
            List.of(
                Programs.path(Programs.ALERTMANAGER),
                "--config.file=" + own.resolve("alertmanager.yml"),
                "--storage.path=" + own.resolve("data"),
                "--web.listen-address=127.0.0.1:" + alertmanager,
                "--cluster.listen-address="));
    opened.keep(program);
    Programs.await(
        program, Programs.ALERTMANAGER, () -> Http.get(alertmanager, "/-/ready").isPresent());
  }

  /** The files as they are, but for where the others are found. */
  private Path moved(String name) throws IOException {
    Path own = Files.createDirectories(folder.resolve(name));
    try (Stream<Path> files = Files.list(FILES)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.writeString(
            own.resolve(file.getFileName()),
            Files.readString(file)
                .replace("alertmanager:9093", "127.0.0.1:" + alertmanager)
                .replace("belay:9096", "127.0.0.1:" + belay));
      }
    }
    return own;
  }

  private boolean good(String image) {
    JsonNode present = present();
    return present.path("images").toString().contains(image)
        && present.path("judgement").asString("").equals("good");
  }

  private JsonNode present() {
    return json("/api/v1/services").path("services").path(0).path("present");
  }

  private JsonNode json(String path) {
    return JsonMapper.shared().readTree(get(path));
  }

  private String get(String path) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + belay + path))
              .header("Authorization", WHO)
              .build();
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertEquals(200, answer.statusCode(), answer::body);
      return answer.body();
    } catch (IOException e) {
      throw new AssertionError(path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
