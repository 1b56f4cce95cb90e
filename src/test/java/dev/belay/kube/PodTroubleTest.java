package dev.belay.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.release.Rollout;
import dev.belay.core.release.Rollout.Obstacle;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Target;
import dev.belay.sandbox.MemoryBaselines;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What pods tell of a rollout, at whatever moment they are looked at. */
final class PodTroubleTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final Set<Obstacle> LOOP = Set.of(Obstacle.CRASH_LOOP);

  @TempDir private Path folder;

  @Test
  void aContainerThatIsHeldBackLoops() {
    assertEquals(LOOP, seen(container(1, false, waiting(), ended(40, 20))).obstacles());
  }

  @Test
  void whetherItLoopsIsUnknownWhileItRunsBetweenTwoBackOffs() {
    assertUnknown(container(2, false, running(5), ended(35, 25)));
  }

  /** What it waited for is there now, and a large program takes its time. */
  @Test
  void oneThatIsSlowToBeReadyAfterTwoFailuresIsNoLoop() {
    assertUnknown(container(2, false, running(60), ended(95, 80)));
  }

  @Test
  void itLoopsWhenItHasJustEndedAgain() {
    Rollout seen = seen(container(1, false, ended(8, 3), ended(20, 10)));
    assertEquals(LOOP, seen.obstacles());
    assertTrue(seen.detail().endsWith("app-1: restarted 1 times and not ready (app)"));
  }

  @Test
  void itLoopsWhereItCannotEvenBeStarted() {
    String neverStarted = terminated("1970-01-01T00:00:00Z", NOW.minusSeconds(5).toString());
    assertEquals(LOOP, seen(container(4, false, neverStarted, neverStarted)).obstacles());
  }

  @Test
  void aSingleRestartIsNoLoop() {
    assertStands(container(0, false, ended(8, 3), "{}"));
    assertStands(container(1, false, running(2), ended(8, 3)));
    assertStands(container(1, true, running(20), ended(60, 21)));
  }

  @Test
  void whetherOneThatIsReadyAgainLoopsIsUnknownUntilItRanTwiceAsLong() {
    assertUnknown(container(2, true, running(20), ended(60, 30)));
    assertUnknown(container(2, true, running(170), ended(270, 180)));
    assertStands(container(2, true, running(60), ended(100, 70)));
    assertStands(container(2, true, running(180), ended(280, 190)));
    assertStands(container(2, true, running(300), ended(700, 310)));
  }

  @Test
  void aKubeletForgivesAfterTenMinutes() {
    assertStands(container(9, false, running(5), ended(606, 6)));
    assertStands(container(9, false, running(595), ended(620, 600)));
    assertUnknown(container(9, false, running(590), ended(620, 599)));
  }

  @Test
  void anInitContainerThatIsDoneAfterTwoFailuresIsDone() {
    assertStands(container(2, true, ended(5, 3), ended(20, 10)));
  }

  @Test
  void podsOnTheirWayOutAndPodsThatAreOverTellNothing() {
    String looping = container(2, false, running(15), ended(35, 25));
    assertStands(pod("\"deletionTimestamp\": \"2026-11-24T10:00:30Z\"", "Running", looping));
    assertStands(pod("\"labels\": {}", "Failed", looping));
  }

  @Test
  void onePodThatLoopsIsEnough() {
    JsonNode loops = pod("\"labels\": {}", "Running", container(1, false, waiting(), "{}"));
    JsonNode may = pod("\"labels\": {}", "Running", container(2, true, running(20), ended(60, 30)));
    Rollout seen = PodTrouble.of(underWay(), List.of(may, loops), NOW);
    assertEquals(LOOP, seen.obstacles());
    assertEquals(Set.of(), seen.unknown());
  }

  @Test
  void aRolloutThatIsDoneBetweenTwoBackOffsMayLoop() throws IOException {
    try (ScriptedApi api = new ScriptedApi()) {
      api.pods(container(2, true, running(20), ended(60, 30)));
      api.statusMoved(NOW.minusSeconds(18));
      Rollout seen = look(api);
      assertTrue(seen.complete());
      assertEquals(LOOP, seen.unknown());
    }
  }

  @Test
  void thePodsOfARolloutThatHasBeenDoneForLongAreNotAskedFor() throws IOException {
    try (ScriptedApi api = new ScriptedApi()) {
      api.pods(container(2, true, running(20), ended(60, 30)));
      api.statusMoved(NOW.minusSeconds(300));
      assertEquals(Set.of(), look(api).unknown());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404, 500})
  void whatPodsThatCannotBeListedWouldTellIsUnknown(int code) throws IOException {
    try (ScriptedApi api = new ScriptedApi()) {
      api.answerPodsWith(code);
      api.available(0);
      assertEquals(
          underWay().unsureOf(Set.of(Obstacle.CRASH_LOOP, Obstacle.IMAGE_PULL)), look(api));
      api.available(1);
      api.statusMoved(NOW.minusSeconds(18));
      assertEquals(LOOP, look(api).unknown(), "all have their images");
    }
  }

  private Rollout look(ScriptedApi api) throws IOException {
    try (FabricCluster cluster =
        new FabricCluster(
            ClusterConnection.open(
                Optional.of(api.kubeconfig(folder)),
                Optional.of("here"),
                FabricCluster.DEFAULT_TIMEOUT),
            FabricCluster.DEFAULT_TIMEOUT,
            new MemoryBaselines(),
            () -> NOW)) {
      Target app = new Target.OfWorkload(new Workload("deployment", "shop", "app"));
      return ((Observation.OfWorkload) cluster.observe(app)).rollout();
    }
  }

  private static void assertStands(String container) {
    assertStands(pod("\"labels\": {}", "Running", container));
  }

  private static void assertStands(JsonNode pod) {
    assertEquals(underWay(), PodTrouble.of(underWay(), List.of(pod), NOW));
  }

  private static void assertUnknown(String container) {
    assertEquals(underWay().unsureOf(LOOP), seen(container));
  }

  private static Rollout seen(String container) {
    JsonNode pod = pod("\"labels\": {}", "Running", container);
    return PodTrouble.of(underWay(), List.of(pod), NOW);
  }

  private static Rollout underWay() {
    return Rollout.underWay(Set.of(), "0 of 1 pods available");
  }

  private static JsonNode pod(String metadata, String phase, String container) {
    return Api.JSON.readTree(
        """
        {"metadata": {"name": "app-1", %s},
         "status": {"phase": "%s", "containerStatuses": [%s]}}
        """
            .formatted(metadata, phase, container));
  }

  private static String container(int restarts, boolean ready, String state, String last) {
    return """
    {"name": "app", "restartCount": %d, "ready": %s, "state": %s, "lastState": %s}
    """
        .formatted(restarts, ready, state, last);
  }

  private static String waiting() {
    return "{\"waiting\": {\"reason\": \"CrashLoopBackOff\"}}";
  }

  /** For so many seconds. */
  private static String running(int seconds) {
    return "{\"running\": {\"startedAt\": \"" + NOW.minusSeconds(seconds) + "\"}}";
  }

  /** Began and ended so many seconds ago. */
  private static String ended(int began, int ended) {
    return terminated(NOW.minusSeconds(began).toString(), NOW.minusSeconds(ended).toString());
  }

  private static String terminated(String began, String ended) {
    return "{\"terminated\": {\"startedAt\": \"%s\", \"finishedAt\": \"%s\"}}"
        .formatted(began, ended);
  }
}
