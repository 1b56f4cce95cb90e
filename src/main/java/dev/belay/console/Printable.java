package dev.belay.console;

/** Foreign text, made harmless for terminals, logs and pages. */
final class Printable {
  private static final int LENGTH_AT_MOST = 4_000;
  private static final int LOWEST_PRINTABLE = 0x20;
  private static final int ARABIC_MARK = 0x61c;
  private static final int LEFT_TO_RIGHT_MARK = 0x200e;
  private static final int RIGHT_TO_LEFT_MARK = 0x200f;
  private static final int FIRST_EMBEDDING = 0x202a;
  private static final int LAST_OVERRIDE = 0x202e;
  private static final int FIRST_ISOLATE = 0x2066;
  private static final int LAST_ISOLATE = 0x2069;

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

  /**
   * A text in JSON in which nothing turns the direction of writing: where foreign words stand amid
   * Belay's own, all that follows them would be mirrored. A reader of the JSON finds the escape,
   * such as {@code \u202e}, in its place.
   */
  static String straight(String json) {
    if (json.chars().noneMatch(Printable::turns)) {
      return json;
    }
    StringBuilder out = new StringBuilder(json.length() + 100);
    json.chars()
        .forEach(
            unit -> {
              if (turns(unit)) {
                // Twice, as JSON itself reads the one as an escape of its own.
                out.append(String.format("\\\\u%04x", unit));
              } else {
                out.append((char) unit);
              }
            });
    return out.toString();
  }

  /** Marks, embeddings, overrides and isolates of directions. */
  private static boolean turns(int unit) {
    return unit == ARABIC_MARK
        || unit == LEFT_TO_RIGHT_MARK
        || unit == RIGHT_TO_LEFT_MARK
        || (unit >= FIRST_EMBEDDING && unit <= LAST_OVERRIDE)
        || (unit >= FIRST_ISOLATE && unit <= LAST_ISOLATE);
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
