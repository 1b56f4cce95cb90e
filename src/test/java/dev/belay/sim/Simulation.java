package dev.belay.sim;

import java.time.Duration;
import java.util.Optional;

/** One run: a storm, in which nothing may go wrong for good, and a calm, in which all must mend. */
final class Simulation {
  private static final Duration STORM = Duration.ofHours(2);
  private static final Duration CALM = Duration.ofMinutes(60);
  private static final int STEPS_AT_MOST = 3_000_000;

  /**
   * What came of it.
   *
   * @param violation the broken guarantee, where one was broken
   * @param trace digest of everything that happened
   */
  record Result(long seed, Optional<String> violation, String trace, String lastLines) {
    /** What to tell people: what, how to see it again, and what led to it. */
    String report() {
      return "seed "
          + seed
          + ": "
          + violation.orElse("ok")
          + "\n  mvn -q test -Dtest=SimulatorTest -Dbelay.sim.seed="
          + seed
          + "\n"
          + lastLines;
    }
  }

  private Simulation() {}

  static Result run(long seed, Bug bug, Coverage coverage) {
    Loop loop = new Loop();
    Dice dice = new Dice(seed);
    Swarm swarm = Swarm.of(dice.branch());
    Coverage own = new Coverage();
    World world = new World(loop, dice.branch(), swarm, bug, own);
    int[] steps = {0};
    Runnable after =
        () -> {
          if (++steps[0] > STEPS_AT_MOST) {
            throw new Violation("it does not come to rest");
          }
        };
    Optional<String> violation = Optional.empty();
    try {
      world.begin();
      loop.runUntil(Loop.START.plus(STORM), after);
      world.calm();
      loop.runUntil(Loop.START.plus(STORM).plus(CALM), after);
      world.atTheEnd();
    } catch (Violation e) {
      violation = Optional.of(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      violation = Optional.of("it broke: " + e + " at " + e.getStackTrace()[0]);
    }
    coverage.add(own);
    return new Result(seed, violation, loop.digest(), loop.lastLines());
  }
}
