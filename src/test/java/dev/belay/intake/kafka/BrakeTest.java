package dev.belay.intake.kafka;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BrakeTest {
  private final Brake brake = new Brake();

  @Test
  void holdsFromMuchUntilLittle() {
    assertFalse(brake.look(Brake.MANY - 1, 0, false));
    assertTrue(brake.look(Brake.MANY, 0, false));
    assertTrue(brake.look(Brake.FEW + 1, 0, false));
    assertFalse(brake.look(Brake.FEW, 0, false));
  }

  @Test
  void fewLargeOnesAreMuchToo() {
    assertTrue(brake.look(2, Brake.LARGE, false));
    assertTrue(brake.look(1, Brake.SMALL + 1, false));
    assertFalse(brake.look(1, Brake.SMALL, false));
  }

  @Test
  void holdsWhileTheEngineTakesNothing() {
    assertTrue(brake.look(1, 10, true));
    assertFalse(brake.look(1, 10, false));
  }
}
