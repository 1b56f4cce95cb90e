package dev.belay.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.rule.Signal;
import dev.belay.core.rule.Trigger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AlertEvaluatorTest {
  private static final AlertDefinition ALERT =
      new AlertDefinition(
          "covet",
          new TreeMap<>(Map.of("alertname", "HighErrorRate")),
          new TreeMap<>(),
          new Trigger(
              Signal.ERROR_RATE, Optional.empty(), true, 0.05, Duration.ofSeconds(2), "> 5%"));

  private final VirtualClock clock = new VirtualClock();
  private final AlertEvaluator evaluator = new AlertEvaluator(List.of(ALERT));

  @Test
  void firesOnceItsConditionHeldLongEnough() {
    assertEquals(List.of(), after(0, OptionalDouble.of(0.1)));
    assertEquals(List.of(), after(1, OptionalDouble.of(0.1)));
    assertTrue(after(1, OptionalDouble.of(0.1)).getFirst().firing());
    assertEquals(List.of(), after(1, OptionalDouble.of(0.1)));
    assertEquals(1, evaluator.firing().size());
  }

  @Test
  void oneGoodSampleStartsTheClockAnew() {
    after(0, OptionalDouble.of(0.1));
    after(1, OptionalDouble.of(0.01));
    after(1, OptionalDouble.of(0.1));
    assertEquals(List.of(), after(1, OptionalDouble.of(0.1)));
    assertEquals(1, after(1, OptionalDouble.of(0.1)).size());
  }

  @Test
  void aMissingSampleResolvesIt() {
    after(0, OptionalDouble.of(0.1));
    after(2, OptionalDouble.of(0.1));
    AlertState ended = after(1, OptionalDouble.empty()).getFirst();
    assertFalse(ended.firing());
    assertEquals(Optional.of(clock.instant()), ended.endsAt());
    assertEquals(List.of(), evaluator.firing());
  }

  private List<AlertState> after(int seconds, OptionalDouble sample) {
    clock.pass(Duration.ofSeconds(seconds));
    return evaluator.evaluate(clock.instant(), definition -> sample);
  }
}
