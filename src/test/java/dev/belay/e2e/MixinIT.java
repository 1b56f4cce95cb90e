package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.controlplane.FreePort;
import dev.belay.notify.FakeSlack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard and the alerts about Belay itself, in {@code docs/mixin}. */
final class MixinIT {
  private static final Path MIXIN = Path.of("docs", "mixin");
  private static final Pattern METRIC = Pattern.compile("\\b(?:belay|jvm|process)_[a-z_]+");

  /** How meters are named: {@code Gauge.builder("belay.hold", ...)}. */
  private static final Pattern METER =
      Pattern.compile("(?:builder|counter)\\(\\s*\"(belay\\.[a-z_.]+[a-z])\"");

  private static final Pattern DOCUMENTED =
      Pattern.compile("^\\| `(belay_\\w+)` ", Pattern.MULTILINE);

  @TempDir private Path folder = Path.of("");

  @RegisterExtension final Opened opened = new Opened();

  @Test
  void theAlertsDoWhatTheirTestsSay() {
    Programs.assumePresent(Programs.PROMTOOL);
    String said =
        Programs.output(
            new ProcessBuilder(Programs.path(Programs.PROMTOOL), "test", "rules", "alerts_test.yml")
                .directory(MIXIN.toFile())
                .redirectErrorStream(true));
    assertTrue(said.contains("SUCCESS"), said);
  }

  @Test
  void theChartHasTheSameAlerts() throws IOException {
    assertEquals(
        Files.readString(MIXIN.resolve("alerts.yml")),
        Files.readString(Path.of("charts/belay/files/alerts.yml")),
        "cp docs/mixin/alerts.yml charts/belay/files/alerts.yml");
  }

  @Test
  void everyMetricThatTheyAskForIsThere() throws IOException {
    Set<String> asked = metrics(Files.readString(MIXIN.resolve("alerts.yml")));
    JsonNode dashboard =
        JsonMapper.shared().readTree(Files.readString(MIXIN.resolve("dashboard.json")));
    for (JsonNode panel : dashboard.path("panels")) {
      panel
          .path("targets")
          .forEach(target -> asked.addAll(metrics(target.path("expr").asString())));
    }
    assertTrue(asked.size() > 25, asked::toString);

    Set<String> there = ofADaemon();
    Set<String> missing = new TreeSet<>(asked);
    missing.removeAll(there);
    assertEquals(Set.of(), missing);
    assertFalse(there.contains("belay_nonsense"));
  }

  /** Those that the daemon below has nothing to show of, too. */
  @Test
  void everyMeterInTheSourcesIsInTheReference() throws IOException {
    Set<String> missing = new TreeSet<>();
    String reference = Files.readString(Path.of("docs/reference/metrics.md"));
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      for (Path source : sources.filter(Files::isRegularFile).toList()) {
        METER
            .matcher(Files.readString(source))
            .results()
            .map(found -> found.group(1).replace('.', '_'))
            .filter(name -> !reference.contains("| `" + name))
            .forEach(missing::add);
      }
    }
    assertEquals(Set.of(), missing);
  }

  @Test
  void everyMetricIsInTheReferenceAndNoOther() throws IOException {
    Set<String> written =
        DOCUMENTED
            .matcher(Files.readString(Path.of("docs/reference/metrics.md")))
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> there =
        ofADaemon().stream()
            .filter(name -> name.startsWith("belay_"))
            .map(name -> name.replaceAll("_(bucket|count|sum|max)$", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    // Only what is read has a lag.
    there.add("belay_kafka_lag");
    assertEquals(there, written);
  }

  /** The metrics of one with everything that has meters of its own, reached or not. */
  private Set<String> ofADaemon() throws IOException {
    int port = FreePort.next();
    FakeSlack slack = opened.keep(FakeSlack.start());
    Path kubeconfig =
        Programs.write(
            folder,
            "kubeconfig",
            """
            apiVersion: v1
            kind: Config
            clusters: [{ name: none, cluster: { server: "http://127.0.0.1:1" } }]
            contexts: [{ name: none, context: { cluster: none } }]
            current-context: none
            """);
    Path config =
        Programs.write(
            folder,
            "belay.yml",
            """
            listen: 127.0.0.1:%d
            rules: rules
            journal: journal
            cluster: { kubeconfig: %s }
            kafka: { brokers: [ "127.0.0.1:1" ], topics: [ releases ], group: belay }
            prometheus: { url: "http://127.0.0.1:1" }
            slack: { token: %s, channel: %s, api_url: %s, app_token: %s, allow: { veto: [ everyone ] } }
            """
                .formatted(
                    port,
                    kubeconfig,
                    FakeSlack.TOKEN,
                    FakeSlack.CHANNEL,
                    slack.endpoint(),
                    FakeSlack.APP_TOKEN));
    Files.createDirectories(folder.resolve("rules"));
    opened.keep(BelayProcess.start(config, port));
    return Http.get(port, "/metrics")
        .orElseThrow()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("[{ ]", 2)[0])
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> metrics(String text) {
    return METRIC
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
