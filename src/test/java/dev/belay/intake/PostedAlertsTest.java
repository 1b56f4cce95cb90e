package dev.belay.intake;

import static dev.belay.intake.Bodies.NOW;
import static dev.belay.intake.Bodies.bytes;
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

class PostedAlertsTest {
  private static final Duration RESOLVE = Duration.ofMinutes(5);

  private final PostedAlerts posted = new PostedAlerts(IntakeLimits.standard());

  @Test
  void startsNowAndTimesOutWithoutAnyStamp() {
    Alert alert = one("{\"labels\":{\"a\":\"b\"}}");
    assertTrue(alert.firing());
    assertEquals(NOW, alert.startsAt());
    assertEquals(NOW.plus(RESOLVE), alert.validUntil());
    assertEquals(Optional.empty(), alert.endsAt());
  }

  @Test
  void takesZeroTimesForAbsent() {
    Alert alert =
        one(
            "{\"labels\":{\"a\":\"b\"},\"startsAt\":\"0001-01-01T00:00:00Z\","
                + "\"endsAt\":\"0001-01-01T00:00:00.000Z\"}");
    assertEquals(NOW, alert.startsAt());
    assertEquals(NOW.plus(RESOLVE), alert.validUntil());
  }

  @Test
  void startsAtItsEndWhereOnlyThatIsKnown() {
    Alert alert = one("{\"labels\":{\"a\":\"b\"},\"endsAt\":\"2026-01-31T11:59:00Z\"}");
    assertFalse(alert.firing());
    assertEquals(Instant.parse("2026-01-31T11:59:00Z"), alert.startsAt());
    assertEquals(Optional.of(Instant.parse("2026-01-31T11:59:00Z")), alert.endsAt());
  }

  @Test
  void firesAsLongAsItsEndLiesAhead() {
    Alert alert =
        one(
            "{\"labels\":{\"a\":\"b\"},\"startsAt\":\"2026-01-31T11:50:00Z\","
                + "\"endsAt\":\"2026-01-31T12:04:00Z\",\"generatorURL\":\"http://p\"}");
    assertTrue(alert.firing());
    assertEquals(Instant.parse("2026-01-31T12:04:00Z"), alert.validUntil());
    assertEquals("http://p", alert.generatorUrl());
    assertFalse(one("{\"labels\":{\"a\":\"b\"},\"endsAt\":\"2026-01-31T12:00:00Z\"}").firing());
  }

  @Test
  void whereTheMachinesClockWasPutBackAnEndThatLiesAheadByItIsNoEnd() {
    Instant belay = NOW.plus(Duration.ofHours(1));
    String told = "{\"labels\":{\"a\":\"b\"},\"endsAt\":\"2026-01-31T12:04:00Z\"}";
    String untold = "{\"labels\":{\"a\":\"c\"}}";
    Parsed parsed = posted.parse(bytes("[" + told + "," + untold + "]"), belay, NOW);
    AlertsReceived event = (AlertsReceived) assertInstanceOf(Parsed.Taken.class, parsed).event();
    assertTrue(event.alerts().getFirst().firing());
    assertEquals(Instant.parse("2026-01-31T12:04:00Z"), event.alerts().getFirst().validUntil());
    assertEquals(belay, event.alerts().getLast().startsAt());
    assertEquals(belay.plus(RESOLVE), event.alerts().getLast().validUntil());
  }

  @Test
  void storesTheValidAndListsTheErrors() {
    Parsed.Taken taken =
        assertInstanceOf(
            Parsed.Taken.class,
            parse(
                "[{\"labels\":{\"a\":\"b\",\"empty\":\"\"},\"status\":{\"state\":\"active\"}},"
                    + "{\"labels\":{}},{\"labels\":{\"a\":\"\"}},"
                    + "{\"labels\":{\"a\":\"b\"},\"startsAt\":\"2026-01-31T12:00:00Z\","
                    + "\"endsAt\":\"2026-01-31T11:00:00Z\"},"
                    + "{\"labels\":{\"a\":\"b\"},\"startsAt\":\"yesterday\"},7]"));
    AlertsReceived event = (AlertsReceived) taken.event();
    assertEquals(Door.API_V2, event.door());
    assertEquals(0, event.truncated());
    assertEquals(1, event.alerts().size());
    assertEquals(Labels.of(Map.of("a", "b")), event.alerts().getFirst().labels());
    assertEquals(
        "alerts[1]: at least one label with a value is required; "
            + "alerts[2]: at least one label with a value is required; "
            + "alerts[3]: endsAt is before startsAt; "
            + "alerts[4]: startsAt is no RFC 3339 time such as 2026-01-31T12:00:00Z; "
            + "alerts[5]: it must be an object",
        taken.complaint().orElseThrow());
  }

  @Test
  void listsNoMoreThanTenErrors() {
    String sentence =
        assertInstanceOf(Parsed.Refused.class, parse("[" + "{},".repeat(29) + "{}]")).sentence();
    assertTrue(sentence.endsWith("; and 20 more"), sentence);
  }

  @Test
  void refusesAWebhooksBodyAndSaysWhereItGoes() {
    Parsed.Refused refused = assertInstanceOf(Parsed.Refused.class, parse("{\"alerts\":[]}"));
    assertTrue(refused.sentence().contains("/webhooks/alertmanager"));
  }

  @Test
  void ignoresAnEmptyArray() {
    assertEquals(new Parsed.Ignored(Parsed.Ignorance.EMPTY), parse("[]"));
  }

  private Alert one(String alert) {
    Parsed.Taken taken = assertInstanceOf(Parsed.Taken.class, parse("[" + alert + "]"));
    assertEquals(Optional.empty(), taken.complaint());
    return ((AlertsReceived) taken.event()).alerts().getFirst();
  }

  private Parsed parse(String body) {
    return posted.parse(bytes(body), NOW, NOW);
  }
}
