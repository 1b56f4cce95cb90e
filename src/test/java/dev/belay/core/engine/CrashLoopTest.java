package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.incident.Notice;
import dev.belay.core.incident.Reason;
import dev.belay.core.rule.Mode;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CrashLoopTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** The first start follows nothing. */
  private static Scene started() {
    return Scene.settled(new Rules().mode(Mode.ACT).core()).send(new Event.Started());
  }

  private static Scene crashed(Scene scene, int times, Duration downtime) {
    for (int i = 0; i < times; i++) {
      scene.restart(downtime);
    }
    return scene;
  }

  @Test
  void threeStartsWithoutAStopWithinTenMinutesPutEverythingOnHold() {
    Scene scene = crashed(started(), 2, SOON);
    assertEquals(Optional.empty(), scene.state().hold());
    crashed(scene, 1, SOON);
    assertTrue(scene.state().hold().orElseThrow().startsWith("belay: 3 starts within 10m"));
    assertEquals(Reason.CRASH_LOOP, scene.reason());
    assertEquals(Notice.Kind.HOLD, scene.notices().getLast().kind(), "people are told");
  }

  @Test
  void nothingIsDoneUntilAPersonReleasesIt() {
    Scene scene = crashed(started(), 3, SOON).pass("300S");
    scene.release("r2").workload(Scene.NEW, true).pass("60S").fire("Errors");
    assertTrue(scene.shop().run().isEmpty());
    crashed(scene, 1, SOON);
    assertTrue(scene.shop().run().isEmpty(), "a further start does not release it");
    scene.send(new Event.HoldEnded("ann"));
    assertEquals(Run.Phase.OBSERVING, scene.run().phase());
  }

  @Test
  void theCountBeginsAnewAfterARelease() {
    Scene scene = crashed(started(), 3, SOON).send(new Event.HoldEnded("ann"));
    crashed(scene, 2, SOON);
    assertEquals(Optional.empty(), scene.state().hold());
    crashed(scene, 1, SOON);
    assertTrue(scene.state().hold().isPresent());
  }

  @Test
  void startsAfterAnOrderlyStopAreNoCrashes() {
    Scene scene = started();
    for (int i = 0; i < 10; i++) {
      scene.send(new Event.Stopping()).restart(SOON);
    }
    assertEquals(Optional.empty(), scene.state().hold());
    crashed(scene, 2, SOON).send(new Event.Stopping()).restart(SOON);
    crashed(scene, 2, SOON);
    assertEquals(Optional.empty(), scene.state().hold(), "a stop in between is a good sign");
  }

  @Test
  void crashesThatLieFarApartAreNoLoop() {
    assertEquals(Optional.empty(), crashed(started(), 10, Duration.ofMinutes(5)).state().hold());
  }

  @Test
  void aDiskThatHasSpaceAgainIsNoStart() {
    Scene scene = started();
    for (int i = 0; i < 10; i++) {
      scene.send(new Event.Resumed());
    }
    assertEquals(Optional.empty(), scene.state().hold());
  }

  @Test
  void aPersonsHoldStaysTheirs() {
    Scene scene = started().send(new Event.HoldAsked("ann", "because"));
    assertEquals(Optional.of("ann: because"), crashed(scene, 3, SOON).state().hold());
  }

  @Test
  void aDaemonThatFailsAtItsOwnWorkHoldsOnce() {
    Scene scene = started();
    scene.send(new Event.Faulted("it fails")).send(new Event.Faulted("it fails"));
    assertEquals(Optional.of("belay: it fails"), scene.state().hold());
    assertEquals(1, scene.facts(Fact.Held.class).size());
  }
}
