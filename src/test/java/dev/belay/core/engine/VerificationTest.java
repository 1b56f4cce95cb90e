package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Run.Phase;
import dev.belay.core.incident.Notice;
import dev.belay.core.incident.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A rollback healed the shop, but a warning that has nothing to do with it began to fire; so the
 * rollback "did not help", and a person was called to a service that was well.
 */
class VerificationTest {
  private static Scene verifying() {
    return Scene.troubled(new Rules().and(Rules.overload(Rules.page())).core())
        .until(Phase.VERIFYING);
  }

  @Test
  void anAlertThatDidNotCallForItDoesNotSpoilIt() {
    Scene scene = verifying().fire("Throttling").resolve("Errors");
    assertEquals(Reason.VERIFIED_IN_PART, scene.endOfRun());
    assertEquals(0, scene.notices().stream().filter(it -> it.kind() == Notice.Kind.PAGE).count());
  }

  @Test
  void whatElseIsWrongKeepsTheIncidentOpenAndIsNotTakenForCured() {
    Scene scene = verifying().fire("Throttling").resolve("Errors").pass("300S");
    assertTrue(scene.shop().incident().isPresent());
    assertFalse(scene.shop().verified);
    scene.resolve("Throttling");
    assertEquals(Reason.RESOLVED, scene.facts(Fact.IncidentClosed.class).getLast().reason());
  }

  @Test
  void whatElseIsWrongIsDecidedOn() {
    Scene scene = verifying().fire("Latency").resolve("Errors");
    assertEquals(Reason.VERIFIED_IN_PART, scene.endOfRun());
    assertEquals(Reason.COOLDOWN, scene.reason(), "another remediation is called for");
  }

  @Test
  void whatCalledForItAndComesBackInTheIncidentIsSaid() {
    Scene scene = verifying().fire("Throttling").resolve("Errors").pass("30S");
    scene.fire("Errors", scene.now).pass("30S").pass("30S");
    assertEquals(Reason.ALREADY_HAD, scene.reason());
    assertEquals(1, scene.notices().stream().filter(it -> it.kind() == Notice.Kind.PAGE).count());
  }

  @Test
  void theSilenceOfAnotherAlertIsNoneOfWhatCalledForIt() {
    Scene scene = Scene.troubled(new Rules().core());
    scene.fireFor("Throttling", Duration.ofMinutes(1)).until(Phase.VERIFYING).pass("90S");
    scene.resolve("Errors");
    assertEquals(Reason.VERIFIED, scene.endOfRun());
    assertEquals(Reason.STALE, scene.facts(Fact.IncidentClosed.class).getLast().reason());
  }

  @Test
  void byDefaultTheTroubleHasTenMinutes() {
    Scene scene =
        Scene.troubled(new Rules().ladder(Rules.unverified(Rules.rollback()), Rules.page()).core());
    scene.until(Phase.VERIFYING);
    assertEquals(scene.now.plus(Duration.ofMinutes(10)), scene.run().deadline());
  }
}
