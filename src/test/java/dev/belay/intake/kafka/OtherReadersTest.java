package dev.belay.intake.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OtherReadersTest {
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

  private final OtherReaders others = new OtherReaders();

  @Test
  void whoReadsEverythingIsNotTold() {
    others.look(3, 3, START);
    assertEquals(Optional.empty(), others.trouble(START.plusSeconds(600)));
  }

  @Test
  void whatOthersReadIsSaidWhereItIsSoForLonger() {
    others.look(1, 3, START);
    others.look(1, 3, START.plusSeconds(30));
    assertEquals(Optional.empty(), others.trouble(START.plusSeconds(59)));
    String trouble = others.trouble(START.plusSeconds(60)).orElseThrow();
    assertTrue(trouble.startsWith("2 partitions are read by another"), trouble);
    assertTrue(trouble.endsWith("give each Belay a group of its own"), trouble);
  }

  @Test
  void oneThatTookAnothersPlaceReadsEverythingInTheEnd() {
    others.look(0, 3, START);
    others.look(3, 3, START.plusSeconds(45));
    others.look(2, 3, START.plusSeconds(50));
    assertEquals(Optional.empty(), others.trouble(START.plusSeconds(70)));
  }
}
