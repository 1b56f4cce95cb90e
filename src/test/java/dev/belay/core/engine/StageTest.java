package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.belay.core.engine.Stage.Phase;
import dev.belay.core.release.Release;
import dev.belay.core.release.Rollout;
import dev.belay.core.release.Rollout.Obstacle;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How far a release is. */
class StageTest {
  private final Scene scene = Scene.settled(new Rules().core()).pass(Duration.ofMinutes(20));

  private Stage newest() {
    return Stage.of(scene.shop(), scene.shop().releases().getLast());
  }

  private void look(Rollout rollout) {
    scene.send(
        new Event.WorkloadSeen(
            Scene.SHOP, new Seen(scene.observation(Scene.NEW, true)).rollout(rollout).workload()));
  }

  @Test
  void aRolloutProgressesIsStuckForAReasonAndCompletes() {
    look(Rollout.underWay(Set.of(), ""));
    assertEquals(new Stage(Phase.PROGRESSING, List.of()), newest());
    scene.pass("30S");
    look(Rollout.underWay(Set.of(Obstacle.IMAGE_PULL), ""));
    assertEquals(new Stage(Phase.STUCK, List.of(RolloutTrouble.IMAGE_PULL)), newest());
    scene.pass("30S");
    look(Rollout.underWay(Set.of(Obstacle.DEADLINE_EXCEEDED, Obstacle.CRASH_LOOP), ""));
    assertEquals(
        Set.of(RolloutTrouble.DEADLINE_EXCEEDED, RolloutTrouble.CRASH_LOOP),
        Set.copyOf(newest().troubles()));
    scene.pass("30S");
    look(Rollout.done(""));
    assertEquals(new Stage(Phase.COMPLETE, List.of()), newest());
  }

  @Test
  void theClusterKnowsBetterThanAPipelineThatThinksItIsDone() {
    scene.send(
        new Event.ReleaseReceived(
            Scene.releaseOf(
                "r2",
                Release.Change.DEPLOYED,
                scene.now,
                Optional.of(scene.now),
                Optional.empty())));
    assertEquals(Phase.COMPLETE, newest().phase());
    scene.pass("5S");
    look(Rollout.underWay(Set.of(Obstacle.CRASH_LOOP), ""));
    assertEquals("r2", scene.shop().releases().getLast().id());
    assertEquals(new Stage(Phase.STUCK, List.of(RolloutTrouble.CRASH_LOOP)), newest());
  }

  @Test
  void whatIsReplacedIsNotUnderWay() {
    look(Rollout.underWay(Set.of(Obstacle.CRASH_LOOP), ""));
    scene.pass("60S").workload("digest-3", true);
    assertEquals(
        Phase.REPLACED, Stage.of(scene.shop(), scene.shop().releases().getFirst()).phase());
    assertEquals(Phase.COMPLETE, newest().phase());
  }

  @Test
  void whatIsAnnouncedAndNotSeenIsAsItsSenderSays() {
    scene.release("r2");
    assertEquals(Phase.PROGRESSING, newest().phase());
  }
}
