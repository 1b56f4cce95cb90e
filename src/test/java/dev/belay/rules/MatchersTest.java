package dev.belay.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.rules.yaml.Unreadable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MatchersTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "foo=bar,baz!~\"x|y\"",
        "{foo=\"bar\", baz!~\"x|y\"}",
        " { \"foo\" = bar , baz!~\"x|y\" , } ",
        "foo=bar,baz!~\"x|y\",",
      })
  void oneMeaningHasManySpellings(String text) throws Unreadable {
    assertEquals("[foo=\"bar\", baz!~\"x|y\"]", Matchers.parse(text).toString());
  }

  @Test
  void quotesTakeGosEscapesAndAnyCharacter() throws Unreadable {
    var matchers = Matchers.parse("\"k\\u00fchl \\\"x\\\"\"=\"a\\\\b\\n, }\", überall=\"\"");
    assertEquals("kühl \"x\"", matchers.getFirst().name());
    assertEquals("a\\b\n, }", matchers.getFirst().value());
    assertEquals("überall", matchers.getLast().name());
    assertEquals("", matchers.getLast().value());
  }

  @ParameterizedTest
  @ValueSource(strings = {"C[?+]+", "C[+]\\\\++", "[]?+]", "[^]*+]x+", "a\\\\\\\\1", "(?i)a+?"})
  void whatRe2KnowsIsLeftAlone(String pattern) throws Unreadable {
    assertEquals(1, Matchers.parse("foo=~\"" + pattern + "\"").size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "``; lacks a label's name",
        "foo; lacks one of =",
        "foo=; lacks a value",
        "foo==bar; has \"==\"",
        "foo=\"bar; lacks a closing quote",
        "foo=\"\\q\"; unknown escape",
        "foo=\"\\ud800\"; is no character",
        "{foo=bar; lacks its closing brace",
        "foo=bar baz=qux; put a comma between",
        "\"\"=x; without a name",
        "foo=~\"(\"; is not a regular expression",
        "foo=~\"(?=x)x\"; without look-around",
        "foo=~\"x*+\"; is not a regular expression",
        "foo=~\"(a)\\\\1\"; is not a regular expression",
      })
  void whatIsWrongIsSaid(String text, String sentence) {
    String said = assertThrows(Unreadable.class, () -> Matchers.parse(text)).sentence();
    assertTrue(said.contains(sentence), said);
  }
}
