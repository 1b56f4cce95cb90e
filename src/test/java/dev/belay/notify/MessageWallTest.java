package dev.belay.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.incident.Notice;
import dev.belay.port.Notifier;
import dev.belay.port.NotifierContract;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MessageWallTest extends NotifierContract {
  private static final Pattern ARTICLE = Pattern.compile("<article.*?</article>", Pattern.DOTALL);
  private static final Pattern TAG = Pattern.compile("</?([a-z0-9]+)([^>]*)>");
  private static final Pattern ATTRIBUTES =
      Pattern.compile("( (class|datetime|lang|charset|name|content)=\"[^\"<>]*\")*");

  private final MessageWall wall = new MessageWall();

  @Override
  protected Notifier notifier() {
    return wall;
  }

  @Override
  protected List<String> conversations() {
    return ARTICLE.matcher(wall.html()).results().map(MatchResult::group).toList();
  }

  @Override
  protected void assertHarmless(String got) {
    assertTrue(
        TAG.matcher(got)
            .results()
            .allMatch(
                tag ->
                    List.of("article", "h2", "p", "ol", "li", "div", "strong", "time")
                            .contains(tag.group(1))
                        && ATTRIBUTES.matcher(tag.group(2)).matches()),
        got);
    assertFalse(got.contains("<!channel") || got.contains("<script") || got.contains("\u202e"));
    assertTrue(got.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot; onx=&#39;y"), got);
  }

  @Test
  void theHeadlineIsTheNewestAndTheThreadBeginsWithTheOldest() {
    wall.deliver(notice("covet-1", 1, Notice.Kind.OPENED, "it broke"), Optional.empty());
    wall.deliver(notice("covet-1", 2, Notice.Kind.CLOSED, "it is well"), Optional.empty());

    String html = wall.html();
    assertTrue(html.contains("<h2>covet headline 2</h2>"), html);
    assertFalse(html.contains("headline 1"), html);
    assertTrue(html.indexOf("it broke") < html.indexOf("it is well"), html);
  }

  @Test
  void theConversationWithTheNewestNoticeComesFirst() {
    wall.deliver(notice("covet-1", 1, Notice.Kind.OPENED, "one"), Optional.empty());
    wall.deliver(notice("covet-2", 1, Notice.Kind.OPENED, "two"), Optional.empty());
    wall.deliver(notice("covet-1", 2, Notice.Kind.ACTED, "three"), Optional.empty());

    assertTrue(conversations().getFirst().contains("covet-1"));
    assertEquals(2, conversations().size());
  }

  @Test
  void keepsTheNewestFiveHundredNotices() {
    IntStream.rangeClosed(1, MessageWall.CAPACITY + 1)
        .forEach(
            i ->
                wall.deliver(
                    notice("covet-" + i, 1, Notice.Kind.OPENED, "news " + i + "."),
                    Optional.empty()));

    assertEquals(MessageWall.CAPACITY, conversations().size());
    assertFalse(wall.html().contains("news 1."));
    assertTrue(wall.html().contains("news 501."));
  }

  @Test
  void anEmptyWallSaysSo() {
    assertTrue(wall.html().contains("Nothing was said yet."));
  }

  @Test
  void thePolicyAllowsThePagesStyleAndNothingElse() throws Exception {
    String html = wall.html();
    String style = html.substring(html.indexOf("<style>") + 7, html.indexOf("</style>"));
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));

    assertEquals(
        "default-src 'none'; style-src 'sha256-"
            + Base64.getEncoder().encodeToString(hash)
            + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        MessageWall.contentSecurityPolicy());
    assertFalse(html.contains("style=") || html.contains("<script") || html.contains("http"), html);
  }
}
