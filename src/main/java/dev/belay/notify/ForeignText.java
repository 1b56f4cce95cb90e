package dev.belay.notify;

/**
 * Text that others wrote. Labels and annotations are hostile: what a reader cannot see must not
 * act. Control characters, direction overrides and other invisible format characters are spelled
 * out ({@code \n}, <code>&#92;u{1b}</code>), unpaired surrogates become U+FFFD.
 */
final class ForeignText {
  /** Stands where text was cut. */
  static final String ELLIPSIS = "\u2026";

  private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
  private static final int ZERO_WIDTH_JOINER = 0x200d;

  private ForeignText() {}

  /** The text on one line; line breaks are spelled out too. */
  static String oneLine(String foreign) {
    StringBuilder out = new StringBuilder(foreign.length());
    foreign.codePoints().forEach(c -> append(out, c));
    return out.toString();
  }

  /** The text with its line breaks (as LF) and tabs left alone. */
  static String lines(String foreign) {
    StringBuilder out = new StringBuilder(foreign.length());
    foreign
        .replace("\r\n", "\n")
        .codePoints()
        .forEach(
            c -> {
              if (c == '\n' || c == '\t') {
                out.append((char) c);
              } else {
                append(out, c);
              }
            });
    return out.toString();
  }

  /**
   * At most {@code limit} UTF-16 units; what was cut ends in an ellipsis and in whole characters.
   */
  static String cut(String text, int limit) {
    if (text.length() <= limit) {
      return text;
    }
    int end = limit - ELLIPSIS.length();
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + ELLIPSIS;
  }

  private static void append(StringBuilder out, int c) {
    switch (c) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (Character.getType(c) == Character.SURROGATE) {
          out.append('\ufffd');
        } else if (invisible(c)) {
          out.append("\\u{").append(Integer.toHexString(c)).append('}');
        } else {
          out.appendCodePoint(c);
        }
      }
    }
  }

  private static boolean invisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      // The two joiners shape scripts and emoji and move nothing.
      case Character.FORMAT -> c != ZERO_WIDTH_NON_JOINER && c != ZERO_WIDTH_JOINER;
      default -> false;
    };
  }
}
