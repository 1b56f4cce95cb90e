package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Run.Phase;
import dev.belay.core.incident.Notice;
import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Settlement;
import dev.belay.core.rule.Mode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * An alert went away for ten seconds in the veto window and came back, while another kept the
 * incident open. The remediation counted as had: no rollback, and no word of why, for ever.
 */
class FlappingTest {
  /** The release is bad, Latency keeps the incident open, and the rollback counts down. */
  private static Scene countingDown() {
    Scene scene = Scene.troubled(new Rules().mode(Mode.VETO).core());
    return scene.observed().fire("Latency");
  }

  private static Scene flap(Scene scene) {
    scene.pass("10S").resolve("Errors");
    assertEquals(Reason.RECOVERED, scene.endOfRun());
    return scene.pass("20S").fire("Errors", scene.now);
  }

  @Test
  void whatComesBackBeforeAnythingWasDoneIsRemedied() {
    Scene scene = flap(countingDown());
    assertEquals(Phase.OBSERVING, scene.run().phase());
    scene.until(Phase.ACTING);
    assertEquals(1, scene.intents());
  }

  @Test
  void whatKeepsComingAndGoingIsGivenUpAndAPersonIsCalledOnce() {
    Scene scene = countingDown();
    flap(scene).observed();
    flap(scene).observed();
    flap(scene);
    assertTrue(scene.shop().run().isEmpty());
    assertEquals(Reason.FLAPPING, scene.reason());
    for (int again = 0; again < 10; again++) {
      scene.pass("20S").resolve("Errors").pass("20S").fire("Errors", scene.now);
    }
    assertTrue(scene.shop().run().isEmpty());
    assertEquals(1, pages(scene));
  }

  @Test
  void theNextIncidentBeginsAnew() {
    Scene scene = countingDown();
    flap(scene).observed();
    flap(scene).observed();
    flap(scene);
    scene.resolve("Errors").resolve("Latency");
    scene.pass("30S").fire("Errors", scene.now);
    assertEquals(Phase.OBSERVING, scene.run().phase());
  }

  @Test
  void aStepThatWasTakenIsNotTakenTwiceAndThatIsSaidOnce() {
    Rules twoSteps =
        new Rules()
            .whateverTheCause()
            .ladder(Rules.flags(Duration.ofMinutes(30)), Rules.rateLimit(Duration.ofMinutes(30)));
    Scene scene = Scene.settled(twoSteps.core()).fire("Errors");
    scene.observed(RunTest.flags("true")).ready().finished(new Outcome.Applied("done"));
    scene.settlement(new Settlement.Settled("done")).pass("120S");
    assertEquals(1, scene.run().step());
    scene.send(new Event.HoldAsked("ann", "stop"));
    assertEquals(Reason.ALREADY_HAD, scene.reason(), "it began, so it does not begin again");
    scene.send(new Event.HoldEnded("ann")).pass("60S").pass("60S");
    assertTrue(scene.shop().run().isEmpty());
    assertEquals(1, pages(scene));
  }

  private static long pages(Scene scene) {
    return scene.notices().stream().filter(it -> it.kind() == Notice.Kind.PAGE).count();
  }
}
