package dev.belay.rules.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "30s, PT30S",
    "1h30m, PT1H30M",
    "1d12h, PT36H",
    "500ms, PT0.5S",
    "1y1w, PT8928H",
  })
  void prometheusNotationIsRead(String text, Duration expected) throws Unreadable {
    assertEquals(expected, Durations.prometheus(text));
    assertEquals(expected, Durations.people(text));
  }

  @ParameterizedTest
  @CsvSource({
    "2 minutes, PT2M",
    "30 seconds, PT30S",
    "1 minute, PT1M",
    "1 hour 30 minutes, PT1H30M",
  })
  void wordsAreReadFromPeopleOnly(String text, Duration expected) throws Unreadable {
    assertEquals(expected, Durations.people(text));
    assertThrows(Unreadable.class, () -> Durations.prometheus(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "m",
        "-5m",
        "30m1h",
        "5m5m",
        "1.5h",
        "5 m ",
        "5  m",
        "2 fortnights",
        "99999999y"
      })
  void theRestIsRefused(String text) {
    assertThrows(Unreadable.class, () -> Durations.people(text));
  }

  @Test
  void zeroIsNotPositive() {
    assertThrows(Unreadable.class, () -> Durations.positive("0s"));
  }
}
