package dev.belay.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.incident.Notice;
import dev.belay.port.Notifier;
import dev.belay.port.NotifierContract;
import dev.belay.port.NotifierFailed;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@Timeout(30)
class PagerDutyNotifierTest extends NotifierContract {
  private final FakePagerDuty pagerDuty = new FakePagerDuty();
  private final PagerDutyNotifier notifier = notifier("belay-prod");

  private PagerDutyNotifier notifier(String source) {
    return new PagerDutyNotifier(
        new PagerDutySettings(pagerDuty.address(), FakePagerDuty.KEY, source));
  }

  @AfterEach
  void close() {
    notifier.close();
    pagerDuty.close();
  }

  @Override
  protected Notifier notifier() {
    return notifier;
  }

  @Override
  protected List<String> conversations() {
    Map<String, StringBuilder> conversations = new LinkedHashMap<>();
    for (FakeReceiver.Got got : pagerDuty.got()) {
      JsonNode details = got.json().path("payload").path("custom_details");
      if (details.has("incident")) {
        conversations
            .computeIfAbsent(details.path("incident").asString(), _ -> new StringBuilder())
            .append(got.json().path("payload").path("summary").asString())
            .append('\n')
            .append(details.path("text").asString())
            .append(details.path("incident").asString());
      }
    }
    return conversations.values().stream().map(StringBuilder::toString).toList();
  }

  @Override
  protected void assertHarmless(String got) {
    assertFalse(got.contains("\u001b") || got.contains("\u202e") || got.contains("\r"), got);
  }

  private JsonNode last() {
    return pagerDuty.got().getLast().json();
  }

  @ParameterizedTest
  @CsvSource({
    "PAGE, critical",
    "BRAKE, critical",
    "PROPOSED, error",
    "INPUT, error",
    "OPENED, warning",
    "COUNTDOWN, warning",
    "HOLD, warning",
  })
  void whatNeedsPeopleTriggersWithItsSeverity(Notice.Kind kind, String severity) {
    notifier.deliver(notice("covet-1", 1, kind, "news"), Optional.empty());
    assertEquals("trigger", last().path("event_action").asString());
    assertEquals(severity, last().path("payload").path("severity").asString());
    assertEquals("belay-prod", last().path("payload").path("source").asString());
  }

  /** Delivers one notice after the other, as an incident goes. */
  private void tell(Notice.Kind... kinds) {
    Optional<String> thread = Optional.empty();
    for (int i = 0; i < kinds.length; i++) {
      thread = notifier.deliver(notice("covet-1", i + 1, kinds[i], "news " + (i + 1)), thread);
    }
  }

  /** By which notices of {@link #tell} somebody was called. */
  private List<Integer> called() {
    return pagerDuty.called().stream()
        .map(summary -> Integer.parseInt(summary.substring(summary.lastIndexOf(' ') + 1)))
        .toList();
  }

  @Test
  void anAnswerAcknowledgesAndTheEndResolvesTheSameAlert() {
    tell(Notice.Kind.PAGE, Notice.Kind.ANSWERED);
    assertEquals(List.of(FakePagerDuty.Standing.ACKNOWLEDGED), pagerDuty.standings());
    tell(Notice.Kind.PAGE, Notice.Kind.ANSWERED, Notice.Kind.CLOSED);
    assertEquals(List.of(FakePagerDuty.Standing.RESOLVED), pagerDuty.standings());
    assertEquals(List.of(1), called());
  }

  @Test
  void aPageAfterAnAnswerCallsAgainByAnAlertInPlaceOfTheOneBefore() {
    tell(
        Notice.Kind.OPENED,
        Notice.Kind.ANSWERED,
        Notice.Kind.ANSWERED,
        Notice.Kind.ACTED,
        Notice.Kind.PAGE);
    assertEquals(List.of(1, 5), called());
    assertEquals(
        List.of(FakePagerDuty.Standing.RESOLVED, FakePagerDuty.Standing.TRIGGERED),
        pagerDuty.standings());
  }

  @Test
  void afterEachAnswerThereIsAnAlertOfItsOwnAndTheEndLeavesNoneOpen() {
    tell(
        Notice.Kind.PAGE,
        Notice.Kind.PAGE,
        Notice.Kind.ANSWERED,
        Notice.Kind.PAGE,
        Notice.Kind.PAGE,
        Notice.Kind.ANSWERED,
        Notice.Kind.PAGE,
        Notice.Kind.CLOSED);
    assertEquals(List.of(1, 4, 7), called());
    assertEquals(Set.of(FakePagerDuty.Standing.RESOLVED), Set.copyOf(pagerDuty.standings()));
  }

