package dev.belay.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.belay.core.engine.Event;
import dev.belay.core.rule.Signal;
import dev.belay.core.rule.Trigger;
import dev.belay.intake.IntakeLimits;
import dev.belay.intake.Parsed;
import dev.belay.intake.PostedAlerts;
import dev.belay.intake.ReleaseEvents;
import dev.belay.intake.WebhookAlerts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the sandbox writes is what Belay's doors read. */
class MessagesTest {
  private static final Instant START = Instant.parse("2026-01-05T09:00:00Z");
  private static final Instant NOW = START.plusSeconds(30);
  private static final AlertDefinition ALERT =
      new AlertDefinition(
          "covet",
          new TreeMap<>(Map.of("alertname", "HighErrorRate", "namespace", "covet")),
          new TreeMap<>(Map.of("summary", "too many \"errors\" <5%>")),
          new Trigger(Signal.ERROR_RATE, Optional.empty(), true, 0.05, Duration.ZERO, "> 5%"));
  private static final List<AlertState> ALERTS =
      List.of(
          new AlertState(ALERT, START, Optional.empty()),
          new AlertState(ALERT, START, Optional.of(START.plusSeconds(9))));

  @Test
  void theWebhookTakesThem() {
    Event.AlertsReceived event =
        assertInstanceOf(
            Event.AlertsReceived.class,
            taken(
                new WebhookAlerts(IntakeLimits.standard())
                    .parse(bytes(Messages.webhook("HighErrorRate", ALERTS)), NOW)));
    checked(event);
  }

  @Test
  void alertmanagersApiTakesThem() {
    Event.AlertsReceived event =
        assertInstanceOf(
            Event.AlertsReceived.class,
            taken(
                new PostedAlerts(IntakeLimits.standard())
                    .parse(bytes(Messages.posted(ALERTS, NOW, Duration.ofMinutes(4))), NOW, NOW)));
    checked(event);
    assertEquals(NOW.plus(Duration.ofMinutes(4)), event.alerts().getFirst().validUntil());
  }

  private static void checked(Event.AlertsReceived event) {
    assertEquals(2, event.alerts().size());
    assertEquals(ALERT.labels(), event.alerts().getFirst().labels().toMap());
    assertEquals(ALERT.annotations(), event.alerts().getFirst().annotations());
    assertEquals(START, event.alerts().getFirst().startsAt());
    assertEquals(Optional.of(START.plusSeconds(9)), event.alerts().getLast().endsAt());
  }

  @Test
  void releaseEventsAreTaken() {
    Deed.Ship ship = new Deed.Ship("covet", "v1.2", "covet:bad-1.2", "ada");
    Event.ReleaseReceived event =
        assertInstanceOf(
            Event.ReleaseReceived.class,
            taken(
                new ReleaseEvents(IntakeLimits.standard())
                    .parse(
                        "application/json",
                        Map.of(),
                        bytes(Messages.release("release-1", ship, START, Optional.of(NOW))),
                        NOW)));
    assertEquals("covet", event.release().service());
    assertEquals(Optional.of("covet:bad-1.2"), event.release().image());
    assertEquals(Optional.of("ada"), event.release().actor());
    assertEquals(Optional.of(NOW), event.release().finishedAt());
  }

  private static Event taken(Parsed parsed) {
    Parsed.Taken taken = assertInstanceOf(Parsed.Taken.class, parsed);
    assertEquals(Optional.empty(), taken.complaint());
    return taken.event();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
