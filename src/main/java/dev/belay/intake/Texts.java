package dev.belay.intake;

import org.jspecify.annotations.Nullable;

/**
 * Makes strings of parsed characters, the same one again for short texts that repeat: label values
 * do, from alert to alert. Fixed in size, so that a flood of new values costs nothing but misses.
 *
 * <p>Half a surrogate pair, which JSON can escape but UTF-8 cannot write, becomes U+FFFD, as in Go.
 */
final class Texts {
  private static final int SLOTS = 1 << 13;
  private static final int LONGEST = 64;
  private static final char REPLACEMENT = '\ufffd';

  // Read and written without locks: a race loses an entry, and a String is safe however it is
  // published.
  private final @Nullable String[] slots = new @Nullable String[SLOTS];

  String of(char[] chars, int offset, int length) {
    if (length == 0) {
      return "";
    }
    if (length > LONGEST) {
      return wellFormed(new String(chars, offset, length));
    }
    int hash = 0;
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + chars[i];
    }
    int slot = (hash ^ hash >>> 15) & SLOTS - 1;
    String known = slots[slot];
    if (known != null && same(known, chars, offset, length)) {
      return known;
    }
    String text = wellFormed(new String(chars, offset, length));
    slots[slot] = text;
    return text;
  }

  private static boolean same(String known, char[] chars, int offset, int length) {
    if (known.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (known.charAt(i) != chars[offset + i]) {
        return false;
      }
    }
    return true;
  }

  /** The text with U+FFFD for every half of a surrogate pair. */
  static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return replaced(text);
      }
    }
    return text;
  }

  private static String replaced(String text) {
    StringBuilder whole = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            point ->
                whole.appendCodePoint(
                    point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE
                        ? REPLACEMENT
                        : point));
    return whole.toString();
  }
}