  @Test
  void whereTheAlertBeforeCannotBeResolvedTheNextDeliveryMakesUpForItAndCallsNobodyTwice() {
    Optional<String> thread =
        notifier.deliver(notice("covet-1", 1, Notice.Kind.PAGE, "news 1"), Optional.empty());
    Optional<String> answered =
        notifier.deliver(notice("covet-1", 2, Notice.Kind.ANSWERED, "news 2"), thread);
    Notice page = notice("covet-1", 3, Notice.Kind.PAGE, "news 3");
    pagerDuty.next(202, Map.of(), "");
    pagerDuty.next(503, Map.of(), "");
    assertThrows(NotifierFailed.class, () -> notifier.deliver(page, answered));
    notifier.deliver(page, answered);
    notifier.deliver(page, answered);
    assertEquals(List.of(1, 3), called());
    assertEquals(
        List.of(FakePagerDuty.Standing.RESOLVED, FakePagerDuty.Standing.TRIGGERED),
        pagerDuty.standings());
  }

  @Test
  void whatWasDoneIsAChangeAndPagesNobody() {
    notifier.deliver(notice("covet-1", 1, Notice.Kind.ACTED, "rolled back"), Optional.empty());
    assertEquals("/v2/change/enqueue", pagerDuty.got().getFirst().path());
    assertEquals(1, pagerDuty.got().size());
  }

  @Test
  void theSameIncidentHasTheSameKeyAfterARestartAndAnotherBelaysHasAnother() {
    notifier.deliver(notice("covet-1", 1, Notice.Kind.PAGE, "a"), Optional.empty());
    String key = last().path("dedup_key").asString();
    try (PagerDutyNotifier again = notifier("belay-prod");
        PagerDutyNotifier other = notifier("belay-stage")) {
      again.deliver(notice("covet-1", 2, Notice.Kind.PAGE, "b"), Optional.empty());
      assertEquals(key, last().path("dedup_key").asString());
      other.deliver(notice("covet-1", 2, Notice.Kind.PAGE, "b"), Optional.empty());
      assertFalse(key.equals(last().path("dedup_key").asString()));
    }
  }

  @Test
  void whatPassesIsTriedAgainWhenPagerDutySays() {
    pagerDuty.next(429, Map.of("Retry-After", "7"), "");
    NotifierFailed limited = failure();
    assertFalse(limited.permanent());
    assertEquals(Duration.ofSeconds(7), limited.retryAfter());
    pagerDuty.next(503, Map.of(), "");
    assertFalse(failure().permanent());
  }

  @Test
  void whatItRefusesAsItStandsIsUnfitAndAWrongKeyNeedsSomebody() {
    pagerDuty.next(400, Map.of(), "{\"message\":\"Event object is invalid\"}");
    assertTrue(failure().unfit());
    pagerDuty.next(400, Map.of(), "{\"errors\":[\"Invalid routing key\"]}");
    NotifierFailed wrong = failure();
    assertTrue(wrong.permanent() && !wrong.unfit());
    assertTrue(String.valueOf(wrong.getMessage()).contains("check the routing key"));
    pagerDuty.next(302, Map.of("Location", "http://127.0.0.1:1/"), "");
    assertTrue(failure().permanent(), "no redirect is followed");
  }

  private NotifierFailed failure() {
    return assertThrows(
        NotifierFailed.class,
        () -> notifier.deliver(notice("covet-1", 1, Notice.Kind.PAGE, "x"), Optional.empty()));
  }

  @Test
  void aKeyThatIsNoneOrAnOpenAddressIsRefusedAndNotShown() {
    IllegalArgumentException key =
        assertThrows(
            IllegalArgumentException.class,
            () -> new PagerDutySettings(PagerDutySettings.PAGER_DUTY, "hush", "belay"));
    assertFalse(String.valueOf(key.getMessage()).contains("hush"));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new PagerDutySettings(URI.create("http://pd.example/v2/"), FakePagerDuty.KEY, "belay"));
    assertFalse(
        new PagerDutySettings(PagerDutySettings.PAGER_DUTY, FakePagerDuty.KEY, "belay")
            .toString()
            .contains(FakePagerDuty.KEY));
  }
}
