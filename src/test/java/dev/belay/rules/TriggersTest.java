package dev.belay.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.rule.Signal;
import dev.belay.core.rule.Trigger;
import dev.belay.rules.yaml.Unreadable;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TriggersTest {
  @Test
  void percentagesAreSharesAndMillisecondsAreSeconds() throws Unreadable {
    assertEquals(
        new Trigger(
            Signal.ERROR_RATE,
            Optional.empty(),
            true,
            0.001,
            Duration.ofMinutes(2),
            ">0.1% for 2 minutes"),
        Triggers.parse(Signal.ERROR_RATE, ">0.1% for 2 minutes"));
    Trigger slow = Triggers.parse(Signal.RESPONSE_TIME, "p99.9 > 250 ms for 1h30m");
    assertEquals(0.25, slow.threshold());
    assertEquals(0.999, slow.quantile().orElseThrow());
    assertEquals(Duration.ofMinutes(90), slow.hold());
    assertEquals(0.05, Triggers.parse(Signal.ERROR_RATE, "> 0.05 for 0s").threshold());
  }

  @ParameterizedTest
  @CsvSource({
    "ERROR_RATE, > 5%, is not a trigger",
    "ERROR_RATE, >= 5% for 1m, is not a trigger",
    "ERROR_RATE, < 5% for 1m, would fire while all is well",
    "AVAILABILITY, > 99% for 1m, would fire while all is well",
    "ERROR_RATE, > 5 for 1m, compares with more than everything",
    "ERROR_RATE, > 101% for 1m, compares with more than everything",
    "ERROR_RATE, > 5ms for 1m, must compare with a percentage",
    "ERROR_RATE, p95 > 5% for 1m, names a quantile of a share",
    "RESPONSE_TIME, > 1000ms for 1m, names no quantile",
    "RESPONSE_TIME, p95 > 5% for 1m, must compare with ms or s",
    "RESPONSE_TIME, p0 > 5s for 1m, p0 is no quantile",
    "ERROR_RATE, > 5% for a while, is not a duration",
  })
  void whatIsWrongIsSaidWithWhatWouldBeRight(Signal signal, String text, String sentence) {
    String said = assertThrows(Unreadable.class, () -> Triggers.parse(signal, text)).sentence();
    assertTrue(said.contains(sentence), said);
  }
}
