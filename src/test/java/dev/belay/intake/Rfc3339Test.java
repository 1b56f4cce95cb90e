package dev.belay.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc3339Test {
  @Test
  void readsWhatTheJdkReads() {
    Random random = new Random(42);
    for (int i = 0; i < 20_000; i++) {
      Instant instant =
          Instant.ofEpochSecond(
              random.nextLong(-60_000_000_000L, 200_000_000_000L), random.nextInt(1_000_000_000));
      String text =
          OffsetDateTime.ofInstant(
                  instant, ZoneOffset.ofTotalSeconds(60 * random.nextInt(-840, 840)))
              .toString();
      if (text.lastIndexOf(':') > text.indexOf('T') + 6) {
        assertEquals(instant, Rfc3339.parse(text), text);
      }
    }
  }

  @Test
  void keepsNineFractionDigitsAndDropsWhatFollows() {
    assertEquals(
        Instant.parse("2026-01-31T12:00:00.123456789Z"),
        Rfc3339.parse("2026-01-31t12:00:00.12345678999z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "now",
        "2026-01-31",
        "2026-01-31T12:00:00",
        "2026-02-30T12:00:00Z",
        "2026-13-01T12:00:00Z",
        "2026-01-31T24:00:00Z",
        "2026-01-31T12:00:00.Z",
        "2026-01-31T12:00:00+02",
        "2026-01-31T12:00:00+0200",
        "2026-01-31T12:00:00Zjunk",
        "2026-01-31 12:00:00Z",
        "\u0662026-01-31T12:00:00Z"
      })
  void refusesEverythingElse(String text) {
    assertThrows(DateTimeException.class, () -> Rfc3339.parse(text));
  }
}
