package dev.belay.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SlackTextTest {
  private static final String FIRE = "\ud83d\udd25";

  @Test
  void escapesTheThreeCharactersAndNoOthers() {
    assertEquals(
        "&lt;!channel&gt; &amp;amp; \"it's\"", SlackText.escaped("<!channel> &amp; \"it's\"", 99));
  }

  @Test
  void textAtTheLimitStaysWhole() {
    assertEquals("x".repeat(3000), SlackText.escaped("x".repeat(3000), 3000));
    assertEquals("x".repeat(2999) + "\u2026", SlackText.escaped("x".repeat(3001), 3000));
    assertEquals("&lt;&lt;", SlackText.escaped("<<", 8));
  }

  @Test
  void neverCutsWithinAnEscape() {
    assertEquals("ab\u2026", SlackText.escaped("ab<c", 6));
    assertEquals("ab&lt;\u2026", SlackText.escaped("ab<cd", 7));
  }

  @Test
  void neverCutsWithinASurrogatePair() {
    assertEquals("a\u2026", SlackText.escaped("a" + FIRE + FIRE, 3));
    assertEquals("a" + FIRE + "\u2026", SlackText.escaped("a" + FIRE + FIRE, 4));
  }

  @Test
  void whateverComesTheCutIsValidAndWithinTheLimit() {
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    int[] alphabet = {'<', '>', '&', 'a', '\n', '\r', 0x1f525, 0xd83d, 0xdd25, 0x202e, 0x1b};
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(12); i > 0; i--) {
        text.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
      }
      int limit = 1 + random.nextInt(40);
      String escaped = SlackText.escaped(text.toString(), limit);
      assertTrue(escaped.length() <= limit, () -> text + " became " + escaped);
      assertTrue(
          escaped.replaceAll("&(amp|lt|gt);", "").chars().noneMatch(c -> "<>&".indexOf(c) >= 0),
          () -> text + " became " + escaped);
      assertTrue(
          escaped.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE),
          () -> text + " became " + escaped);
    }
  }

  @Test
  void unseenCharactersAreSpelledOut() {
    assertEquals(
        "a\\u{1b}[2J\n\\r\\u{202e}\ufffd", SlackText.escaped("a\u001b[2J\n\r\u202e\ud83d", 99));
  }
}
