package dev.belay.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Settings;
import dev.belay.core.incident.Reason;
import dev.belay.rules.Loaded;
import dev.belay.rules.RuleLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every story of the sandbox, played through on a virtual clock with Belay's own core. */
class ScenarioTest {
  private static final Duration TICK = Duration.ofMillis(100);
  // Readiness, scheduling and HTTP take their time in reality; a story must not be cut too close.
  private static final Duration HALF_A_MINUTE = Duration.ofSeconds(30);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void endsAsExpected(Scenario scenario) throws IOException {
    VirtualClock clock = new VirtualClock();
    Play play = new Play(scenario, clock);
    CoreOnVirtualTime belay = belay(clock, play, scenario, Settings.DEFAULT.stormServices());
    playThrough(clock, play, belay);
    Ending ending =
        new Ending(play.world(), belay.incidents(), belay.state().brakeSince().isPresent());
    for (Expectation each : scenario.expectations()) {
      assertTrue(
          each.holds().test(ending),
          () ->
              each.sentence()
                  + "\n"
                  + play.world().cluster().effects()
                  + "\n"
                  + belay.incidents().stream().limit(5).toList()
                  + "\n"
                  + belay.state().decisions().stream().limit(20).toList());
    }
  }

  /** The lost one rolled back too, in its first incident. */
  @Test
  void aJournalThatReplacesALostOneActsAgain() throws IOException {
    VirtualClock clock = new VirtualClock();
    Play play = new Play(Scenario.BAD_RELEASE, clock);
    playThrough(clock, play, belay(clock, play, Scenario.BAD_RELEASE, Integer.MAX_VALUE));
    assertEquals(1, play.world().cluster().effects().size());
    CoreOnVirtualTime fresh = belay(clock, play, Scenario.BAD_RELEASE, Integer.MAX_VALUE);
    watch(clock, play, fresh, Duration.ofSeconds(90));
    play.world().perform(new Deed.Ship("covet", "v1.3", "covet:bad-1.3", "ada"));
    watch(clock, play, fresh, Duration.ofSeconds(30));
    assertEquals(1, fresh.incidents().size());
    assertEquals(2, play.world().cluster().effects().size());
  }

  private static void watch(
      VirtualClock clock, Play play, CoreOnVirtualTime belay, Duration duration) {
    for (Duration left = duration; left.isPositive(); left = left.minus(TICK)) {
      belay.tick(play.world().tick());
      clock.pass(TICK);
    }
  }

  /** It let go after a minute without another service, in the midst of the storm. */
  @Test
  void theBrakeHoldsForAsLongAsTheStorm() throws IOException {
    VirtualClock clock = new VirtualClock();
    Play play = new Play(Scenario.ALERT_STORM, clock);
    CoreOnVirtualTime belay =
        belay(clock, play, Scenario.ALERT_STORM, Settings.DEFAULT.stormServices());
    playThrough(clock, play, belay);
    watch(clock, play, belay, Duration.ofSeconds(100));
    assertTrue(belay.state().brakeSince().isPresent());
    assertEquals(List.of(), play.world().cluster().effects());
  }

  @Test
  void withoutTheBrakeTheStormWouldRollBack() throws IOException {
    VirtualClock clock = new VirtualClock();
    Play play = new Play(Scenario.ALERT_STORM, clock);
    playThrough(clock, play, belay(clock, play, Scenario.ALERT_STORM, Integer.MAX_VALUE));
    assertFalse(play.world().cluster().effects().isEmpty());
  }

  @Test
  void withMetricsTheReleaseWouldBeRolledBack() throws IOException {
    VirtualClock clock = new VirtualClock();
    Play play = new Play(Scenario.METRICS_GONE, clock);
    CoreOnVirtualTime belay =
        belay(clock, play, Scenario.METRICS_GONE, Settings.DEFAULT.stormServices());
    while (!play.over()) {
      List<Post> posts = play.tick().posts();
      play.world().perform(new Deed.Metrics(true));
      belay.tick(posts);
      clock.pass(TICK);
    }
    assertEquals(
        List.of("rollback"),
        play.world().cluster().effects().stream().map(each -> each.plan().kind()).toList());
  }

  @Test
  void theOldAlertIsSeenToBeOlder() throws IOException {
    VirtualClock clock = new VirtualClock();
    Play play = new Play(Scenario.OLD_ALERT, clock);
    CoreOnVirtualTime belay =
        belay(clock, play, Scenario.OLD_ALERT, Settings.DEFAULT.stormServices());
    playThrough(clock, play, belay);
    assertTrue(
        belay.state().decisions().stream()
            .anyMatch(decided -> decided.reason() == Reason.OLDER_THAN_RELEASE));
  }

  private static void playThrough(VirtualClock clock, Play play, CoreOnVirtualTime belay) {
    while (!play.over()) {
      belay.tick(play.tick().posts());
      clock.pass(TICK);
    }
  }

  private CoreOnVirtualTime belay(
      VirtualClock clock, Play play, Scenario scenario, int stormServices) throws IOException {
    return new CoreOnVirtualTime(clock, play.world(), loaded(scenario).rules(), stormServices);
  }

  @ParameterizedTest
  @EnumSource
  void hasRulesWithoutProblems(Scenario scenario) throws IOException {
    assertEquals(List.of(), loaded(scenario).problems());
  }

  @ParameterizedTest
  @EnumSource
  void hasAScriptInOrderOfTime(Scenario scenario) {
    List<Duration> times = scenario.script().stream().map(Scene::at).toList();
    assertEquals(times.stream().sorted().toList(), times);
    assertTrue(times.getLast().compareTo(scenario.length()) < 0);
    assertTrue(scenario.length().compareTo(HALF_A_MINUTE) <= 0);
    assertFalse(scenario.expectations().isEmpty());
  }

  @ParameterizedTest
  @EnumSource
  void playsTheSameEveryTime(Scenario scenario) {
    assertEquals(posts(scenario), posts(scenario));
  }

  private static List<Post> posts(Scenario scenario) {
    VirtualClock clock = new VirtualClock();
    Play play = new Play(scenario, clock);
    List<Post> all = new ArrayList<>();
    while (!play.over()) {
      all.addAll(play.tick().posts());
      clock.pass(TICK);
    }
    return all;
  }

  private Loaded loaded(Scenario scenario) throws IOException {
    for (Map.Entry<String, String> file : scenario.files().entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
    return RuleLoader.load(folder.resolve("rules"));
  }
}
