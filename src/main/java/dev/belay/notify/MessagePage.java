package dev.belay.notify;

import dev.belay.core.incident.Notice;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Conversations as a page of HTML, in the manner of a chat channel. */
final class MessagePage {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final String STYLE =
      """
      :root { color-scheme: light dark; --page: #ffffff; --ink: #1d1c1d; --soft: #5c5b5c;
        --line: #dddddd; --calm: #2f6f9f; --warn: #9a6200; --bad: #b3123a; --good: #1f7a4d; }
      @media (prefers-color-scheme: dark) {
        :root { --page: #1a1d21; --ink: #e6e6e6; --soft: #a3a6a9; --line: #3a3d42;
          --calm: #6db4e4; --warn: #e5b34b; --bad: #ff7d97; --good: #5ccb95; }
      }
      * { box-sizing: border-box; }
      body { margin: 0 auto; max-width: 48rem; padding: 1rem; background: var(--page);
        color: var(--ink); font: 1rem/1.45 system-ui, sans-serif; }
      h1 { margin: 0; font-size: 1.2rem; }
      h2 { margin: 0; font-size: 1rem; }
      h2, p { overflow-wrap: anywhere; white-space: pre-wrap; unicode-bidi: plaintext; }
      p { margin: .15rem 0 0; }
      header { padding-bottom: .75rem; border-bottom: 1px solid var(--line); }
      .soft { color: var(--soft); font-size: .875rem; }
      article { margin-top: 1.25rem; padding-left: .75rem; border-left: .25rem solid var(--calm); }
      ol { margin: .5rem 0 0; padding: 0 0 0 .75rem; list-style: none;
        border-left: 1px solid var(--line); }
      li { padding: .35rem 0; }
      strong { color: var(--calm); }
      .warn > .soft > strong { color: var(--warn); }
      .bad > .soft > strong { color: var(--bad); }
      .good > .soft > strong { color: var(--good); }
      article.warn { border-left-color: var(--warn); }
      article.bad { border-left-color: var(--bad); }
      article.good { border-left-color: var(--good); }
      """;

  private MessagePage() {}

  /** Each conversation's notices, oldest first. */
  static String html(List<List<Notice>> conversations) {
    StringBuilder page = new StringBuilder(4096);
    page.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<title>Belay: messages</title>\n<style>")
        .append(STYLE)
        .append("</style>\n</head>\n<body>\n<header>\n<h1># incidents</h1>\n")
        .append("<p class=\"soft\">What Belay told people, the newest conversation first. ")
        .append("The newest ")
        .append(MessageWall.CAPACITY)
        .append(" messages are kept.</p>\n</header>\n<main>\n");
    if (conversations.isEmpty()) {
      page.append("<p class=\"soft\">Nothing was said yet.</p>\n");
    }
    conversations.forEach(conversation -> conversation(page, conversation));
    return page.append("</main>\n</body>\n</html>\n").toString();
  }

  static String contentSecurityPolicy() {
    return "default-src 'none'; style-src 'sha256-"
        + sha256(STYLE)
        + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  }

  private static void conversation(StringBuilder page, List<Notice> notices) {
    Notice newest = notices.getLast();
    page.append("<article class=\"")
        .append(tone(newest.kind()))
        .append("\">\n<h2>")
        .append(escaped(newest.headline()))
        .append("</h2>\n<p class=\"soft\">");
    status(page, newest);
    page.append(" | ").append(escaped(newest.incident()));
    if (!newest.service().isBlank()) {
      page.append(" | ").append(escaped(newest.service()));
    }
    page.append("</p>\n<ol>\n");
    for (Notice notice : notices) {
      page.append("<li class=\"").append(tone(notice.kind())).append("\"><div class=\"soft\">");
      time(page, notice.at());
      page.append(' ');
      status(page, notice);
      page.append("</div><p>").append(escaped(notice.text())).append("</p></li>\n");
    }
    page.append("</ol>\n</article>\n");
  }

  private static void status(StringBuilder page, Notice notice) {
    page.append("<strong>").append(KindWords.of(notice.kind())).append("</strong>");
    notice
        .until()
        .ifPresent(
            until -> {
              page.append(", until ");
              time(page, until);
            });
  }

  private static void time(StringBuilder page, Instant at) {
    page.append("<time datetime=\"")
        .append(at.truncatedTo(ChronoUnit.SECONDS))
        .append("\">")
        .append(TIME.format(at))
        .append("</time>");
  }

  private static String tone(Notice.Kind kind) {
    return switch (kind) {
      case PAGE, BRAKE -> "bad";
      case OPENED, PROPOSED, COUNTDOWN, HOLD, INPUT -> "warn";
      case ACTED, PROGRESS, ANSWERED, NOT_ACTING -> "calm";
      case RESTORED, CLOSED -> "good";
    };
  }

  private static String escaped(String foreign) {
    return ForeignText.lines(foreign)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  private static String sha256(String text) {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
