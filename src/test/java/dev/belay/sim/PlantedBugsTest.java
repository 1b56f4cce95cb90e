package dev.belay.sim;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An oracle that finds nothing proves nothing: each planted bug must be found by some seed. */
class PlantedBugsTest {
  private static final int SEEDS = 200;

  static Stream<Bug> bugs() {
    return Stream.of(Bug.values()).filter(bug -> bug != Bug.NONE);
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void isFound(Bug bug) {
    Optional<Simulation.Result> found =
        LongStream.rangeClosed(1, SEEDS)
            .mapToObj(seed -> Simulation.run(seed, bug, new Coverage()))
            .filter(result -> result.violation().isPresent())
            .findFirst();
    assertTrue(found.isPresent(), () -> bug + " is not found by " + SEEDS + " seeds");
    System.out.printf(
        "%-24s seed %3d: %s%n", bug, found.get().seed(), found.get().violation().orElseThrow());
    assertFalse(found.get().violation().orElseThrow().startsWith("it broke"), found.get()::report);
  }
}
