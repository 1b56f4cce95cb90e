package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.belay.core.engine.Run.Phase;
import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.Inspection.Finding;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Preflight;
import dev.belay.core.remediation.Settlement;
import dev.belay.core.rule.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The decision table of a run: in this phase, on that event, what becomes of it. */
class RunPhasesTest {
  private static void hold(Scene scene) {
    scene.send(new Event.HoldAsked("ann", "stop"));
  }

  private static void veto(Scene scene) {
    scene.send(new Event.Vetoed(scene.incident().id(), scene.action(), "ann"));
  }

  private static void approve(Scene scene) {
    scene.send(new Event.Approved(scene.incident().id(), scene.action(), Optional.empty(), "ann"));
  }

  private static void recover(Scene scene) {
    scene.resolve("Errors");
  }

  private static void ship(Scene scene) {
    scene.pass("5S").release("r3");
  }

  /**
   * One row.
   *
   * @param ends the phase that follows, or the reason for which the run ends
   */
  record Row(Mode mode, Phase phase, String event, Consumer<Scene> happens, String ends) {
    @Override
    public String toString() {
      return String.format("%-8s %-10s %-28s -> %s", mode.kind(), phase, event, ends);
    }
  }

  private static Row row(
      Mode mode, Phase phase, String event, Consumer<Scene> happens, Object ends) {
    return new Row(mode, phase, event, happens, ends.toString());
  }

  private static Row act(Phase phase, String event, Consumer<Scene> happens, Object ends) {
    return row(Mode.ACT, phase, event, happens, ends);
  }

  static Stream<Row> rows() {
    return Stream.of(before(), doing(), after()).flatMap(List::stream);
  }

