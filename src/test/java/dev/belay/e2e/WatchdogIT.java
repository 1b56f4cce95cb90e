package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.app.Assembly;
import dev.belay.app.Daemon;
import dev.belay.controlplane.Eventually;
import dev.belay.controlplane.FreePort;
import dev.belay.core.alert.Episode;
import dev.belay.core.engine.Fact;
import dev.belay.core.engine.Input;
import dev.belay.core.engine.Listening;
import dev.belay.core.engine.Settings;
import dev.belay.core.engine.State;
import dev.belay.core.incident.Incident;
import dev.belay.core.incident.Notice;
import dev.belay.core.incident.Reason;
import dev.belay.journal.SqliteJournal;
import dev.belay.rules.Loaded;
import dev.belay.rules.RuleLoader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Real programs send an alert that always fires, until Alertmanager is no more. */
final class WatchdogIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration MISSING = Duration.ofSeconds(6);

  @TempDir private Path folder = Path.of("");

  @RegisterExtension final Opened opened = new Opened();
  private final AtomicBoolean fails = new AtomicBoolean();
  private final int alertmanager = FreePort.next();
  private Optional<Daemon> started = Optional.empty();

  @BeforeEach
  void startAll() {
    Programs.assumePresent(Programs.PROMETHEUS, Programs.ALERTMANAGER);
    Path rules = folder.resolve("rules");
    Programs.write(
        rules,
        "shop.yml",
        """
        service: shop
        match: { job: shop }
        remediations:
          - name: tell
            when: [ 'alertname="ShopFails"' ]
            ladder: [ { page: {} } ]
        """);
    Programs.write(
        rules,
        "alerts.yml",
        """
        groups:
          - name: shop
            rules:
              - alert: ShopFails
                expr: shop_failing > 0
              - alert: Watchdog
                expr: vector(1)
                labels: { severity: none, job: shop }
        """);
    Loaded loaded = RuleLoader.load(rules);
    assertTrue(loaded.usable(), () -> loaded.problems().toString());
    started = Optional.of(opened.keep(start(loaded)));
    Exporter exporter =
        opened.keep(new Exporter(() -> "shop_failing " + (fails.get() ? 1 : 0) + "\n"));
    opened.keep(
        PrometheusProcess.start(
            folder.resolve("prometheus"),
            exporter.port(),
            List.of(alertmanager),
            rules.resolve("alerts.yml")));
    startAlertmanager();
  }

  private Daemon start(Loaded loaded) {
    return Assembly.of(loaded.rules(), SqliteJournal.open(folder.resolve("journal")))
        .settings(
            Settings.DEFAULT.withListening(
                new Listening(Optional.of("Watchdog"), Map.of(Input.ALERTS, MISSING), false)))
        .start();
  }

  private void startAlertmanager() {
    opened.keep(
        AlertmanagerProcess.start(
            folder.resolve("alertmanager"), daemon().port(), alertmanager, "1s"));
  }

  @Test
  void whileAlertmanagerIsGoneNoIncidentIsClosedAndPeopleAreToldOnceOfThatAndOnceOfItsReturn()
      throws Exception {
    Eventually.holds(
        "the watchdog came in",
        SOON,
        () -> !get("/metrics").contains("door=\"webhook\",status=\"firing\"} 0.0"));
    awaitStanding(false);
    int before = told().size();
    fails.set(true);
    Eventually.holds("an incident is open", SOON, () -> open().isPresent());

    opened.closeNewest();
    awaitStanding(true);
    assertEquals(before + 1, told().size(), () -> told().toString());
    assertTrue(
        told().getLast().text().contains("alert Watchdog did not come in. Until that is over"),
        () -> told().toString());
    assertTrue(get("/-/ready").contains("[+]inputs degraded: nothing is heard of alerts since "));
    assertTrue(get("/api/v1/status").contains("verdicts that rest on that are unknown"));
    Eventually.holds(
        "the gauge says so", SOON, () -> get("/metrics").contains("input=\"alerts\"} 1.0"));

    fails.set(false);
    resolveByHand();
    assertTrue(firing().isEmpty());
    assertTrue(open().isPresent(), "what is resolved is not all there may be");

    startAlertmanager();
    Eventually.holds("the incident is closed", SOON, () -> open().isEmpty());
    assertEquals(
        List.of(Reason.RESOLVED),
        Recorded.facts(daemon(), Fact.IncidentClosed.class).stream()
            .map(Fact.IncidentClosed::reason)
            .toList());
    awaitStanding(false);
    assertEquals(before + 2, told().size(), () -> told().toString());
    assertEquals(
        List.of("ShopFails"),
        Recorded.facts(daemon(), Fact.AlertFired.class).stream()
            .map(fired -> fired.episode().labels().alertName())
            .distinct()
            .toList(),
        "the one that always fires is no trouble, though a service's labels match it");
  }

  /** Somebody else than the Alertmanager that died says that the alert is over. */
  private void resolveByHand() throws Exception {
    Episode episode = Recorded.facts(daemon(), Fact.AlertFired.class).getLast().episode();
    StringBuilder labels = new StringBuilder();
    episode
        .labels()
        .forEach(
            (name, value) ->
                labels
                    .append(labels.isEmpty() ? "" : ",")
                    .append("\"" + name + "\":\"" + value + "\""));
    String body =
        "[{\"labels\":{%s},\"startsAt\":\"%s\",\"endsAt\":\"%s\"}]"
            .formatted(labels, episode.startsAt(), Instant.now());
    try (HttpClient client = HttpClient.newHttpClient()) {
      int status =
          client
              .send(
                  HttpRequest.newBuilder(
                          URI.create("http://127.0.0.1:" + daemon().port() + "/api/v2/alerts"))
                      .header("Content-Type", "application/json")
                      .POST(HttpRequest.BodyPublishers.ofString(body))
                      .build(),
                  HttpResponse.BodyHandlers.ofString())
              .statusCode();
      assertEquals(200, status);
    }
  }

  private void awaitStanding(boolean silent) {
    Eventually.holds(
        silent ? "alerts are silent" : "alerts are heard of",
        SOON,
        () ->
            daemon()
                .queries()
                .ask(state -> state.silent().isEmpty() != silent)
                .toCompletableFuture()
                .join());
  }

  private List<Notice> told() {
    return Recorded.facts(daemon(), Fact.NoticeMade.class).stream()
        .map(Fact.NoticeMade::notice)
        .filter(notice -> notice.incident().equals(State.WHOLE))
        .toList();
  }

  private Optional<Incident> open() {
    return daemon()
        .queries()
        .ask(state -> state.service("shop").flatMap(shop -> shop.incident()))
        .toCompletableFuture()
        .join();
  }

  private List<Episode> firing() {
    return daemon()
        .queries()
        .ask(state -> state.alerts().stream().filter(Episode::firing).toList())
        .toCompletableFuture()
        .join();
  }

  private String get(String path) {
    return Http.get(daemon().port(), path).orElseThrow();
  }

  private Daemon daemon() {
    return started.orElseThrow();
  }
}
