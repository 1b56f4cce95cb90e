package dev.belay.intake;

/** Foreign text for logs and the journal. */
public final class OneLine {
  private static final int LONGEST = 400;

  private OneLine() {}

  /** The text on one line of at most 400 characters, all that is not printable replaced. */
  public static String of(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .limit(LONGEST)
        .map(point -> unprintable(point) ? '?' : point)
        .forEach(line::appendCodePoint);
    return line.toString();
  }

  private static boolean unprintable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }
}
