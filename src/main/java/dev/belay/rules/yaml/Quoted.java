package dev.belay.rules.yaml;

/** Foreign text as it may stand in a message: in quotes, short, and without control characters. */
public final class Quoted {
  private static final int LIMIT = 80;

  private Quoted() {}

  /** The text in double quotes. */
  public static String of(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints().limit(LIMIT).forEach(point -> append(quoted, point));
    return quoted.append(text.codePointCount(0, text.length()) > LIMIT ? "...\"" : "\"").toString();
  }

  private static void append(StringBuilder quoted, int point) {
    switch (Character.getType(point)) {
      // Format characters can turn the direction of a terminal's line around.
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          quoted.append("\\u").append(String.format("%04x", point));
      default -> quoted.appendCodePoint(point);
    }
  }
}
