package dev.belay.intake;

import static dev.belay.intake.Bodies.NOW;
import static dev.belay.intake.Bodies.bytes;
import static dev.belay.intake.Bodies.webhook;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.alert.Alert;
import dev.belay.core.alert.Door;
import dev.belay.core.alert.Labels;
import dev.belay.core.engine.Event.AlertsReceived;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookAlertsTest {
  private static final String LABELS = "\"labels\":{\"alertname\":\"A\"}";

  private final WebhookAlerts webhook = new WebhookAlerts(IntakeLimits.standard());

  @ParameterizedTest
  @ValueSource(strings = {"0.25", "0.32-reason", "0.34-route-labels", "mimir"})
  void readsEveryVersionAlike(String version) {
    AlertsReceived event = taken(Bodies.of("alertmanager/" + version + ".json"));
    assertEquals(Door.WEBHOOK, event.door());
    assertEquals(0, event.truncated());
    Alert alert = event.alerts().getFirst();
    assertEquals(
        Labels.of(
            Map.of("alertname", "HighErrorRate", "namespace", "covet", "severity", "critical")),
        alert.labels());
    assertEquals(Map.of("summary", "5xx above 5%"), alert.annotations());
    assertTrue(alert.firing());
    assertEquals(Instant.parse("2026-01-31T11:58:12.123456789Z"), alert.startsAt());
    assertEquals(Optional.empty(), alert.endsAt());
    assertEquals(NOW.plus(Duration.ofHours(5)), alert.validUntil());
    assertEquals("http://prometheus:9090/graph?g0.expr=up<1&g0.tab=1", alert.generatorUrl());
  }

  @Test
  void readsUtf8NamesEscapesAndOffsets() {
    Alert alert = taken(Bodies.of("alertmanager/0.28-utf8-names.json")).alerts().getFirst();
    assertEquals(Optional.of("p\u00e2tes"), alert.labels().get("\u00e9quipe"));
    assertEquals(Optional.of("covet"), alert.labels().get("k8s.namespace.name"));
    assertEquals("a < b & c > d", alert.annotations().get("summary"));
    assertEquals(Instant.parse("2026-01-31T11:58:12.5Z"), alert.startsAt());
  }

  @Test
  void passesOnWhatWasCutOff() {
    AlertsReceived event = taken(Bodies.of("alertmanager/0.31-resolved.json"));
    assertEquals(7, event.truncated());
    assertFalse(event.alerts().getFirst().firing());
    assertEquals(
        Optional.of(Instant.parse("2026-01-31T11:59:30.000000001Z")),
        event.alerts().getFirst().endsAt());
  }

  @Test
  void keepsTheNamesOfGrafanasOwnAlerts() {
    AlertsReceived event = taken(Bodies.of("alertmanager/grafana.json"));
    assertEquals("DatasourceNoData", event.alerts().getFirst().labels().alertName());
    assertEquals("Errors", event.alerts().getLast().labels().alertName());
  }

  @Test
  void countsTheHugestTruncationAsTheLargestNumber() {
    byte[] body =
        bytes(
            "{\"truncatedAlerts\":18446744073709551615,\"alerts\":[{"
                + LABELS
                + ",\"status\":\"firing\"},{}]}");
    Parsed.Taken taken = assertInstanceOf(Parsed.Taken.class, webhook.parse(body, NOW));
    assertEquals(Long.MAX_VALUE, ((AlertsReceived) taken.event()).truncated());
  }

  @Test
  void clipsStampsFromTheFuture() {
    Alert alert =
        taken(
                webhook(
                    "{\"status\":\"firing\"," + LABELS + ",\"startsAt\":\"2026-02-01T00:00:00Z\"}"))
            .alerts()
            .getFirst();
    assertEquals(NOW, alert.startsAt());
  }

  @Test
  void endsAResolvedAlertWithoutAnEndNow() {
    Alert alert =
        taken(
                webhook(
                    "{\"status\":\"resolved\","
                        + LABELS
                        + ",\"startsAt\":\"2026-01-31T11:00:00Z\","
                        + "\"endsAt\":\"0001-01-01T00:00:00Z\"}"))
            .alerts()
            .getFirst();
    assertEquals(Optional.of(NOW), alert.endsAt());
  }

  @Test
  void keepsTheValidAndCountsTheInvalidAsHidden() {
    Parsed.Taken taken =
        assertInstanceOf(
            Parsed.Taken.class,
            webhook.parse(
                webhook(
                    "{\"status\":\"resolved\","
                        + LABELS
                        + "},{\"status\":\"odd\","
                        + LABELS
                        + "},{\"status\":\"firing\",\"labels\":{\"a\":7}}"),
                NOW));
    AlertsReceived event = (AlertsReceived) taken.event();
    assertEquals(1, event.alerts().size());
    assertEquals(2, event.truncated());
    String complaint = taken.complaint().orElseThrow();
    assertTrue(complaint.contains("alerts[1]: the field \"status\""), complaint);
    assertTrue(complaint.contains("alerts[2]: a label must be a string"), complaint);
  }

  @Test
  void replacesHalvesOfSurrogatePairs() {
    Alert alert =
        taken(webhook("{\"status\":\"firing\",\"labels\":{\"a\":\"b\\udc00c\"}}"))
            .alerts()
            .getFirst();
    assertEquals(Optional.of("b\ufffdc"), alert.labels().get("a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"alerts\":null}",
        "{\"alerts\":{}}",
        "{\"alerts\":\"x\"}",
        "{\"alerts\":[],\"alerts\":[]}",
        "[]",
        "\"alerts\"",
        "null",
        "{\"text\":\"a Slack template\"}",
        "{\"alerts\":[],\"truncatedAlerts\":\"many\"}"
      })
  void saysThatItDoesNotLookLikeVersionFour(String body) {
    Parsed.Refused refused = refused(bytes(body));
    assertEquals(Parsed.Refusal.UNRECOGNIZED, refused.why());
    assertTrue(refused.sentence().contains("payload version 4"), refused.sentence());
    assertTrue(refused.sentence().toLowerCase(java.util.Locale.ROOT).contains("alerts"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "{\"alerts\":[{]}", "<html>", "{\"alerts\":[]", "{'a':1}", "\u0000"})
  void saysWhereItIsNoJson(String body) {
    Parsed.Refused refused = refused(bytes(body));
    assertTrue(
        refused.why() == Parsed.Refusal.MALFORMED || body.isEmpty(), refused.why().toString());
  }

  @Test
  void saysWhereABodyBreaksOffAndNothingOfTheReader() {
    assertEquals(
        "the body is not JSON that can be read at line 1, column 27: Unexpected end-of-input:"
            + " expected close marker for Object",
        refused(bytes("{\"version\":\"4\",\"alerts\":[{")).sentence());
  }

  @Test
  void refusesInvalidUtf8() {
    byte[] body = webhook("{\"status\":\"firing\",\"labels\":{\"a\":\"??\"}}");
    for (int i = 0; i < body.length; i++) {
      if (body[i] == '?') {
        body[i] = (byte) 0xff;
      }
    }
    assertEquals(Parsed.Refusal.MALFORMED, refused(body).why());
  }

  @Test
  void refusesWhatIsTooDeepTooLongOrTooMuch() {
    String deep = "[".repeat(40) + "]".repeat(40);
    assertEquals(
        Parsed.Refusal.MALFORMED, refused(bytes("{\"x\":" + deep + ",\"alerts\":[]}")).why());
    String text = "x".repeat(70_000);
    assertEquals(
        Parsed.Refusal.MALFORMED,
        refused(webhook("{\"status\":\"firing\",\"labels\":{\"a\":\"" + text + "\"}}")).why());
    String many = ("{\"status\":\"firing\"," + LABELS + "},").repeat(10_001);
    assertEquals(
        Parsed.Refusal.TOO_LARGE, refused(webhook(many.substring(0, many.length() - 1))).why());
    StringBuilder labels = new StringBuilder("\"n\":\"v\"");
    for (int i = 0; i < 64; i++) {
      labels.append(",\"n").append(i).append("\":\"v\"");
    }
    Parsed.Refused refused =
        refused(webhook("{\"status\":\"firing\",\"labels\":{" + labels + "}}"));
    assertEquals(Parsed.Refusal.INVALID, refused.why());
    assertTrue(refused.sentence().contains("more than 64 labels"), refused.sentence());
    String value = "v".repeat(9_000);
    assertTrue(
        refused(webhook("{\"status\":\"firing\",\"labels\":{\"a\":\"" + value + "\"}}"))
            .sentence()
            .contains("longer than 8192"));
  }

  @Test
  void ignoresADeliveryWithoutAlerts() {
    assertEquals(
        new Parsed.Ignored(Parsed.Ignorance.EMPTY), webhook.parse(bytes("{\"alerts\":[]}"), NOW));
  }

  private AlertsReceived taken(byte[] body) {
    Parsed.Taken taken = assertInstanceOf(Parsed.Taken.class, webhook.parse(body, NOW));
    assertEquals(Optional.empty(), taken.complaint());
    return assertInstanceOf(AlertsReceived.class, taken.event());
  }

  private Parsed.Refused refused(byte[] body) {
    return assertInstanceOf(Parsed.Refused.class, webhook.parse(body, NOW));
  }
}
