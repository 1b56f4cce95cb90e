package dev.belay.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.incident.Notice;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every channel to people must do. */
public abstract class NotifierContract {
  /** Text as an attacker would put it into a label. */
  public static final String HOSTILE =
      "<!channel> <https://evil.example|click> & <script>alert(1)</script>\""
          + " onx='y\u001b[2J\u001b]0;title\u0007\r\n"
          + "forged line\u2028\u202egnp.exe\u2066\u0085\u009b31m\u0000";

  private static final Instant AT = Instant.parse("2026-11-24T12:03:04.567Z");

  /** The channel under test, the same one during a test. */
  protected abstract Notifier notifier();

  /** For each conversation on the channel, all that a reader finds there, as the channel got it. */
  protected abstract List<String> conversations();

  /** Fails where what the channel got could do more than be read. */
  protected abstract void assertHarmless(String got);

  public static Notice notice(String incident, int number, Notice.Kind kind, String text) {
    return new Notice(
        incident,
        number,
        kind,
        "covet",
        "covet headline " + number,
        text,
        AT.plusSeconds(number),
        Optional.empty());
  }

  public static Notice hostile() {
    return new Notice(
        "covet-1",
        1,
        Notice.Kind.COUNTDOWN,
        HOSTILE,
        HOSTILE,
        HOSTILE,
        AT,
        Optional.of(AT.plusSeconds(30)));
  }

  @Test
  void saysHeadlineTextAndIncident() {
    notifier().deliver(notice("covet-1", 1, Notice.Kind.OPENED, "it broke"), Optional.empty());

    String conversation = conversations().getFirst();
    assertTrue(conversation.contains("covet headline 1"), conversation);
    assertTrue(conversation.contains("it broke"), conversation);
    assertTrue(conversation.contains("covet-1"), conversation);
  }

  @Test
  void aSecondDeliveryGoesIntoTheSameConversation() {
    Optional<String> first =
        notifier().deliver(notice("covet-1", 1, Notice.Kind.OPENED, "it broke"), Optional.empty());
    Optional<String> second =
        notifier().deliver(notice("covet-1", 2, Notice.Kind.CLOSED, "it is well"), first);

    assertEquals(first, second);
    assertEquals(1, conversations().size());
    String conversation = conversations().getFirst();
    assertTrue(conversation.contains("covet headline 2"), conversation);
    assertTrue(conversation.contains("it broke"), conversation);
    assertTrue(conversation.contains("it is well"), conversation);
  }

  @Test
  void incidentsDoNotMix() {
    notifier().deliver(notice("covet-1", 1, Notice.Kind.OPENED, "first"), Optional.empty());
    notifier().deliver(notice("covet-2", 1, Notice.Kind.OPENED, "second"), Optional.empty());

    assertEquals(2, conversations().size());
    assertFalse(
        conversations().stream().anyMatch(all -> all.contains("first") && all.contains("second")));
  }

  @Test
  void aThreadThatMakesNoSenseLosesNoNotice() {
    notifier()
        .deliver(notice("covet-1", 7, Notice.Kind.PAGE, "wake up"), Optional.of("no\nthread/<>"));

    assertTrue(conversations().getFirst().contains("wake up"));
  }

  @Test
  void hostileTextStaysHarmless() {
    notifier().deliver(hostile(), Optional.empty());

    assertHarmless(conversations().getFirst());
  }

  @Test
  void longTextIsCutAndNotRefused() {
    String huge = "\ud83d\udd25&<".repeat(20_000);
    Notice notice =
        new Notice("covet-1", 1, Notice.Kind.PAGE, huge, huge, huge, AT, Optional.of(AT));

    Optional<String> thread = notifier().deliver(notice, Optional.empty());
    notifier().deliver(notice, thread);

    String got = String.join("", conversations());
    assertTrue(got.contains("\u2026"), "the cut is not shown");
    assertTrue(got.length() < 120_000, "got " + got.length() + " characters");
    assertTrue(
        got.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE),
        "cut within a character");
  }

  @Test
  void emptyTextIsBorne() {
    Notice notice = new Notice("belay", 1, Notice.Kind.HOLD, "", "", "", AT, Optional.empty());

    Optional<String> thread = notifier().deliver(notice, Optional.empty());
    notifier().deliver(notice, thread);

    assertTrue(conversations().getFirst().contains("belay"));
  }

  @ParameterizedTest
  @EnumSource(Notice.Kind.class)
  void everyKindOfNewsArrives(Notice.Kind kind) {
    notifier().deliver(notice("covet-1", 1, kind, "news"), Optional.empty());

    assertTrue(conversations().getFirst().contains("news"));
  }

  @Test
  void theChannelsNameFitsALabel() {
    assertTrue(notifier().channel().matches("[a-z][a-z0-9_]{0,19}"), notifier().channel());
  }
}
