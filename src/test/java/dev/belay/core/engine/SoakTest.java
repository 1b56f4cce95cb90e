package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.belay.core.engine.RevisionRecord.Judgement;
import dev.belay.core.release.Rollout;
import dev.belay.core.remediation.Observation;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which time counts for a revision's good name: what was seen to go well, and nothing else. */
class SoakTest {
  private static final String ERRORS = Rules.ERRORS.name();

  private static Scene scene() {
    return new Scene(new Rules().core());
  }

  private static Scene scene(double errorRate) {
    Scene scene = new Scene(new Rules().onTrigger().core());
    return scene.workload(Scene.OLD, true).read(ERRORS, errorRate);
  }

  private static void is(Judgement expected, Scene scene) {
    assertEquals(expected, scene.shop().present().orElseThrow().judgement());
  }

  @Test
  void aRevisionThatRanWellForItsSoakTimeIsGood() {
    is(Judgement.UNPROVEN, scene().well(Duration.ofMinutes(9)));
    is(Judgement.GOOD, scene().well(Duration.ofMinutes(10)));
  }

  @Test
  void timeInWhichTheDaemonWasDownIsNotCounted() {
    Scene scene = scene().workload(Scene.OLD, true).pass("5S");
    scene.restart(Duration.ofMinutes(30)).workload(Scene.OLD, true);
    is(Judgement.UNPROVEN, scene);
    is(Judgement.UNPROVEN, scene.well(Duration.ofMinutes(9)));
    is(Judgement.GOOD, scene.well(Duration.ofMinutes(1)));
  }

  @Test
  void aRestartBeginsItAnewHoweverShort() {
    Scene scene = scene().well(Duration.ofMinutes(9)).restart(Duration.ofSeconds(1));
    is(Judgement.UNPROVEN, scene.well(Duration.ofMinutes(9)));
    is(Judgement.GOOD, scene.well(Duration.ofMinutes(1)));
  }

  @Test
  void timeInWhichTheClusterWasSilentIsNotCounted() {
    Scene scene = scene().well(Duration.ofMinutes(5)).pass(Duration.ofHours(1));
    scene.workload(Scene.OLD, true);
    is(Judgement.UNPROVEN, scene);
    is(Judgement.UNPROVEN, scene.well(Duration.ofMinutes(4)));
    is(Judgement.GOOD, scene.well(Duration.ofMinutes(1)));
  }

  @Test
  void timeInWhichTheRolloutIsNotCompleteIsNotCounted() {
    Scene scene = scene().well(Duration.ofMinutes(5)).workload(Scene.OLD, false);
    for (int i = 0; i < 15; i++) {
      scene.pass("30S").workload(Scene.OLD, false);
    }
    is(Judgement.UNPROVEN, scene.well(Duration.ofMinutes(4)));
    is(Judgement.GOOD, scene.well(Duration.ofMinutes(1)));
  }

  @Test
  void timeInWhichNotAllPodsRunItIsNotCountedThoughTheRolloutIsDone() {
    Scene scene = scene();
    scene.workload(Scene.OLD, true);
    for (int i = 0; i < 60; i++) {
      Observation.OfWorkload seen =
          new Seen(scene.observation(Scene.OLD, true))
              .rollout(Rollout.done(false, "0 of 0"))
              .workload();
      scene.send(new Event.WorkloadSeen(Scene.SHOP, seen)).pass("30S");
    }
    is(Judgement.UNPROVEN, scene.well(Duration.ofMinutes(9)));
    is(Judgement.GOOD, scene.well(Duration.ofMinutes(1)));
  }

  @Test
  void aTriggerThatNobodyEverReadCertifiesNothing() {
    Scene scene = new Scene(new Rules().onTrigger().core());
    for (int i = 0; i < 60; i++) {
      scene.workload(Scene.OLD, true).pass("60S");
    }
    is(Judgement.UNPROVEN, scene);
  }

  @Test
  void aTriggerThatIsNoLongerReadCertifiesNothing() {
    Scene scene = scene(0.01).well(Duration.ofMinutes(5));
    for (int i = 0; i < 60; i++) {
      scene.workload(Scene.OLD, true).pass("60S");
    }
    is(Judgement.UNPROVEN, scene);
  }

  @Test
  void readingsFromBeforeARestartCertifyNothing() {
    Scene scene = new Scene(new Rules().onTrigger().soak(Duration.ofSeconds(30)).core());
    scene.workload(Scene.OLD, true).read(ERRORS, 0.01).restart(Duration.ofSeconds(1));
    scene.workload(Scene.OLD, true).pass("31S").workload(Scene.OLD, true);
    is(Judgement.UNPROVEN, scene);
  }

  @Test
  void theSoakWaitsForATriggerThatCannotBeSeen() {
    Scene scene = scene(0.01).well(Duration.ofMinutes(5));
    for (int i = 0; i < 40; i++) {
      scene.read(ERRORS, Optional.empty()).workload(Scene.OLD, true).pass("15S");
    }
    is(Judgement.UNPROVEN, scene);
    scene.read(ERRORS, 0.01);
    is(Judgement.UNPROVEN, scene.well(Duration.ofMinutes(3)));
    is(Judgement.GOOD, scene.well(Duration.ofMinutes(3)));
  }

  @Test
  void aTriggerThatIsCrossedCertifiesNothing() {
    Scene scene = scene(0.01).well(Duration.ofMinutes(9));
    scene.read(ERRORS, 0.2).pass("60S").workload(Scene.OLD, true);
    is(Judgement.UNPROVEN, scene);
  }

  @Test
  void howFarItIsIsWrittenDownOnceAMinuteAndNoLongerThanItSoaks() {
    Scene scene = scene(0.01);
    for (int i = 0; i < 360; i++) {
      scene.pass("10S").read(ERRORS, 0.01).workload(Scene.OLD, true);
    }
    is(Judgement.GOOD, scene);
    int written = scene.facts(Fact.RevisionSoaked.class).size();
    assertEquals(true, written <= 24, () -> written + " times");
  }

  @Test
  void triggersThatAreReadOneByOneCertifyTogether() {
    Scene scene = new Scene(new Rules().onTriggers().core());
    is(Judgement.GOOD, readInTurns(scene, ERRORS, Rules.SLOW.name()));
  }

  @Test
  void oneTriggerOfSeveralThatNobodyReadsCertifiesNothing() {
    Scene scene = new Scene(new Rules().onTriggers().core());
    is(Judgement.UNPROVEN, readInTurns(scene, ERRORS, ERRORS));
  }

  private static Scene readInTurns(Scene scene, String one, String other) {
    for (int i = 0; i < 60; i++) {
      scene.workload(Scene.OLD, true).pass("5S").read(one, 0.01).pass("5S").read(other, 0.01);
      scene.pass("5S");
    }
    return scene;
  }
}
