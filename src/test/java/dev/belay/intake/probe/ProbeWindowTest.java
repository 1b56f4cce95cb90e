package dev.belay.intake.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Reading;
import dev.belay.core.rule.Signal;
import dev.belay.core.rule.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProbeWindowTest {
  private static final Result UNWELL = new Result.Unwell("it answers 500");
  private static final Result UNKNOWN = new Result.Unknown("its name does not resolve");

  private final ProbeWindow window = new ProbeWindow(Duration.ofMinutes(1));
  private Instant now = Instant.parse("2026-11-24T10:00:00Z");

  @Test
  void aFewProbesAreNoVerdict() {
    probe(UNWELL, 4);
    assertUnknown(Signal.HEALTH_CHECK_FAILURES, "only 4 probes so far");
    probe(UNWELL, 1);
    assertValue(1, Signal.HEALTH_CHECK_FAILURES);
  }

  @Test
  void failuresAndAvailabilityAreSharesOfWhatIsKnown() {
    probe(well(10), 6);
    probe(UNWELL, 2);
    probe(UNKNOWN, 3);
    assertValue(0.25, Signal.HEALTH_CHECK_FAILURES);
    assertValue(0.75, Signal.AVAILABILITY);
  }

  @Test
  void aServiceThatCannotBeAskedIsUnknown() {
    probe(well(10), 5);
    probe(UNKNOWN, 5);
    assertValue(0, Signal.HEALTH_CHECK_FAILURES);
    probe(UNKNOWN, 1);
    assertUnknown(Signal.HEALTH_CHECK_FAILURES, "it cannot be asked: its name does not resolve");
  }

  @Test
  void theResponseTimeIsAQuantileOfGoodAnswers() {
    for (int millis = 100; millis <= 1_000; millis += 100) {
      probe(well(millis), 1);
    }
    probe(UNWELL, 5);
    assertEquals(Optional.of(0.5), reading(Signal.RESPONSE_TIME, Optional.of(0.5)).value());
    assertEquals(Optional.of(1.0), reading(Signal.RESPONSE_TIME, Optional.of(0.95)).value());
  }

  @Test
  void withoutAnyGoodAnswerTheResponseTimeIsUnknown() {
    probe(UNWELL, 10);
    assertUnknown(Signal.RESPONSE_TIME, "no probe was answered as it should");
  }

  @Test
  void whatIsOlderThanTheWindowIsForgotten() {
    probe(UNWELL, 10);
    now = now.plusSeconds(61);
    assertUnknown(Signal.AVAILABILITY, "only 0 probes so far");
    probe(well(10), 5);
    assertValue(1, Signal.AVAILABILITY);
  }

  private void probe(Result result, int times) {
    for (int i = 0; i < times; i++) {
      window.add(now, result);
      now = now.plusSeconds(1);
    }
  }

  private static Result well(int millis) {
    return new Result.Well(Duration.ofMillis(millis));
  }

  private Reading reading(Signal signal, Optional<Double> quantile) {
    return window.reading(
        new Trigger(signal, quantile, true, 0.5, Duration.ofSeconds(30), "> 50%"), now);
  }

  private void assertValue(double value, Signal signal) {
    assertEquals(Optional.of(value), reading(signal, Optional.empty()).value());
  }

  private void assertUnknown(Signal signal, String why) {
    Reading reading = reading(signal, Optional.of(0.95));
    assertTrue(reading.value().isEmpty());
    assertEquals(why, reading.detail());
  }
}