  private static List<Row> before() {
    return List.of(
        act(Phase.OBSERVING, "planned", Scene::observed, Phase.PREFLIGHT),
        row(Mode.VETO, Phase.OBSERVING, "planned", Scene::observed, Phase.COUNTDOWN),
        row(Mode.PROPOSE, Phase.OBSERVING, "planned", Scene::observed, Phase.PROPOSED),
        act(
            Phase.OBSERVING,
            "gone",
            s -> s.observed(new Observation.Missing("app")),
            "TARGET_MISSING"),
        act(
            Phase.OBSERVING,
            "another template",
            s -> s.observed(s.observation("digest-3", true)),
            Reason.SUPERSEDED),
        act(Phase.OBSERVING, "silence", s -> s.pass("60S"), Phase.OBSERVING),
        act(Phase.OBSERVING, "long silence", s -> s.pass("361S"), Reason.CLUSTER_UNAVAILABLE),
        act(Phase.OBSERVING, "hold", RunPhasesTest::hold, Reason.HELD),
        act(Phase.OBSERVING, "veto", RunPhasesTest::veto, Reason.VETOED),
        act(Phase.OBSERVING, "recovery", RunPhasesTest::recover, Reason.RECOVERED),
        act(Phase.OBSERVING, "newer release", RunPhasesTest::ship, Reason.SUPERSEDED),
        act(Phase.OBSERVING, "approval", RunPhasesTest::approve, Phase.OBSERVING),
        row(Mode.VETO, Phase.COUNTDOWN, "window passes", s -> s.pass("30S"), Phase.PREFLIGHT),
        row(Mode.VETO, Phase.COUNTDOWN, "almost passes", s -> s.pass("29S"), Phase.COUNTDOWN),
        row(Mode.VETO, Phase.COUNTDOWN, "approval", RunPhasesTest::approve, Phase.PREFLIGHT),
        row(Mode.VETO, Phase.COUNTDOWN, "veto", RunPhasesTest::veto, Reason.VETOED),
        row(Mode.VETO, Phase.COUNTDOWN, "hold", RunPhasesTest::hold, Reason.HELD),
        row(Mode.VETO, Phase.COUNTDOWN, "recovery", RunPhasesTest::recover, Reason.RECOVERED),
        row(Mode.VETO, Phase.COUNTDOWN, "newer release", RunPhasesTest::ship, Reason.SUPERSEDED),
        row(
            Mode.VETO,
            Phase.COUNTDOWN,
            "alert falls silent",
            s -> s.pass(Duration.ofHours(5)),
            Reason.CLUSTER_UNAVAILABLE),
        row(Mode.PROPOSE, Phase.PROPOSED, "approval", RunPhasesTest::approve, Phase.PREFLIGHT),
        row(
            Mode.PROPOSE,
            Phase.PROPOSED,
            "nobody answers",
            s -> s.pass("900S"),
            Reason.PROPOSAL_EXPIRED),
        row(Mode.PROPOSE, Phase.PROPOSED, "veto", RunPhasesTest::veto, Reason.VETOED),
        row(Mode.PROPOSE, Phase.PROPOSED, "hold", RunPhasesTest::hold, Reason.HELD),
        row(Mode.PROPOSE, Phase.PROPOSED, "recovery", RunPhasesTest::recover, Reason.RECOVERED),
        row(Mode.PROPOSE, Phase.PROPOSED, "newer release", RunPhasesTest::ship, Reason.SUPERSEDED),
        act(Phase.PREFLIGHT, "ready", Scene::ready, Phase.ACTING),
        act(
            Phase.PREFLIGHT,
            "ready, another plan",
            s -> s.preflighted(new Preflight.Ready(RunTest.otherPlan(s))),
            Reason.SUPERSEDED),
        act(
            Phase.PREFLIGHT,
            "already done",
            s -> s.preflighted(new Preflight.AlreadyDone("so")),
            Phase.SETTLING),
        act(
            Phase.PREFLIGHT,
            "refused: superseded",
            s -> s.preflighted(new Preflight.Refused(Reason.SUPERSEDED, "so")),
            Reason.SUPERSEDED),
        act(
            Phase.PREFLIGHT,
            "refused: forbidden",
            s -> s.preflighted(new Preflight.Refused(Reason.FORBIDDEN, "so")),
            Reason.FORBIDDEN),
        act(Phase.PREFLIGHT, "silence", s -> s.pass("60S"), Phase.PREFLIGHT),
        act(Phase.PREFLIGHT, "long silence", s -> s.pass("361S"), Reason.CLUSTER_UNAVAILABLE),
        act(Phase.PREFLIGHT, "veto", RunPhasesTest::veto, Reason.VETOED),
        act(Phase.PREFLIGHT, "hold", RunPhasesTest::hold, Reason.HELD),
        act(Phase.PREFLIGHT, "recovery", RunPhasesTest::recover, Reason.RECOVERED),
        act(Phase.PREFLIGHT, "newer release", RunPhasesTest::ship, Reason.SUPERSEDED));
  }

