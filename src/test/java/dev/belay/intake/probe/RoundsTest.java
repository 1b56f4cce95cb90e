package dev.belay.intake.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private final Rounds<String> rounds = new Rounds<>();

  @Test
  void eachHasItsTurnInAnIntervalOfItsOwn() {
    rounds.add("often", 100, 100);
    rounds.add("rarely", 150, 1_000);
    StringBuilder asked = new StringBuilder();
    for (long now = 0; now <= 1_200; now += 10) {
      for (String each : rounds.due(now)) {
        asked.append(each).append('@').append(now).append(' ');
      }
    }
    assertEquals(
        "often@100 rarely@150 often@200 often@300 often@400 often@500 often@600 often@700"
            + " often@800 often@900 often@1000 often@1100 rarely@1150 often@1200",
        asked.toString().strip());
  }

  @Test
  void turnsOfOneTickAreTakenTogether() {
    rounds.add("one", 101, 1_000);
    rounds.add("other", 109, 1_000);
    assertEquals(OptionalLong.of(110), rounds.next());
    assertEquals(List.of(), rounds.due(109));
    assertEquals(List.of("one", "other"), rounds.due(110));
    assertEquals(OptionalLong.of(1_110), rounds.next());
  }

  @Test
  void anIntervalThatIsNoMultipleOfATickIsKeptInTheMean() {
    rounds.add("odd", 0, 333);
    int turns = 0;
    for (long now = 0; now < 333_000; now += 10) {
      turns += rounds.due(now).size();
    }
    assertEquals(1_000, turns);
  }

  @Test
  void turnsThatWereSleptThroughAreNotMadeUpFor() {
    rounds.add("one", 100, 100);
    assertEquals(List.of("one"), rounds.due(5_050));
    assertEquals(OptionalLong.of(5_100), rounds.next());
  }

  @Test
  void whoHasLeftHasNoTurn() {
    rounds.add("one", 100, 100);
    rounds.remove("one");
    assertEquals(List.of(), rounds.due(100));
    assertTrue(rounds.next().isEmpty());
  }
}
