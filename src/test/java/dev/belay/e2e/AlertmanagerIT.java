package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.app.Assembly;
import dev.belay.app.Daemon;
import dev.belay.controlplane.Eventually;
import dev.belay.core.alert.Episode;
import dev.belay.core.engine.Fact;
import dev.belay.core.engine.State;
import dev.belay.core.incident.Incident;
import dev.belay.core.incident.Reason;
import dev.belay.journal.SqliteJournal;
import dev.belay.rules.Loaded;
import dev.belay.rules.RuleLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus and a real Alertmanager speak to Belay, each in its own way. */
final class AlertmanagerIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String WEBHOOK = "webhook";
  private static final String V2 = "api_v2";

  @TempDir private Path folder = Path.of("");

  @RegisterExtension final Opened opened = new Opened();
  private final AtomicBoolean fails = new AtomicBoolean();
  private Optional<Daemon> started = Optional.empty();

  @BeforeEach
  void startBelay() {
    Programs.assumePresent(Programs.PROMETHEUS, Programs.ALERTMANAGER);
    Path rules = folder.resolve("rules");
    Programs.write(
        rules,
        "shop.yml",
        """
        service: shop
        match: { namespace: shop }
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
                expr: sum by (namespace) (shop_failing) > 0
                for: 1s
                annotations: { summary: "The shop <fails> & \\"hurts\\"" }
        """);
    Loaded loaded = RuleLoader.load(rules);
    assertTrue(loaded.usable(), () -> loaded.problems().toString());
    started =
        Optional.of(
            opened.keep(
                Assembly.of(loaded.rules(), SqliteJournal.open(folder.resolve("journal")))
                    .start()));
  }

  @Test
  void anAlertReachesAnIncidentByTheWebhookAlone() {
    startPrometheus(List.of(startAlertmanager()));

    fails.set(true);

    assertEquals("shop", openIncident().service());
    assertEquals(0, received(V2, "firing"));
    fails.set(false);
    assertClosed();
  }

  @Test
  void anAlertReachesAnIncidentByApiV2Alone() {
    startPrometheus(List.of(daemon().port()));

    fails.set(true);

    assertEquals("shop", openIncident().service());
    assertEquals(0, received(WEBHOOK, "firing"));
    fails.set(false);
    assertClosed();
  }

  @Test
  void anAlertThatComesBothWaysIsOneEpisodeOfOneIncidentUntilItIsResolved() {
    startPrometheus(List.of(startAlertmanager(), daemon().port()));

    fails.set(true);
    Incident incident = openIncident();
    awaitReceived("firing");
    assertEquals(1, episodes().size(), () -> episodes().toString());

    fails.set(false);
    assertClosed();
    awaitReceived("resolved");

    assertEquals(1, episodes().size(), () -> episodes().toString());
    assertEquals(List.of(incident.id()), incidents().stream().map(Incident::id).toList());
  }

  @Test
  void anAlertThatFiresAgainIsAnotherEpisodeAndIncidentByBothWays() {
    startPrometheus(List.of(startAlertmanager(), daemon().port()));
    fails.set(true);
    Incident first = openIncident();
    fails.set(false);
    assertClosed();
    awaitReceived("resolved");

    fails.set(true);
    Incident second = openIncident();
    fails.set(false);
    Eventually.holds("both incidents are closed", SOON, () -> closed().size() == 2);

    assertEquals(2, episodes().size(), () -> episodes().toString());
    assertEquals(List.of(first.id(), second.id()), incidents().stream().map(Incident::id).toList());
  }

  private int startAlertmanager() {
    return opened
        .keep(AlertmanagerProcess.start(folder.resolve("alertmanager"), daemon().port()))
        .port();
  }

  private void startPrometheus(List<Integer> receivers) {
    Exporter exporter =
        opened.keep(
            new Exporter(() -> "shop_failing{namespace=\"shop\"} " + (fails.get() ? 1 : 0) + "\n"));
    opened.keep(
        PrometheusProcess.start(
            folder.resolve("prometheus"),
            exporter.port(),
            receivers,
            folder.resolve("rules/alerts.yml")));
  }

  private Incident openIncident() {
    return Eventually.gives(
        "an incident is open", SOON, () -> incidents().stream().filter(Incident::open).findFirst());
  }

  private void assertClosed() {
    Eventually.holds("the incident is closed", SOON, () -> closed().size() == 1);
    assertEquals(Optional.of(Reason.RESOLVED), closed().getFirst().outcome());
  }

  private List<Incident> closed() {
    return incidents().stream().filter(incident -> !incident.open()).toList();
  }

  private List<Incident> incidents() {
    return daemon().queries().ask(AlertmanagerIT::incidents).toCompletableFuture().join();
  }

  private static List<Incident> incidents(State state) {
    return Stream.concat(
            state.closedIncidents().stream(),
            state.services().stream().flatMap(service -> service.incident().stream()))
        .toList();
  }

  private List<Episode> episodes() {
    return Recorded.facts(daemon(), Fact.AlertFired.class).stream()
        .map(Fact.AlertFired::episode)
        .toList();
  }

  private void awaitReceived(String status) {
    Eventually.holds(
        "both doors took a " + status + " alert",
        SOON,
        () -> received(WEBHOOK, status) > 0 && received(V2, status) > 0);
  }

  private long received(String door, String status) {
    Matcher sample =
        Pattern.compile(
                "belay_alerts_received_total\\{door=\""
                    + door
                    + "\",status=\""
                    + status
                    + "\"\\} ([0-9.]+)")
            .matcher(Http.get(daemon().port(), "/metrics").orElseThrow());
    assertTrue(sample.find(), "no counter of " + door + " and " + status);
    return (long) Double.parseDouble(sample.group(1));
  }

  private Daemon daemon() {
    return started.orElseThrow();
  }
}