  private static List<Row> doing() {
    return List.of(
        act(Phase.ACTING, "applied", s -> s.finished(new Outcome.Applied("so")), Phase.SETTLING),
        act(
            Phase.ACTING,
            "already done",
            s -> s.finished(new Outcome.AlreadyDone("so")),
            Phase.SETTLING),
        act(
            Phase.ACTING,
            "doubtful",
            s -> s.finished(new Outcome.Doubtful("so")),
            Phase.INSPECTING),
        act(
            Phase.ACTING,
            "refused: superseded",
            s -> s.finished(new Outcome.Refused(Reason.SUPERSEDED, "so")),
            Phase.PREFLIGHT),
        act(
            Phase.ACTING,
            "refused: forbidden",
            s -> s.finished(new Outcome.Refused(Reason.FORBIDDEN, "so")),
            Reason.FORBIDDEN),
        act(Phase.ACTING, "no reply", s -> s.pass("60S"), Phase.INSPECTING),
        act(Phase.ACTING, "veto", RunPhasesTest::veto, Phase.ACTING),
        act(Phase.ACTING, "hold", RunPhasesTest::hold, Phase.ACTING),
        act(Phase.ACTING, "recovery", RunPhasesTest::recover, Phase.ACTING),
        act(Phase.ACTING, "newer release", RunPhasesTest::ship, Phase.ACTING),
        act(Phase.INSPECTING, "effective", s -> s.inspected(Finding.EFFECTIVE), Phase.SETTLING),
        act(
            Phase.INSPECTING,
            "already done",
            s -> s.inspected(Finding.ALREADY_DONE),
            Phase.SETTLING),
        act(Phase.INSPECTING, "untouched", s -> s.inspected(Finding.UNTOUCHED), Phase.PREFLIGHT),
        act(
            Phase.INSPECTING,
            "untouched, too late",
            s -> s.pass("300S").inspected(Finding.UNTOUCHED),
            Reason.INTENT_STALE),
        act(
            Phase.INSPECTING,
            "superseded",
            s -> s.inspected(Finding.SUPERSEDED),
            Reason.SUPERSEDED),
        act(
            Phase.INSPECTING,
            "late reply: applied",
            s -> s.finished(new Outcome.Applied("so")),
            Phase.SETTLING),
        act(
            Phase.INSPECTING,
            "silence without end",
            s -> s.pass(Duration.ofHours(2)),
            Phase.INSPECTING),
        act(Phase.INSPECTING, "hold", RunPhasesTest::hold, Phase.INSPECTING),
        act(Phase.INSPECTING, "veto", RunPhasesTest::veto, Phase.INSPECTING),
        act(Phase.INSPECTING, "recovery", RunPhasesTest::recover, Phase.INSPECTING));
  }

  private static List<Row> after() {
    return List.of(
        act(
            Phase.SETTLING,
            "settled",
            s -> s.settlement(new Settlement.Settled("so")),
            Phase.VERIFYING),
        act(
            Phase.SETTLING,
            "progressing",
            s -> s.settlement(new Settlement.Progressing("so")),
            Phase.SETTLING),
        act(
            Phase.SETTLING,
            "failed",
            s -> s.settlement(new Settlement.Failed(Reason.ROLLOUT_STUCK, "so")),
            Reason.ROLLOUT_STUCK),
        act(Phase.SETTLING, "no end in sight", s -> s.pass("611S"), Reason.ROLLOUT_STUCK),
        act(Phase.SETTLING, "hold", RunPhasesTest::hold, Phase.SETTLING),
        act(Phase.SETTLING, "recovery", RunPhasesTest::recover, Phase.SETTLING),
        act(Phase.VERIFYING, "recovery", RunPhasesTest::recover, Reason.VERIFIED),
        act(Phase.VERIFYING, "no recovery", s -> s.pass("180S"), Reason.LADDER_EXHAUSTED),
        act(Phase.VERIFYING, "almost", s -> s.pass("179S"), Phase.VERIFYING),
        act(Phase.VERIFYING, "hold", RunPhasesTest::hold, Phase.VERIFYING),
        act(Phase.VERIFYING, "veto", RunPhasesTest::veto, Phase.VERIFYING),
        act(Phase.VERIFYING, "nothing", _ -> {}, Phase.VERIFYING));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void goesAsTheTableSays(Row row) {
    Scene scene = Scene.troubled(new Rules().mode(row.mode()).core());
    reach(scene, row.phase());
    row.happens().accept(scene);
    String ends =
        scene.shop().run().map(run -> run.phase().name()).orElseGet(() -> scene.endOfRun().name());
    assertEquals(row.ends(), ends);
  }

  private static void reach(Scene scene, Phase phase) {
    if (phase == Phase.INSPECTING) {
      scene.until(Phase.ACTING).finished(new Outcome.Doubtful("lost"));
    } else {
      scene.until(phase);
    }
  }
}
