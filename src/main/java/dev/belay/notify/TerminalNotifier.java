package dev.belay.notify;

import dev.belay.core.incident.Notice;
import dev.belay.port.Notifier;
import dev.belay.port.NotifierFailed;
import java.io.Flushable;
import java.io.IOException;
import java.io.PrintStream;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A terminal, or any other stream of text. Each notice is a paragraph of two lines: time, incident,
 * kind and headline, then the text. Foreign text cannot move the cursor, colour the screen or forge
 * a line.
 */
public final class TerminalNotifier implements Notifier {
  private static final int LONGEST_LINE = 4000;
  private static final String PLAIN = "\u001b[0m";

  private final Appendable out;
  private final boolean colour;

  /**
   * Writes to a stream that the caller closes.
   *
   * @param colour whether to colour the kind with ANSI escapes
   */
  public TerminalNotifier(Appendable out, boolean colour) {
    this.out = out;
    this.colour = colour;
  }

  @Override
  public String channel() {
    return "terminal";
  }

  @Override
  public Optional<String> deliver(Notice notice, Optional<String> thread) {
    try {
      // At once, so that nothing else comes between the lines.
      out.append(paragraph(notice));
      if (out instanceof Flushable flushable) {
        flushable.flush();
      }
    } catch (IOException e) {
      throw closed();
    }
    if (out instanceof PrintStream stream && stream.checkError()) {
      throw closed();
    }
    return Optional.empty();
  }

  private String paragraph(Notice notice) {
    StringBuilder paragraph = new StringBuilder();
    paragraph
        .append(notice.at().truncatedTo(ChronoUnit.SECONDS))
        .append(' ')
        .append(line(notice.incident()))
        .append(' ')
        .append(kind(notice))
        .append(' ')
        .append(line(notice.headline()))
        .append('\n');
    if (!notice.text().isBlank()) {
      paragraph.append("    ").append(line(notice.text())).append('\n');
    }
    return paragraph.toString();
  }

  private String kind(Notice notice) {
    String until =
        notice
            .until()
            .map(instant -> ", until " + instant.truncatedTo(ChronoUnit.SECONDS))
            .orElse("");
    String kind = "[" + KindWords.of(notice.kind()) + until + "]";
    return colour ? start(notice.kind()) + kind + PLAIN : kind;
  }

  private static String start(Notice.Kind kind) {
    return switch (kind) {
      case PAGE, BRAKE -> "\u001b[1;31m";
      case OPENED, PROPOSED, COUNTDOWN, HOLD, INPUT -> "\u001b[33m";
      case ACTED, PROGRESS, ANSWERED, NOT_ACTING -> "\u001b[36m";
      case RESTORED, CLOSED -> "\u001b[32m";
    };
  }

  private static String line(String foreign) {
    return ForeignText.cut(ForeignText.oneLine(foreign), LONGEST_LINE);
  }

  private static NotifierFailed closed() {
    return new NotifierFailed(
        "The terminal takes no more text: its reader has gone away", true, Optional.empty());
  }
}
