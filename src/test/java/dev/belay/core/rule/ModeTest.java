package dev.belay.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.belay.core.rule.Mode.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ModeTest {
  private static final Mode LONG_VETO = new Mode(Kind.VETO, Duration.ofMinutes(5));

  @Test
  void aCapNarrowsAndNeverWidens() {
    assertEquals(Mode.OBSERVE, Mode.ACT.atMost(Mode.OBSERVE));
    assertEquals(Mode.OBSERVE, Mode.OBSERVE.atMost(Mode.ACT));
    assertEquals(Mode.PROPOSE, LONG_VETO.atMost(Mode.PROPOSE));
  }

  @Test
  void ofTwoVetoesPeopleGetTheLongerTime() {
    assertEquals(LONG_VETO, Mode.VETO.atMost(LONG_VETO));
    assertEquals(LONG_VETO, LONG_VETO.atMost(Mode.VETO));
  }
}
