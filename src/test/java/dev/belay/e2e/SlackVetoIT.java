package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.controlplane.Eventually;
import dev.belay.controlplane.FreePort;
import dev.belay.notify.FakeSlack;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A bad release on a real control plane, a rollback that counts down, {@code kill -9}, and a veto
 * pressed in a fake Slack over Socket Mode once Belay is back.
 */
final class SlackVetoIT {
  private static final Duration SOON = Duration.ofSeconds(90);

  @TempDir private Path folder = Path.of("");

  @RegisterExtension final Opened opened = new Opened();

  @Test
  void aVetoInSlackStopsARollbackWhoseCountdownSurvivedAKill() throws Exception {
    FakeSlack slack = opened.keep(FakeSlack.start());
    int port = FreePort.next();
    Covet covet = Covet.deployed(port);
    covet.writeRule(folder.resolve("rules"), "HighErrorRate", "veto 90s", "40s");
    Path configuration = configuration(covet, slack);
    BelayProcess belay = opened.keep(BelayProcess.start(configuration, port));
    try {
      covet.awaitKnownGood(Covet.V1);
      covet.ship(Covet.V2);
      covet.awaitReady(Covet.V2);
      Eventually.holds("the release is seen", SOON, () -> !covet.releases().isEmpty());
      fire(covet, "HighErrorRate");
      String value = Eventually.gives("a button to veto", SOON, () -> button(slack));
      JsonNode before = run(covet);
      assertEquals("countdown", before.path("phase").asString(), before::toString);

      belay.kill();
      belay = opened.keep(BelayProcess.start(configuration, port));
      assertEquals(
          before.path("deadline").asString(), run(covet).path("deadline").asString(), "the same");
      Eventually.holds("Belay is connected", SOON, () -> slack.sockets().count() == 1);

      // Eve may not approve, and that changes nothing.
      String refused = slack.sockets().send(slack.press("U0EVE", "approve", value));
      Eventually.holds("she is told", SOON, () -> slack.whispers().size() == 1);
      Eventually.holds("it is heard", SOON, () -> slack.sockets().acknowledged(refused));
      assertEquals("countdown", run(covet).path("phase").asString());

      String veto = slack.sockets().send(slack.press("U0ANN", "veto", value));
      Eventually.holds("it is acknowledged", SOON, () -> slack.sockets().acknowledged(veto));
      assertTrue(run(covet).isMissingNode(), "nothing is under way any more");
      Eventually.holds("no button is left", SOON, () -> button(slack).isEmpty());
      assertStopped(covet, slack, Instant.parse(before.path("deadline").asString()));
    } catch (AssertionError e) {
      throw belay.told(e);
    }
  }

  private static void assertStopped(Covet covet, FakeSlack slack, Instant deadline) {
    String story = covet.json("/api/v1/explain/covet-1").toString();
    assertTrue(story.contains("(Slack U0ANN) objected"), story);
    assertTrue(story.contains("slack.allow.approve does not name U0EVE"), story);
    Eventually.holds(
        "the message says who",
        SOON,
        () -> slack.parents().getFirst().text().contains("(Slack U0ANN) objected"));
    Eventually.holds("the time of the countdown is past", SOON, () -> past(deadline));
    // Has Belay look at the service once more, by its own clock.
    fire(covet, "HighLatency");
    Eventually.holds("it was looked at after that", SOON, () -> heardAfter(covet, deadline));
    assertTrue(run(covet).isMissingNode(), "nothing is under way");
    story = covet.json("/api/v1/explain/covet-1").toString();
    assertFalse(story.contains("Doing it now"), story);
    assertEquals(List.of(Covet.V2), Covet.images(covet.deployment()));
    assertEquals("", Covet.action(covet.deployment()));
  }

  private static boolean past(Instant moment) {
    return Instant.now().isAfter(moment);
  }

  private static boolean heardAfter(Covet covet, Instant moment) {
    return Covet.elements(covet.json("/api/v1/incidents/covet-1").path("timeline")).stream()
        .filter(event -> event.path("sentence").asString("").contains("HighLatency fires"))
        .anyMatch(event -> Instant.parse(event.path("at").asString()).isAfter(moment));
  }

  private static Optional<String> button(FakeSlack slack) {
    return slack.parents().stream().findFirst().flatMap(message -> message.button("veto"));
  }

  private static JsonNode run(Covet covet) {
    return covet.incidents().getFirst().path("run");
  }

  private static void fire(Covet covet, String alert) {
    Http.post(
        covet.port(),
        "/api/v2/alerts",
        "[{\"labels\":{\"alertname\":\"%s\",\"namespace\":\"%s\"}}]"
            .formatted(alert, covet.namespace().name()));
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
          app_token: %s
          allow: { approve: [ U0ANN ], veto: [ U0ANN ] }
        """
            .formatted(FakeSlack.TOKEN, FakeSlack.CHANNEL, slack.endpoint(), FakeSlack.APP_TOKEN));
  }
}
