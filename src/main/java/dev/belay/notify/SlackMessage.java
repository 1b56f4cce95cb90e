package dev.belay.notify;

import com.slack.api.model.block.Blocks;
import com.slack.api.model.block.LayoutBlock;
import com.slack.api.model.block.composition.MarkdownTextObject;
import com.slack.api.model.block.composition.PlainTextObject;
import dev.belay.core.incident.Answer;
import dev.belay.core.incident.Notice;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What one message says, within Slack's limits (docs.slack.dev, Block Kit reference and
 * chat.postMessage): a header 150, a section 3,000, the text 4,000 characters. Whole blocks are
 * refused near 13,200 characters; these stay under 7,000.
 *
 * @param text the fallback for notifications and screen readers
 * @param blocks what is shown
 */
record SlackMessage(String text, List<LayoutBlock> blocks) {
  private static final int HEADER = 150;
  private static final int SECTION = 3000;
  private static final int NAME = 150;
  // Slack takes 4,000 for an update; the rest is room for a mention.
  private static final int FALLBACK = 3500;

  /**
   * A conversation's first message: where the incident stands now, the newest news, and what can be
   * answered now.
   *
   * @param buttons what people can answer by a button at all
   */
  static SlackMessage parent(Notice notice, Set<Answer> buttons) {
    String headline = headline(notice);
    List<LayoutBlock> blocks = new ArrayList<>();
    blocks.add(header(headline));
    if (SlackText.escaped(headline, SECTION).length() > HEADER) {
      blocks.add(section(SlackText.escaped(headline, SECTION)));
    }
    if (!notice.text().isBlank()) {
      blocks.add(section(SlackText.escaped(notice.text(), SECTION)));
    }
    blocks.add(context(status(notice)));
    SlackButtons.of(notice, buttons).ifPresent(blocks::add);
    String all = notice.text().isBlank() ? headline : headline + "\n" + notice.text();
    return new SlackMessage(SlackText.escaped(all, FALLBACK), List.copyOf(blocks));
  }

  /**
   * A message in the conversation's thread.
   *
   * @param mention whom to call, in Slack's markup; empty for nobody
   */
  static SlackMessage reply(Notice notice, String mention) {
    String prefix = mention.isEmpty() ? "" : mention + " ";
    String news = notice.text().isBlank() ? headline(notice) : notice.text();
    return new SlackMessage(
        prefix + SlackText.escaped(news, FALLBACK),
        List.of(
            section(prefix + SlackText.escaped(news, SECTION - prefix.length())),
            context(status(notice))));
  }

  private static String headline(Notice notice) {
    // Slack refuses an empty header.
    return notice.headline().isBlank()
        ? "Incident " + ForeignText.oneLine(notice.incident())
        : ForeignText.oneLine(notice.headline());
  }

  private static String status(Notice notice) {
    StringBuilder status = new StringBuilder(KindWords.of(notice.kind()));
    notice.until().ifPresent(until -> status.append(", until ").append(SlackText.time(until)));
    status.append(" | ").append(name(notice.incident()));
    if (!notice.service().isBlank()) {
      status.append(" | ").append(name(notice.service()));
    }
    return status.append(" | ").append(SlackText.time(notice.at())).toString();
  }

  private static String name(String foreign) {
    return SlackText.escaped(ForeignText.oneLine(foreign), NAME);
  }

  private static LayoutBlock header(String headline) {
    PlainTextObject text =
        PlainTextObject.builder().text(SlackText.escaped(headline, HEADER)).emoji(false).build();
    return Blocks.header(header -> header.text(text));
  }

  private static LayoutBlock section(String markup) {
    return Blocks.section(section -> section.text(markdown(markup)));
  }

  private static LayoutBlock context(String markup) {
    return Blocks.context(List.of(markdown(markup)));
  }

  private static MarkdownTextObject markdown(String markup) {
    // Verbatim: Slack does not turn what looks like an address or a name into a link.
    return MarkdownTextObject.builder().text(markup).verbatim(true).build();
  }
}
