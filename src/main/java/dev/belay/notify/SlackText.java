package dev.belay.notify;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Text as Slack's markup wants it. */
final class SlackText {
  private static final DateTimeFormatter UTC_TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private SlackText() {}

  /**
   * Foreign text that mentions nobody and links nowhere: {@code &}, {@code <} and {@code >} are
   * escaped. At most {@code limit} UTF-16 units, counted escaped; what was cut ends in an ellipsis,
   * never within an escape or a surrogate pair.
   */
  static String escaped(String foreign, int limit) {
    String text = ForeignText.lines(foreign);
    StringBuilder out = new StringBuilder(Math.min(limit, text.length() + 16));
    int fits = 0;
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      String unit =
          switch (c) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            default -> Character.toString(c);
          };
      if (out.length() + unit.length() > limit) {
        out.setLength(fits);
        return out.append(ForeignText.ELLIPSIS).toString();
      }
      out.append(unit);
      if (out.length() <= limit - ForeignText.ELLIPSIS.length()) {
        fits = out.length();
      }
      i += Character.charCount(c);
    }
    return out.toString();
  }

  /** A time that Slack shows in each reader's own zone. */
  static String time(Instant at) {
    return "<!date^" + at.getEpochSecond() + "^{time_secs}|" + UTC_TIME.format(at) + ">";
  }
}
