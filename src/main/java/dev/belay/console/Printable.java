package dev.belay.console;

/** Foreign text, made harmless for terminals and logs. */
final class Printable {
  private static final int LENGTH_AT_MOST = 4_000;
  private static final int LOWEST_PRINTABLE = 0x20;

  private Printable() {}

  /**
   * The text on one line: whatever moves a cursor, breaks a line, or turns the direction of writing
   * becomes an escape such as {@code \u001b}, and what is too long is cut.
   */
  static String of(String text) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), LENGTH_AT_MOST));
    int i = 0;
    while (i < text.length() && out.length() < LENGTH_AT_MOST) {
      int point = text.codePointAt(i);
      if (harmful(point)) {
        out.append(String.format("\\u%04x", point));
      } else {
        out.appendCodePoint(point);
      }
      i += Character.charCount(point);
    }
    return i < text.length() ? out.append("...").toString() : out.toString();
  }

  private static boolean harmful(int point) {
    return point < LOWEST_PRINTABLE
        || switch (Character.getType(point)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR,
              Character.SURROGATE ->
              true;
          default -> false;
        };
  }
}
