package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.belay.controlplane.Eventually;
import dev.belay.controlplane.FreePort;
import dev.belay.notify.FakeSlack;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The main job, with nothing stood in for but the kubelet and Slack: a bad release is shipped to a
 * real control plane, a real Prometheus sees requests fail, a real Alertmanager tells a real Belay,
 * which rolls back once.
 */
final class MainJobIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final String BAD = "covet/app:v3-bad";
  private static final Pattern ACTION = Pattern.compile("\\(action ([0-9a-f]{16})\\)");
  private static final Pattern REVISION = Pattern.compile("(?m)^(\\d+)\\s");

  @TempDir private Path folder = Path.of("");

  @RegisterExtension final Opened opened = new Opened();
  private final Traffic traffic = new Traffic();

  @Test
  void rollsABadReleaseBackOnceAndTellsPeopleAndStopsWhenTold() throws Exception {
    Programs.assumePresent(Programs.PROMETHEUS, Programs.ALERTMANAGER);
    FakeSlack slack = opened.keep(FakeSlack.start());
    int port = FreePort.next();
    Covet covet = Covet.deployed(port);
    writeRules(covet);
    BelayProcess belay = opened.keep(BelayProcess.start(configuration(covet, slack), port));
    try {
      watch(covet);
      tell(covet, slack);
      assertEquals(Optional.of(0), belay.stop(GRACE), "exit status");
    } catch (AssertionError e) {
      throw belay.told(e);
    }
  }

  private void tell(Covet covet, FakeSlack slack) {
    covet.awaitKnownGood(Covet.V1);
    ship(covet, "release-2", Covet.V2);
    covet.awaitKnownGood(Covet.V2);

    Instant shipped = Instant.now();
    ship(covet, "release-3", BAD);

    Deployment patched = covet.awaitAction();
    final Instant acted = Instant.now();
    covet.awaitReady(Covet.V2);
    final Instant ready = Instant.now();
    JsonNode closed = covet.awaitClosedIncident();

    assertEquals(1, covet.incidents().size());
    assertRolledBackOnce(covet, Covet.action(patched), closed);
    assertTold(slack);
    System.out.printf(
        "main job: patch after %d ms, all pods ready after %d ms, incident closed after %d ms%n",
        Duration.between(shipped, acted).toMillis(),
        Duration.between(shipped, ready).toMillis(),
        Duration.between(shipped, Instant.parse(closed.path("closedAt").asString())).toMillis());
  }

  private static void assertRolledBackOnce(Covet covet, String action, JsonNode incident) {
    assertEquals(
        "verified", incident.path("outcome").path("label").asString(""), incident::toString);
    Deployment now = covet.deployment();
    assertEquals(List.of(Covet.V2), Covet.images(now));
    assertEquals(action, Covet.action(now));
    // Made, two images set, one rollback.
    assertEquals(4, now.getMetadata().getGeneration());
    assertEquals(
        List.of("1", "3", "4"),
        REVISION
            .matcher(covet.namespace().kubectl("rollout", "history", "deployment/" + Covet.APP))
            .results()
            .map(found -> found.group(1))
            .toList());
    String id = incident.path("id").asString();
    JsonNode timeline = covet.json("/api/v1/incidents/" + id).path("timeline");
    assertEquals(
        List.of(action),
        Covet.elements(timeline).stream()
            .map(entry -> entry.path("sentence").asString())
            .flatMap(sentence -> ACTION.matcher(sentence).results())
            .map(found -> found.group(1))
            .toList(),
        timeline::toPrettyString);
  }

  private static void assertTold(FakeSlack slack) {
    Eventually.holds(
        "the thread says that it is over", SOON, () -> thread(slack).contains("Closed"));
    assertEquals(1, slack.parents().size(), () -> slack.parents().toString());
    assertEquals(
        List.of(
            "Opened",
            "In progress",
            "Acting unless somebody objects",
            "Acted",
            "In progress",
            "In progress",
            "Closed"),
        thread(slack));
  }

  /** What the replies are, in order. */
  private static List<String> thread(FakeSlack slack) {
    return slack.parents().stream()
        .flatMap(parent -> slack.replies(parent).stream())
        .map(reply -> reply.textsOf("context").getLast())
        .map(context -> context.split("( \\||,)", 2)[0])
        .toList();
  }

  private void watch(Covet covet) {
    Exporter exporter =
        opened.keep(
            new Exporter(() -> traffic.serve(covet.namespace().name(), covet.readyImages())));
    AlertmanagerProcess alertmanager =
        opened.keep(AlertmanagerProcess.start(folder.resolve("alertmanager"), covet.port()));
    opened.keep(
        PrometheusProcess.start(
            folder.resolve("prometheus"),
            exporter.port(),
            List.of(alertmanager.port()),
            folder.resolve("rules/alerts.yml")));
  }

  private void writeRules(Covet covet) {
    Path rules = folder.resolve("rules");
    Programs.write(
        rules,
        "environments.yml",
        """
        environments:
          production:
            cluster: covet-prod-cluster
            namespace: %s
            mode: act
        """
            .formatted(covet.namespace().name()));
    covet.writeRule(rules, "HighErrorRateAfterDeployment", "veto 2s", "30s");
    Programs.write(
        rules,
        "alerts.yml",
        """
        groups:
          - name: deployment-alerts
            rules:
              - alert: HighErrorRateAfterDeployment
                expr: >-
                  sum by (namespace) (rate(http_requests_total{code=~"5.."}[5s]))
                  / sum by (namespace) (rate(http_requests_total[5s])) > 0.05
                for: 1s
                labels: { severity: critical }
                annotations:
                  summary: "More than 5% of the requests in {{ $labels.namespace }} fail"
        """);
  }

  private Path configuration(Covet covet, FakeSlack slack) {
    return BelayProcess.acting(
        folder,
        covet.port(),
        covet.plane().kubeconfig(),
        """
        slack:
          token: %s
          channel: %s
          api_url: %s
        shutdown_grace: %ds
        """
            .formatted(FakeSlack.TOKEN, FakeSlack.CHANNEL, slack.endpoint(), GRACE.toSeconds()));
  }

  /** As a pipeline does: the change, and then the news of it. */
  private static void ship(Covet covet, String release, String image) {
    covet.ship(image);
    Http.post(
        covet.port(),
        "/api/v1/events",
        """
        {"id": "%s", "source": "pipeline", "service": "covet", "environment": "production",
         "version": "%s", "image": "%s", "actor": "ann"}
        """
            .formatted(release, image.substring(image.indexOf(':') + 1), image));
  }
}
