package dev.belay.cli;

import org.jspecify.annotations.Nullable;

/** Foreign text, made harmless for a terminal. */
final class Terminal {
  private Terminal() {}

  /** The text on one line; it cannot move the cursor. */
  static String line(@Nullable String text) {
    return (text == null ? "" : text)
        .codePoints()
        .map(point -> Character.isISOControl(point) ? ' ' : point)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
