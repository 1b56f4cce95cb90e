package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.alert.Door;
import dev.belay.core.alert.Episode;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Rollout;
import dev.belay.core.release.Rollout.Obstacle;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What Belay makes of rollouts that do not come to their end. */
class RolloutTest {
  private static final Rollout CRASHING =
      Rollout.underWay(Set.of(Obstacle.CRASH_LOOP), "0 of 1 pods available; app-1: it crashes");

  private static final Rollout PULLING =
      Rollout.underWay(Set.of(Obstacle.IMAGE_PULL), "0 of 1 pods available; app-1: no image");

  private static final Rollout UNSEEN =
      Rollout.underWay(Set.of(), "0 of 1 pods available")
          .unsureOf(Set.of(Obstacle.CRASH_LOOP, Obstacle.IMAGE_PULL));

  /** For a moment, perhaps. */
  private static final Rollout MAY_CRASH =
      Rollout.done("1 of 1 pods available").unsureOf(Set.of(Obstacle.CRASH_LOOP));

  @Test
  void aRolloutThatTakesTenMinutesIsAnAlert() {
    Scene scene = new Scene(new Rules().core());
    look(scene, Rollout.underWay(Set.of(), "0 of 1 pods available"), 19);
    assertTrue(firing(scene, "DeploymentInProgress").isEmpty());
    look(scene, Rollout.underWay(Set.of(), "0 of 1 pods available"), 2);
    Episode alert = firing(scene, "DeploymentInProgress").orElseThrow();
    assertEquals(Door.WATCH, alert.door());
    assertEquals(Scene.START.plus(Duration.ofMinutes(10)), alert.startsAt());
    assertEquals(Optional.of("app"), alert.labels().get("deployment"));
    assertEquals("shop-1", scene.incident().id());
  }

  @Test
  void aCrashLoopIsAnAlertWithinHalfAMinute() {
    Scene scene = new Scene(new Rules().core());
    look(scene, CRASHING, 1);
    assertTrue(firing(scene, "DeploymentCrashLooping").isEmpty());
    look(scene, CRASHING, 1);
    Episode alert = firing(scene, "DeploymentCrashLooping").orElseThrow();
    assertTrue(alert.annotations().toString().contains("app-1: it crashes"));
  }

  @Test
  void eachObstacleHasItsAlert() {
    Scene scene = new Scene(new Rules().core());
    look(scene, Rollout.underWay(Set.of(Obstacle.values()), "stuck"), 2);
    assertTrue(firing(scene, "DeploymentFailed").isPresent());
    assertTrue(firing(scene, "DeploymentCrashLooping").isPresent());
    assertTrue(firing(scene, "DeploymentImagePullFailing").isPresent());
  }

  @Test
  void aRolloutThatEndsEndsItsAlerts() {
    Scene scene = new Scene(new Rules().core());
    look(scene, CRASHING, 3);
    look(scene, Rollout.done("all is well"), 1);
    assertTrue(firing(scene, "DeploymentCrashLooping").isEmpty());
    assertTrue(scene.shop().incident().isEmpty());
    assertTrue(scene.shop().rollouts.isEmpty());
  }

  @Test
  void aCrashLoopGoesOnWhereALookCannotTellWhetherItEnded() {
    Scene scene = new Scene(new Rules().core());
    look(scene, MAY_CRASH, 2);
    assertTrue(firing(scene, "DeploymentCrashLooping").isEmpty(), "nothing begins so");
    look(scene, CRASHING, 1);
    look(scene, MAY_CRASH, 2);
    assertTrue(firing(scene, "DeploymentCrashLooping").isEmpty(), "nor does it fire so");
    look(scene, CRASHING, 1);
    assertTrue(firing(scene, "DeploymentCrashLooping").isPresent());
    look(scene, MAY_CRASH, 3);
    assertTrue(firing(scene, "DeploymentCrashLooping").isPresent());
    assertEquals("shop-1", scene.incident().id());
    look(scene, Rollout.done("all is well"), 1);
    assertTrue(firing(scene, "DeploymentCrashLooping").isEmpty());
  }

  @Test
  void whatCannotBeSeenOfPodsEndsNoAlertOfThemUntilItIsStale() {
    Scene scene = new Scene(new Rules().core());
    look(scene, PULLING, 2);
    look(scene, UNSEEN, 8);
    assertTrue(firing(scene, "DeploymentImagePullFailing").isPresent());
    assertTrue(firing(scene, "DeploymentCrashLooping").isEmpty());
    look(scene, UNSEEN, 2);
    assertTrue(firing(scene, "DeploymentImagePullFailing").isEmpty());
    assertEquals(Reason.STALE, scene.facts(Fact.IncidentClosed.class).getLast().reason());
  }

  @Test
  void timeInTheDarkDoesNotCount() {
    Scene scene = new Scene(new Rules().core());
    look(scene, Rollout.underWay(Set.of(), "0 of 1 pods available"), 10);
    scene.pass(Duration.ofMinutes(30));
    look(scene, Rollout.underWay(Set.of(), "0 of 1 pods available"), 9);
    assertTrue(firing(scene, "DeploymentInProgress").isEmpty());
    look(scene, Rollout.underWay(Set.of(), "0 of 1 pods available"), 3);
    assertTrue(firing(scene, "DeploymentInProgress").isPresent());
  }

  @Test
  void whatNobodyLooksAtAnyMoreIsNeitherWrongNorRight() {
    Scene scene = new Scene(new Rules().core());
    look(scene, CRASHING, 3);
    scene.pass(Duration.ofMinutes(6));
    assertEquals(Reason.STALE, scene.facts(Fact.IncidentClosed.class).getLast().reason());
  }

  @Test
  void theTimeCountsOnAfterARestart() {
    Scene scene = new Scene(new Rules().core());
    look(scene, Rollout.underWay(Set.of(), "0 of 1 pods available"), 18);
    scene.restart(Duration.ofSeconds(10));
    look(scene, Rollout.underWay(Set.of(), "0 of 1 pods available"), 4);
    Instant starts = firing(scene, "DeploymentInProgress").orElseThrow().startsAt();
    assertFalse(starts.isAfter(Scene.START.plus(Duration.ofMinutes(10))));
  }

  @Test
  void aRuleOfThatNameSaysHowLongItMustLast() {
    Scene scene = new Scene(new Rules().holdOf("DeploymentCrashLooping", "5M").core());
    look(scene, CRASHING, 10);
    assertTrue(firing(scene, "DeploymentCrashLooping").isEmpty());
    look(scene, CRASHING, 1);
    assertTrue(firing(scene, "DeploymentCrashLooping").isPresent());
  }

  /** Looks so often, half a minute apart. */
  private static void look(Scene scene, Rollout rollout, int times) {
    for (int i = 0; i < times; i++) {
      scene.send(
          new Event.WorkloadSeen(
              Scene.SHOP,
              new Seen(scene.observation(Scene.OLD, false)).rollout(rollout).workload()));
      scene.pass("30S");
    }
  }

  private static Optional<Episode> firing(Scene scene, String name) {
    return scene.state().alerts().stream()
        .filter(Episode::firing)
        .filter(alert -> alert.labels().alertName().equals(name))
        .findFirst();
  }
}
