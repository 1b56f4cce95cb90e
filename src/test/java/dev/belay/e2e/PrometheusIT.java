package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.app.Assembly;
import dev.belay.app.Daemon;
import dev.belay.controlplane.Eventually;
import dev.belay.controlplane.FreePort;
import dev.belay.core.alert.Door;
import dev.belay.core.alert.Episode;
import dev.belay.core.engine.Fact;
import dev.belay.core.engine.Input;
import dev.belay.core.engine.Listening;
import dev.belay.core.engine.Settings;
import dev.belay.core.engine.Standing;
import dev.belay.core.engine.TriggerState;
import dev.belay.core.engine.TriggerState.Phase;
import dev.belay.core.incident.Incident;
import dev.belay.core.rule.Profile;
import dev.belay.intake.prometheus.PrometheusSettings;
import dev.belay.journal.SqliteJournal;
import dev.belay.rules.Loaded;
import dev.belay.rules.RuleLoader;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus is asked for the signals of a service, and nobody sends an alert. */
final class PrometheusIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration HOLD = Duration.ofSeconds(10);
  private static final String RULE =
      "alerts.yml;shop;ShopBroken{severity=page, where={{ $labels.namespace }}/{{ $value }}}";
  private static final Duration WINDOW = Duration.ofSeconds(4);

  @TempDir private Path folder = Path.of("");

  @RegisterExtension final Opened opened = new Opened();
  private final Traffic traffic = new Traffic();
  private final int port = FreePort.next();
  private URI prometheus = URI.create("http://127.0.0.1:1");
  private Optional<Map<String, String>> evaluation = Optional.empty();
  private Optional<Daemon> running = Optional.empty();
  private Duration window = WINDOW;

  /** Counts requests, some more at each scrape, as code 500 once they fail. */
  private static final class Traffic {
    private long good;
    private long failed;
    private boolean failing;
    private boolean down;
    private boolean broken;

    synchronized void broken(boolean is) {
      broken = is;
    }

    synchronized void failing(boolean is) {
      failing = is;
    }

    synchronized void down(boolean is) {
      down = is;
    }

    synchronized String serve() {
      if (down) {
        throw new IllegalStateException("the target is down");
      }
      good += 60;
      failed += failing ? 40 : 0;
      String all =
          "http_requests_total{namespace=\"shop\",code=\"200\"} "
              + good
              + "\nshop_broken{namespace=\"shop\"} "
              + (broken ? 1 : 0)
              + "\n";
      // As is usual with counters, there is none before the first failure.
      return failed == 0
          ? all
          : all + "http_requests_total{namespace=\"shop\",code=\"500\"} " + failed + "\n";
    }
  }

  @BeforeEach
  void startAll() {
    Programs.assumePresent(Programs.PROMETHEUS);
    Programs.write(
        folder.resolve("rules"),
        "shop.yml",
        """
        service: shop
        match: { namespace: shop }
        rollback_triggers: { error_rate: "> 5%% for %d seconds" }
        remediations:
          - name: tell
            when: [ rollback_triggers, alertname="ShopBroken" ]
            ladder: [ { page: {} } ]
        """
            .formatted(HOLD.toSeconds()));
    Programs.write(
        folder.resolve("rules"),
        "alerts.yml",
        """
        groups:
          - name: shop
            interval: 1s
            rules:
              - alert: ShopBroken
                expr: sum by (namespace) (shop_broken) > 0
                for: 2s
                labels: { severity: page, where: "{{ $labels.namespace }}/{{ $value }}" }
        """);
    Exporter exporter = opened.keep(new Exporter(traffic::serve));
    PrometheusProcess process =
        opened.keep(
            PrometheusProcess.start(
                folder.resolve("prometheus"),
                exporter.port(),
                List.of(port),
                folder.resolve("rules/alerts.yml")));
    prometheus = URI.create("http://127.0.0.1:" + process.port());
    startBelay();
  }

  private void startBelay() {
    Loaded loaded = RuleLoader.load(folder.resolve("rules"));
    assertTrue(loaded.usable(), () -> loaded.problems().toString());
    running =
        Optional.of(
            Assembly.of(loaded.rules(), SqliteJournal.open(folder.resolve("journal")))
                .port(port)
                .settings(
                    Settings.DEFAULT.withListening(
                        new Listening(
                            Optional.empty(),
                            Map.of(
                                Input.PROMETHEUS,
                                Listening.PATIENCE,
                                Input.SCRAPES,
                                Listening.PATIENCE),
                            evaluation.isPresent())))
                .prometheus(
                    new PrometheusSettings(
                        prometheus,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        window,
                        Profile.HTTP,
                        0.5,
                        Optional.empty(),
                        evaluation))
                .pauses(Duration.ofMinutes(1), Duration.ofSeconds(1))
                .start());
  }

  @AfterEach
  void closeDaemon() {
    running.ifPresent(Daemon::close);
  }

  @Test
  void aTriggerHoldsThroughItsTimeAndFiresAndAScrapeGapNeitherFiresNorEndsIt() {
    awaitKnownReading();
    Eventually.holds(
        "without any failures the share is 0, which is known",
        SOON,
        () -> trigger().flatMap(TriggerState::blindSince).isEmpty());
    assertTrue(ready().contains("[+]prometheus ok"), this::ready);

    traffic.failing(true);
    await("the trigger is pending", it -> it.phase() == Phase.PENDING);
    traffic.down(true);
    TriggerState blind = await("it is not seen any more", it -> it.blindSince().isPresent());
    assertEquals(Phase.PENDING, blind.phase());
    awaitReadingsUnknown(HOLD.toSeconds());
    assertEquals(Phase.PENDING, trigger().orElseThrow().phase(), "time unseen does not count");

    traffic.down(false);
    TriggerState fired = await("it fires", it -> it.phase() == Phase.FIRING);
    Instant crossed = fired.crossedAt().orElseThrow();
    Duration dark = Duration.between(crossed, fired.activeAt().orElseThrow());
    Duration whole = Duration.between(crossed, fired.firedAt().orElseThrow());
    assertTrue(dark.compareTo(HOLD) > 0, "the dark is taken off: " + dark);
    assertTrue(whole.compareTo(HOLD.plus(dark)) >= 0, whole + " with " + dark + " in the dark");
    Eventually.holds("an incident is open", SOON, () -> incident().isPresent());

    traffic.down(true);
    await("it is not seen any more", it -> it.blindSince().isPresent());
    assertEquals(Phase.FIRING, trigger().orElseThrow().phase());
    assertTrue(incident().isPresent());

    traffic.failing(false);
    traffic.down(false);
    await("it is over", it -> it.phase() == Phase.INACTIVE);
    Eventually.holds("the incident is closed", SOON, () -> incident().isEmpty());
  }

  @Test
  void aServiceThatIsNoLongerScrapedIsUnknownAtOnceHoweverLongTheWindowIs() {
    running.ifPresent(Daemon::close);
    window = SOON.multipliedBy(3);
    startBelay();
    awaitKnownReading();
    traffic.down(true);
    awaitReadingsUnknown(HOLD.toSeconds());
  }

  @Test
  void aRestartDoesNotBeginTheTimeAnew() {
    awaitKnownReading();
    traffic.failing(true);
    Instant before =
        await("the trigger is pending", it -> it.phase() == Phase.PENDING).activeAt().orElseThrow();
    running.ifPresent(Daemon::close);
    final Instant restarted = Instant.now();
    startBelay();
    TriggerState after = await("it is seen again", it -> it.blindSince().isEmpty());
    assertEquals(Optional.of(before), after.crossedAt());
    TriggerState fired = await("it fires", it -> it.phase() == Phase.FIRING);
    assertTrue(fired.activeAt().orElseThrow().isBefore(restarted.plus(WINDOW)), fired::toString);
  }

  @Test
  void aPrometheusThatIsGoneIsADegradedReadinessAndChangesNothing() throws Exception {
    awaitKnownReading();
    opened.closeNewest();
    Eventually.holds(
        "readiness says so",
        SOON,
        () -> ready().contains("[+]prometheus degraded: Prometheus at http://127.0.0.1:"));
    assertTrue(ready().endsWith("ready\n") && !ready().contains("not ready"), this::ready);
    assertTrue(incident().isEmpty());
  }

  @Test
  void anAlertThatBelayEvaluatesIsTheSameAsTheOneThatPrometheusSends() {
    running.ifPresent(Daemon::close);
    evaluation = Optional.of(Map.of());
    startBelay();
    traffic.broken(true);
    Eventually.holds("an incident is open", SOON, () -> incident().isPresent());
    Eventually.holds(
        "Prometheus sent it too",
        SOON,
        () -> metric("belay_alerts_received_total{door=\"api_v2\",status=\"firing\"}") > 0);
    Eventually.holds("Belay's machine has it", SOON, () -> standings() == 1);
    assertEquals(1, fired().size(), () -> fired().toString());

    traffic.broken(false);
    Eventually.holds("the incident is closed", SOON, () -> incident().isEmpty());
    Eventually.holds("Belay's machine has none", SOON, () -> standings() == 0);
    assertEquals(1, fired().size(), () -> fired().toString());
  }

  @Test
  void anAlertDoesNotEndBecauseWhatItIsMadeOfIsNotScrapedAnyMore() {
    running.ifPresent(Daemon::close);
    evaluation = Optional.of(Map.of("cluster", "eu-1"));
    startBelay();
    traffic.broken(true);
    Eventually.holds("Belay's machine has it", SOON, () -> standings() == 1);
    awaitKnownReading();
    traffic.down(true);
    // Each second a reading, and an evaluation.
    awaitReadingsUnknown(HOLD.toSeconds());
    assertEquals(1, standings());
    Eventually.holds(
        "it is known whose scrape fails",
        SOON,
        () ->
            Recorded.facts(daemon(), Fact.InputHeard.class).stream()
                .anyMatch(heard -> heard.services().equals(Optional.of(List.of("shop")))));
    assertTrue(incident().isPresent());

    traffic.broken(false);
    traffic.down(false);
    Eventually.holds("Belay's machine has none", SOON, () -> standings() == 0);
    Eventually.holds("the incident is closed", SOON, () -> incident().isEmpty());
  }

  @Test
  void belayEvaluatesAlertsWithNobodySendingThem() {
    running.ifPresent(Daemon::close);
    evaluation = Optional.of(Map.of("cluster", "eu-1"));
    startBelay();
    traffic.broken(true);
    Eventually.holds(
        "Belay's own is among them",
        SOON,
        () -> fired().stream().anyMatch(it -> it.door() == Door.RULES));
    assertEquals(
        "{alertname=ShopBroken, cluster=eu-1, namespace=shop, severity=page, where=shop/1}",
        fired().stream()
            .filter(it -> it.door() == Door.RULES)
            .findFirst()
            .orElseThrow()
            .labels()
            .toString());
  }

  private long standings() {
    return daemon()
        .queries()
        .ask(state -> state.rule(RULE).standings().stream().filter(Standing::fires).count())
        .toCompletableFuture()
        .join();
  }

  private List<Episode> fired() {
    return Recorded.facts(daemon(), Fact.AlertFired.class).stream()
        .map(Fact.AlertFired::episode)
        .toList();
  }

  private TriggerState await(String what, java.util.function.Predicate<TriggerState> condition) {
    return Eventually.gives(what, SOON, () -> trigger().filter(condition));
  }

  private Optional<TriggerState> trigger() {
    return daemon()
        .queries()
        .ask(
            state ->
                state.service("shop").stream().flatMap(it -> it.triggers().stream()).findFirst())
        .toCompletableFuture()
        .join();
  }

  private Optional<Incident> incident() {
    return daemon()
        .queries()
        .ask(state -> state.service("shop").flatMap(it -> it.incident()))
        .toCompletableFuture()
        .join();
  }

  private void awaitKnownReading() {
    Eventually.holds("the signal is known", SOON, () -> readings("known") > 0);
  }

  private void awaitReadingsUnknown(long more) {
    double now = readings("unknown");
    Eventually.holds(
        "time passes in the dark", SOON, () -> readings("unknown") > now + (double) more);
  }

  private double readings(String value) {
    return metric("belay_prometheus_readings_total{value=\"" + value + "\"}");
  }

  private double metric(String series) {
    return Pattern.compile(Pattern.quote(series) + " (\\S+)")
        .matcher(Http.get(daemon().port(), "/metrics").orElseThrow())
        .results()
        .mapToDouble(found -> Double.parseDouble(found.group(1)))
        .sum();
  }

  private String ready() {
    return Http.get(daemon().port(), "/readyz?verbose=1").orElse("not ready");
  }

  private Daemon daemon() {
    return running.orElseThrow();
  }
}
