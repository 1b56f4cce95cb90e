package dev.belay.core.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.alert.Matcher.Operator;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatcherTest {
  private static Matcher matches(String expression) {
    return new Matcher("pod", Operator.MATCHES, expression);
  }

  private static Labels pod(String value) {
    return Labels.of("alertname", "X", "pod", value);
  }

  @ParameterizedTest
  @CsvSource({
    "EQUAL, shop, shop, true",
    "EQUAL, shop, shop-1, false",
    "NOT_EQUAL, shop, shop-1, true",
    "MATCHES, shop.*, shop-1, true",
    "MATCHES, shop, shop-1, false",
    "MATCHES, shop|pay, pay, true",
    "NOT_MATCHES, shop, shop-1, true",
    "NOT_MATCHES, shop.*, shop-1, false",
  })
  void comparesAsAlertmanagerDoes(Operator operator, String value, String found, boolean is) {
    assertEquals(is, new Matcher("pod", operator, value).matches(pod(found)));
  }

  @Test
  void anAbsentLabelCountsAsTheEmptyText() {
    assertTrue(matches("|x").matches(Labels.of("alertname", "X")));
    assertFalse(matches(".+").matches(Labels.of("alertname", "X")));
  }

  /** With the JDK's expressions this alert held the engine for longer than anybody waits. */
  @Test
  void anAlertThatFitsAnExpressionBadlyTakesNoTime() {
    Labels bad = pod("a".repeat(10_000) + "!");
    assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> assertFalse(matches("(a+)+").matches(bad)));
  }

  /** With the JDK's expressions it was a StackOverflowError, which ended the daemon. */
  @Test
  void aLongLabelTakesNoStack() {
    assertTrue(matches("(a|b)*").matches(pod("ab".repeat(100_000))));
  }

  @Test
  void whatIsNoExpressionIsRefused() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> matches("(?=x)x"));
    assertTrue(String.valueOf(refused.getMessage()).contains("(?="), refused.getMessage());
  }

  @Test
  void twoAreEqualWhereTheyAreWrittenTheSame() {
    assertEquals(matches("a+"), matches("a+"));
    assertEquals(matches("a+").hashCode(), matches("a+").hashCode());
    assertNotEquals(matches("a+"), matches("aa*"));
    assertEquals("pod=~\"a+\"", matches("a+").toString());
  }
}
