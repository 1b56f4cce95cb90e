package dev.belay.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.incident.Answer;
import dev.belay.core.incident.Notice;
import dev.belay.notify.FakeSlack.Trouble;
import dev.belay.port.NotifierContract;
import dev.belay.port.NotifierFailed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SlackNotifierTest {
  private static final Optional<String> NO_THREAD = Optional.empty();
  private static final Optional<Instant> NO_UNTIL = Optional.empty();

  private final FakeSlack slack = FakeSlack.start();
  private final SlackNotifier notifier = new SlackNotifier(settings());

  @AfterEach
  void close() {
    notifier.close();
    slack.close();
  }

  private SlackSettings settings() {
    return SlackSettings.of(new SlackToken(FakeSlack.TOKEN.toCharArray()), FakeSlack.CHANNEL)
        .withEndpoint(slack.endpoint());
  }

  private static Notice notice(int number, Notice.Kind kind) {
    return NotifierContract.notice("covet-1", number, kind, "news " + number);
  }

  private NotifierFailed failure(Notice notice, Optional<String> thread) {
    return assertThrows(NotifierFailed.class, () -> notifier.deliver(notice, thread));
  }

  @Test
  void theThreadIsChannelAndTimestampOfTheFirstMessage() {
    Optional<String> thread = notifier.deliver(notice(1, Notice.Kind.OPENED), NO_THREAD);

    FakeSlack.Message parent = slack.parents().getFirst();
    assertEquals(Optional.of(FakeSlack.CHANNEL + "/" + parent.ts()), thread);
  }

  @Test
  void theFirstMessageIsBroughtUpToDateAndTheNewsGoesBeneath() {
    Optional<String> thread = notifier.deliver(notice(1, Notice.Kind.OPENED), NO_THREAD);
    notifier.deliver(notice(2, Notice.Kind.ACTED), thread);

    FakeSlack.Message parent = slack.parents().getFirst();
    assertEquals(1, slack.parents().size());
    assertEquals(1, parent.edits());
    assertEquals(List.of("covet headline 2"), parent.textsOf("header"));
    assertEquals("covet headline 2\nnews 2", parent.text());
    assertEquals(
        List.of("news 1", "news 2"),
        slack.replies(parent).stream().map(FakeSlack.Message::text).toList());
  }

  @Test
  void aChannelGivenByNameIsUpdatedById() {
    try (SlackNotifier byName =
        new SlackNotifier(
            SlackSettings.of(new SlackToken(FakeSlack.TOKEN.toCharArray()), FakeSlack.CHANNEL_NAME)
                .withEndpoint(slack.endpoint()))) {
      Optional<String> thread = byName.deliver(notice(1, Notice.Kind.OPENED), NO_THREAD);
      byName.deliver(notice(2, Notice.Kind.ACTED), thread);
    }
    assertEquals(1, slack.parents().getFirst().edits());
  }

  @Test
  void onlyAPageIsBroadcastAndCallsPeople() {
    Optional<String> thread = notifier.deliver(notice(1, Notice.Kind.OPENED), NO_THREAD);
    notifier.deliver(notice(2, Notice.Kind.PAGE), thread);

    List<FakeSlack.Message> replies = slack.replies(slack.parents().getFirst());
    assertFalse(replies.getFirst().broadcast());
    assertFalse(replies.getFirst().everything().contains("<!here>"));
    assertTrue(replies.getLast().broadcast());
    assertEquals("<!here> news 2", replies.getLast().text());
    assertEquals(List.of("<!here> news 2"), replies.getLast().textsOf("section"));
  }

  @Test
  void aPageCallsWhomTheSettingsName() {
    SlackSettings here = settings();
    SlackSettings theirs =
        new SlackSettings(
            here.endpoint(),
            here.token(),
            here.channel(),
            "<!subteam^S0123>",
            Set.of(),
            here.connectTimeout(),
            here.callTimeout());
    try (SlackNotifier group = new SlackNotifier(theirs)) {
      group.deliver(notice(1, Notice.Kind.PAGE), NO_THREAD);
    }
    assertEquals("<!subteam^S0123> news 1", slack.messages().getLast().text());
  }

  @Test
  void buttonsAreThereWhileTheyApplyAndOnlyThoseThatSomebodyMayPress() {
    try (SlackNotifier asking =
        new SlackNotifier(
            settings().withButtons(Set.of(Answer.APPROVE, Answer.VETO, Answer.SNOOZE)))) {
      Notice.Asked asked =
          new Notice.Asked("0123456789abcdef", "00112233445566778899aabbccddeeff", "rollback");
      Optional<String> thread = asking.deliver(asking(1, Optional.of(asked)), NO_THREAD);
      FakeSlack.Message message = slack.parents().getFirst();
      String value = "0123456789abcdef 00112233445566778899aabbccddeeff covet-1";
      for (String answer : List.of("approve", "veto", "snooze")) {
        assertEquals(Optional.of(value), message.button(answer), answer);
      }
      assertEquals(Optional.empty(), message.button("hold"), "nobody may");
      assertTrue(message.everything().contains("Roll back now"), message.everything());

      asking.deliver(asking(2, Optional.empty()), thread);
      assertEquals(Optional.empty(), slack.parents().getFirst().button("veto"));
      assertEquals(Optional.of("- - covet-1"), slack.parents().getFirst().button("snooze"));

      asking.deliver(notice(3, Notice.Kind.CLOSED), thread);
      assertEquals(List.of(), slack.parents().getFirst().textsOf("actions"));
    }
  }

  @Test
  void everythingCanBeHeldFromAnyMessageAndItAsksOnceMore() {
    try (SlackNotifier asking = new SlackNotifier(settings().withButtons(Set.of(Answer.HOLD)))) {
      asking.deliver(asking(1, Optional.empty()), NO_THREAD);
      FakeSlack.Message message = slack.parents().getFirst();
      assertEquals(Optional.of("- - covet-1"), message.button("hold"));
      assertTrue(message.everything().contains("Hold everything?"), message.everything());
      assertEquals(Optional.empty(), message.button("snooze"), "nobody may");
    }
  }

  @Test
  void onlyAPageCanBeAcknowledged() {
    try (SlackNotifier asking =
        new SlackNotifier(settings().withButtons(Set.of(Answer.ACKNOWLEDGE)))) {
      Optional<String> thread =
          asking.deliver(asking(1, Notice.Kind.PAGE, Optional.empty()), NO_THREAD);
      FakeSlack.Message message = slack.parents().getFirst();
      assertEquals(Optional.of("- - covet-1"), message.button("acknowledge"));
      assertTrue(message.everything().contains("I'm on it"), message.everything());

      asking.deliver(asking(2, Optional.empty()), thread);
      assertEquals(Optional.empty(), slack.parents().getFirst().button("acknowledge"));
    }
  }

  private static Notice asking(int number, Optional<Notice.Asked> asked) {
    return asking(number, Notice.Kind.COUNTDOWN, asked);
  }

  private static Notice asking(int number, Notice.Kind kind, Optional<Notice.Asked> asked) {
    return new Notice(
        "covet-1",
        number,
        kind,
        "covet",
        "covet",
        "news",
        Instant.parse("2026-11-24T12:00:00Z"),
        NO_UNTIL,
        Optional.empty(),
        Optional.of(new Notice.Offer(asked)));
  }

  @Test
  void withoutAWayInThereAreNoButtons() {
    Notice.Asked asked = new Notice.Asked("01", "02", "flags");
    notifier.deliver(asking(1, Optional.of(asked)), NO_THREAD);
    assertEquals(List.of(), slack.parents().getFirst().textsOf("actions"));
  }

  @Test
  void theVetoDeadlineIsShownInTheReadersOwnTimeZone() {
    Notice countdown =
        new Notice(
            "covet-1",
            1,
            Notice.Kind.COUNTDOWN,
            "covet",
            "Rolling back",
            "Release 7 is to blame.",
            Instant.parse("2026-11-24T12:03:04Z"),
            Optional.of(Instant.parse("2026-11-24T12:03:34Z")));
    notifier.deliver(countdown, NO_THREAD);

    assertEquals(
        List.of(
            "Acting unless somebody objects, until <!date^1795521814^{time_secs}|12:03:34 UTC>"
                + " | covet-1 | covet | <!date^1795521784^{time_secs}|12:03:04 UTC>"),
        slack.parents().getFirst().textsOf("context"));
  }

  @Test
  void aHeadlineTooLongForAHeaderIsShownWholeBeneathIt() {
    String headline = "h".repeat(151);
    notifier.deliver(
        new Notice(
            "covet-1", 1, Notice.Kind.OPENED, "covet", headline, "", Instant.EPOCH, NO_UNTIL),
        NO_THREAD);

    FakeSlack.Message parent = slack.parents().getFirst();
    assertEquals(List.of("h".repeat(149) + "\u2026"), parent.textsOf("header"));
    assertEquals(List.of(headline), parent.textsOf("section"));
  }

  @Test
  void rateLimitingTellsHowLongToWait() {
    slack.next(new Trouble.RateLimited(7));

    NotifierFailed failed = failure(notice(1, Notice.Kind.OPENED), NO_THREAD);

    assertFalse(failed.permanent());
    assertEquals(Duration.ofSeconds(7), failed.retryAfter());
    assertEquals(List.of("chat.postMessage"), slack.calls());
  }

  @Test
  void rateLimitingWithoutATimeIsPassingToo() {
    slack.next(new Trouble.RateLimited(-1));

    NotifierFailed failed = failure(notice(1, Notice.Kind.OPENED), NO_THREAD);

    assertFalse(failed.permanent());
    assertEquals(Duration.ZERO, failed.retryAfter());
  }

  @Test
  void anAbsurdWaitIsBounded() {
    slack.next(new Trouble.RateLimited(999_999));

    assertEquals(
        Duration.ofHours(1), failure(notice(1, Notice.Kind.OPENED), NO_THREAD).retryAfter());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "invalid_auth",
        "account_inactive",
        "token_revoked",
        "missing_scope",
        "no_text",
        "invalid_blocks",
        "msg_too_long",
        "msg_blocks_too_long"
      })
  void whatNeedsMendingIsPermanentAndSaysHow(String error) {
    slack.next(new Trouble.Refused(error));

    NotifierFailed failed = failure(notice(1, Notice.Kind.OPENED), NO_THREAD);

    assertTrue(failed.permanent());
    assertTrue(failed.toString().contains(error + ": "), failed.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"invalid_blocks", "msg_too_long", "no_text"})
  void whatSlackCannotShowSaysNothingOfOtherNoticesAndBeginsNoConversationAnew(String error) {
    Optional<String> thread = notifier.deliver(notice(1, Notice.Kind.OPENED), NO_THREAD);
    slack.next(new Trouble.None(), new Trouble.Refused(error));

    assertTrue(failure(notice(2, Notice.Kind.ACTED), thread).unfit());
    assertEquals(1, slack.parents().size());
    assertEquals(thread, notifier.deliver(notice(3, Notice.Kind.CLOSED), thread));
  }

  @Test
  void aChannelThatIsClosedIsClosedForAllNotices() {
    slack.next(new Trouble.Refused("is_archived"));

    assertFalse(failure(notice(1, Notice.Kind.OPENED), NO_THREAD).unfit());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ratelimited",
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "some_error_of_tomorrow",
        "<!channel>\n"
      })
  void whatMayPassIsTriedAgain(String error) {
    slack.next(new Trouble.Refused(error));

    NotifierFailed failed = failure(notice(1, Notice.Kind.OPENED), NO_THREAD);

    assertFalse(failed.permanent());
    assertFalse(failed.toString().contains("<"), failed.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 500, 502, 503})
  void aSickGatewayIsTriedAgain(int status) {
    slack.next(new Trouble.Status(status));

    assertFalse(failure(notice(1, Notice.Kind.OPENED), NO_THREAD).permanent());
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 403, 404})
  void aStatusThatSlackNeverSendsPointsToTheEndpoint(int status) {
    slack.next(new Trouble.Status(status));

    NotifierFailed failed = failure(notice(1, Notice.Kind.OPENED), NO_THREAD);

    assertTrue(failed.permanent());
    assertTrue(failed.toString().contains("check that the endpoint"), failed.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>proxy</html>", "", "{", "null", "[]", "{\"ok\":true}"})
  void anAnswerThatMakesNoSenseIsNoDelivery(String garbage) {
    slack.next(new Trouble.Garbage(garbage));

    assertFalse(failure(notice(1, Notice.Kind.OPENED), NO_THREAD).permanent());
  }

  @Test
  void aHangingSlackIsGivenUpInTime() {
    try (SlackNotifier hasty =
        new SlackNotifier(settings().withCallTimeout(Duration.ofMillis(200)))) {
      slack.next(new Trouble.Hang());

      NotifierFailed failed =
          assertThrows(
              NotifierFailed.class, () -> hasty.deliver(notice(1, Notice.Kind.OPENED), NO_THREAD));
      assertFalse(failed.permanent());
    }
  }

  @Test
  void aLostAnswerMayDeliverTwiceButNeverDeliversNothing() {
    slack.next(new Trouble.LostReply());

    assertFalse(failure(notice(1, Notice.Kind.PAGE), NO_THREAD).permanent());
    notifier.deliver(notice(1, Notice.Kind.PAGE), NO_THREAD);

    assertEquals(2, slack.parents().size());
    assertEquals(
        List.of("chat.postMessage", "chat.postMessage", "chat.postMessage"), slack.calls());
  }

  @Test
  void aRetryAfterAFailedReplyDoesNotBeginTheConversationTwice() {
    slack.next(new Trouble.None(), new Trouble.RateLimited(1));

    failure(notice(1, Notice.Kind.OPENED), NO_THREAD);
    Optional<String> thread = notifier.deliver(notice(1, Notice.Kind.OPENED), NO_THREAD);

    FakeSlack.Message parent = slack.parents().getFirst();
    assertEquals(1, slack.parents().size());
    assertEquals(Optional.of(FakeSlack.CHANNEL + "/" + parent.ts()), thread);
    assertEquals(1, slack.replies(parent).size());
  }

  @Test
  void aLimitedUpdateSendsNothingAndIsTriedAgain() {
    Optional<String> thread = notifier.deliver(notice(1, Notice.Kind.OPENED), NO_THREAD);
    slack.next(new Trouble.RateLimited(3));

    assertEquals(Duration.ofSeconds(3), failure(notice(2, Notice.Kind.ACTED), thread).retryAfter());
    assertEquals(thread, notifier.deliver(notice(2, Notice.Kind.ACTED), thread));
    assertEquals(2, slack.replies(slack.parents().getFirst()).size());
  }

  @Test
  void aDeletedConversationIsBegunAnew() {
    Optional<String> thread = notifier.deliver(notice(1, Notice.Kind.OPENED), NO_THREAD);
    slack.delete(slack.parents().getFirst());

    Optional<String> anew = notifier.deliver(notice(2, Notice.Kind.PAGE), thread);

    assertNotEquals(thread, anew);
    FakeSlack.Message parent = slack.parents().getFirst();
    assertEquals(Optional.of(FakeSlack.CHANNEL + "/" + parent.ts()), anew);
    assertEquals("<!here> news 2", slack.replies(parent).getFirst().text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"message_not_found", "cant_update_message", "edit_window_closed"})
  void aMessageThatMayNotBeChangedIsPostedAnew(String error) {
    Optional<String> thread = notifier.deliver(notice(1, Notice.Kind.OPENED), NO_THREAD);
    slack.next(new Trouble.Refused(error));

    Optional<String> anew = notifier.deliver(notice(2, Notice.Kind.ACTED), thread);

    assertNotEquals(thread, anew);
    assertEquals(2, slack.parents().size());
    assertEquals(anew, notifier.deliver(notice(3, Notice.Kind.CLOSED), anew));
  }

  @Test
  void aThreadDeletedBetweenUpdateAndReplyIsBegunAnew() {
    Optional<String> thread = notifier.deliver(notice(1, Notice.Kind.OPENED), NO_THREAD);
    slack.next(new Trouble.None(), new Trouble.Refused("thread_not_found"));

    assertNotEquals(thread, notifier.deliver(notice(2, Notice.Kind.PAGE), thread));
    assertEquals("<!here> news 2", slack.messages().getLast().text());
  }

  @Test
  void aConversationBegunAnewIsNotLostWhenItsReplyFails() {
    Optional<String> thread = notifier.deliver(notice(1, Notice.Kind.OPENED), NO_THREAD);
    slack.next(
        new Trouble.Refused("message_not_found"), new Trouble.None(), new Trouble.Status(500));

    failure(notice(2, Notice.Kind.ACTED), thread);
    notifier.deliver(notice(2, Notice.Kind.ACTED), thread);

    assertEquals(2, slack.parents().size());
  }

  @Test
  void aThreadInAChannelThatTheSettingsNoLongerNameIsBegunAnew() {
    assertEquals(
        Optional.of(FakeSlack.CHANNEL + "/" + "1700000001.000200"),
        notifier.deliver(notice(1, Notice.Kind.OPENED), Optional.of("C0ELSEWHERE/1600000000.1")));
  }

  @Test
  void aWrongTokenIsRefusedAndNamedNowhere() {
    String wrong = "xoxb-wrong-and-secret";
    try (SlackNotifier refused =
        new SlackNotifier(
            SlackSettings.of(new SlackToken(wrong.toCharArray()), FakeSlack.CHANNEL)
                .withEndpoint(slack.endpoint()))) {
      NotifierFailed failed =
          assertThrows(
              NotifierFailed.class,
              () -> refused.deliver(notice(1, Notice.Kind.OPENED), NO_THREAD));
      assertTrue(failed.permanent());
      assertFalse(failed.toString().contains(wrong), failed.toString());
    }
  }

  @Test
  void nobodyListeningIsPassing() {
    slack.close();

    assertFalse(failure(notice(1, Notice.Kind.OPENED), NO_THREAD).permanent());
  }
}
