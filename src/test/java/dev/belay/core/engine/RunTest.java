package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.alert.Alert;
import dev.belay.core.alert.Door;
import dev.belay.core.engine.Run.Phase;
import dev.belay.core.incident.Notice;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Owner;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Inspection.Finding;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Preflight;
import dev.belay.core.remediation.Settlement;
import dev.belay.core.rule.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RunTest {
  private static final Outcome APPLIED = new Outcome.Applied("done");
  private static final Outcome OVERTAKEN = new Outcome.Refused(Reason.SUPERSEDED, "generation");

  /** The scene's plan, but to another template. */
  static Plan otherPlan(Scene scene) {
    Plan.RollBack plan = (Plan.RollBack) scene.plan();
    return new Plan.RollBack(
        plan.workload(),
        plan.uid(),
        plan.generation(),
        plan.fromDigest(),
        plan.toRevision(),
        "digest-9",
        plan.toNumber(),
        plan.fromImages(),
        plan.toImages(),
        Optional.empty());
  }

  static Observation.OfConfigMap flags(String analytics) {
    return new Observation.OfConfigMap(
        Rules.FLAGS, "cm", false, new TreeMap<>(Map.of("ANALYTICS", analytics)));
  }

  /** Programs are told one image: it had been the sidecar's. */
  @Test
  void ofWhatRunsAgainThatIsNamedFirstWhichIsNotAsItWas() {
    Scene scene = Scene.troubled(new Rules().core());
    scene.observed(
        new Seen(scene.observation(Scene.NEW, true))
            .revisions(
                revision ->
                    Seen.with(
                        List.of("proxy:1", revision.images().getFirst()),
                        revision.changeCause(),
                        revision))
            .workload());
    scene.ready().finished(APPLIED);
    assertEquals(
        List.of(scene.image.apply(Scene.OLD), "proxy:1"),
        scene.facts(Fact.NoticeMade.class).stream()
            .flatMap(made -> made.notice().images().stream())
            .findFirst()
            .orElseThrow());
  }

  private static Rules overload() {
    return new Rules()
        .whateverTheCause()
        .ladder(
            Rules.flags(Duration.ofMinutes(30)),
            Rules.rateLimit(Duration.ofMinutes(30)),
            Rules.page());
  }

  @Test
  void rollsBackAndSeesItThrough() {
    Scene scene = Scene.troubled(new Rules().core()).until(Phase.VERIFYING).resolve("Errors");
    assertEquals(Reason.VERIFIED, scene.endOfRun());
    assertTrue(scene.shop().incident().isEmpty());
    Plan.RollBack plan = (Plan.RollBack) scene.facts(Fact.ActionIntended.class).getFirst().plan();
    assertEquals(Scene.NEW, plan.fromDigest());
    assertEquals(Scene.OLD, plan.toDigest());
  }

  @Test
  void theIntentIsAFactOfTheDecisionThatReleasesTheChange() {
    Scene scene = Scene.troubled(new Rules().core()).until(Phase.PREFLIGHT);
    scene.takeCommands();
    scene.ready();
    assertEquals(1, scene.lastFacts(Fact.ActionIntended.class).size());
    List<Command> commands = scene.takeCommands();
    assertEquals(1, commands.size());
    assertInstanceOf(Command.Apply.class, commands.getFirst());
  }

  @Test
  void climbsTheLadderUntilAStepHelps() {
    Scene scene = Scene.settled(overload().core()).fire("Errors");
    scene.observed(flags("true"));
    scene.ready().finished(APPLIED).settlement(new Settlement.Settled("so")).pass("121S");
    assertEquals(1, scene.run().step());
    scene.observed(new Observation.OfManifests(List.of(Rules.LIMIT), List.of()));
    scene.ready().finished(APPLIED).settlement(new Settlement.Settled("so"));
    scene.resolve("Errors");
    assertEquals(Reason.VERIFIED, scene.endOfRun());
    assertEquals(2, scene.shop().leases().size());
  }

  @Test
  void anUnknownVerdictCallsAPersonThoughNothingIsUnderWay() {
    Scene scene = Scene.settled(new Rules().onTrigger().core()).pass("300S");
    for (int i = 0; i < 5; i++) {
      scene.read(Rules.ERRORS.name(), 0.2).pass("10S");
    }
    for (int i = 0; i < 30; i++) {
      scene.read(Rules.ERRORS.name(), Optional.empty()).pass("10S");
    }
    assertTrue(scene.shop().run().isEmpty());
    assertEquals(Reason.SIGNAL_LOST, scene.reason());
    List<Notice> pages =
        scene.notices().stream().filter(notice -> notice.kind() == Notice.Kind.PAGE).toList();
    assertEquals(1, pages.size(), scene.notices()::toString);
  }

  @Test
  void eachStepHasItsOwnActionId() {
    Scene scene = Scene.settled(overload().core()).fire("Errors");
    ActionId first = scene.action();
    scene.observed(flags("false"));
    assertEquals(1, scene.run().step());
    assertFalse(first.equals(scene.action()));
  }

  @Test
  void pagesWhenTheLadderIsExhausted() {
    Scene scene = Scene.troubled(new Rules().core()).until(Phase.VERIFYING).pass("180S");
    assertEquals(Reason.LADDER_EXHAUSTED, scene.endOfRun());
    assertEquals(Notice.Kind.PAGE, scene.notices().getLast().kind());
    assertTrue(scene.incident().paged());
  }

  @Test
  void aLadderThatIsAllPageTouchesNothing() {
    Scene scene = Scene.settled(new Rules().whateverTheCause().ladder(Rules.page()).core());
    scene.takeCommands();
    scene.fire("Errors");
    assertEquals(Reason.LADDER_EXHAUSTED, scene.endOfRun());
    assertTrue(scene.takeCommands().isEmpty());
  }

  @Test
  void triesARemediationOnceAnIncident() {
    Scene scene = Scene.troubled(new Rules().limits("1S", 9).core()).until(Phase.VERIFYING);
    scene.pass("180S").pass(Duration.ofHours(2));
    assertEquals(1, scene.intents());
  }

  @Test
  void anOvertakenGuardIsCheckedAfreshUnderTheSameId() {
    Scene scene = Scene.troubled(new Rules().core()).until(Phase.ACTING);
    ActionId action = scene.action();
    scene.finished(OVERTAKEN);
    assertEquals(Phase.PREFLIGHT, scene.run().phase());
    scene.ready();
    assertEquals(action, scene.action());
    assertEquals(Phase.ACTING, scene.run().phase());
  }

  @Test
  void aGuardThatIsAlwaysOvertakenIsGivenUp() {
    Scene scene = Scene.troubled(new Rules().limits("1M", 20).core()).until(Phase.ACTING);
    for (int i = 0; i < 3; i++) {
      scene.finished(OVERTAKEN).ready();
    }
    scene.finished(OVERTAKEN);
    assertEquals(Reason.SUPERSEDED, scene.endOfRun());
  }

  @Test
  void aStateThatAnEarlierAttemptMayHaveMadeIsInspected() {
    Scene scene = Scene.settled(overload().core()).fire("Errors").observed(flags("true"));
    scene.ready().finished(new Outcome.Doubtful("lost")).inspected(Finding.UNTOUCHED);
    scene.preflighted(new Preflight.AlreadyDone("the first request came through late"));
    assertEquals(Phase.INSPECTING, scene.run().phase());
    scene.inspected(Finding.EFFECTIVE);
    assertEquals(1, scene.shop().leases().size(), "it is ours, so it will be undone");
  }

  @Test
  void anActionOfWhichNobodyKnowsWhetherItTookEffectPagesOnceAndIsAskedAboutOn() {
    Scene scene = Scene.troubled(new Rules().core()).until(Phase.ACTING);
    scene.finished(new Outcome.Doubtful("lost")).pass("240S");
    assertEquals(0, stuck(scene), "it may be known yet");
    scene.pass("120S");
    assertEquals(1, stuck(scene));
    assertEquals(Notice.Kind.PAGE, scene.notices().getLast().kind());
    scene.takeCommands();
    scene.pass(Duration.ofHours(3)).restart(Duration.ofSeconds(5)).pass("600S");
    assertEquals(1, stuck(scene));
    assertEquals(Phase.INSPECTING, scene.run().phase());
    assertFalse(scene.takeCommands().isEmpty());
    scene.inspected(Finding.EFFECTIVE);
    assertEquals(Phase.SETTLING, scene.run().phase());
  }

  private static long stuck(Scene scene) {
    return scene.notices().stream()
        .filter(notice -> notice.text().contains(Reason.INSPECTION_STUCK.sentence()))
        .count();
  }

  @Test
  void anAnswerToAnotherQuestionChangesNothing() {
    Scene scene = Scene.troubled(new Rules().core()).until(Phase.ACTING);
    Run run = scene.run();
    scene.observed().inspected(Finding.EFFECTIVE).settlement(new Settlement.Settled("so"));
    scene.send(new Event.ActionFinished(Scene.SHOP, new ActionId("0123456789abcdef"), APPLIED));
    scene.send(new Event.ClusterSilent(Scene.SHOP, scene.action(), "busy"));
    assertEquals(run, scene.run());
  }

  @Test
  void withoutABaselineNothingIsRolledBack() {
    Scene scene = new Scene(new Rules().core()).workload(Scene.OLD, true).pass("300S");
    scene.release("r2").workload(Scene.NEW, true).pass("60S").fire("Errors").observed();
    assertEquals(Reason.NO_BASELINE, scene.endOfRun());
    assertEquals(0, scene.intents());
  }

  @Test
  void thePreviousRevisionNeedsNoProofButMustNotBeKnownBad() {
    Core core = new Rules().limits("1M", 9).ladder(Rules.rollbackToPrevious()).core();
    Scene scene = new Scene(core).workload(Scene.OLD, true).pass("300S").release("r2");
    scene.workload(Scene.NEW, true).pass("60S").fire("Errors").until(Phase.VERIFYING);
    scene.resolve("Errors").workload(Scene.OLD, true).pass("300S").release("r3");
    scene.workload("digest-3", true).pass("60S").fire("Errors").observed();
    assertEquals(Scene.OLD, ((Plan.RollBack) scene.plan()).toDigest());
  }

  @Test
  void aBadRevisionIsNoBaselineEvenWhereItIsThePreviousOne() {
    Core core = new Rules().limits("1M", 9).ladder(Rules.rollbackToPrevious()).core();
    Scene scene = new Scene(core).workload(Scene.OLD, true).pass("300S").release("r2");
    scene.workload(Scene.NEW, true).pass("60S").fire("Errors").until(Phase.VERIFYING);
    assertEquals(RevisionRecord.Judgement.BAD, scene.shop().revisions().getLast().judgement());
  }

  @Test
  void aPausedOrForeignWorkloadIsLeftAlone() {
    Scene paused = Scene.troubled(new Rules().core());
    paused.observed(new Seen(paused.observation(Scene.NEW, true)).paused().workload());
    assertEquals(Reason.TARGET_PAUSED, paused.endOfRun());
    Scene owned = Scene.troubled(new Rules().core());
    owned.observed(
        new Seen(owned.observation(Scene.NEW, true))
            .owner(Optional.of(new Owner("Argo CD", true)))
            .workload());
    assertEquals(Reason.OWNED_BY_ANOTHER, owned.endOfRun());
  }

  @Test
  void observeSaysWhatItWouldBlameAndTouchesNothing() {
    Scene scene = Scene.troubled(new Rules().mode(Mode.OBSERVE).core());
    assertEquals(Reason.MODE_OBSERVE, scene.reason());
    assertTrue(scene.shop().run().isEmpty());
    assertTrue(scene.takeCommands().isEmpty());
  }

  @Test
  void theEnvironmentAndTheDaemonNarrowTheMode() {
    assertEquals(Mode.VETO, narrowed(Mode.ACT, "production", Optional.empty(), Mode.ACT));
    assertEquals(Mode.ACT, narrowed(Mode.ACT, "staging", Optional.empty(), Mode.ACT));
    assertEquals(Mode.PROPOSE, narrowed(Mode.ACT, "staging", Optional.of(Mode.PROPOSE), Mode.ACT));
    assertEquals(Mode.PROPOSE, narrowed(Mode.ACT, "staging", Optional.empty(), Mode.PROPOSE));
    assertEquals(Mode.PROPOSE, narrowed(Mode.PROPOSE, "staging", Optional.of(Mode.ACT), Mode.ACT));
  }

  private static Mode narrowed(Mode rule, String environment, Optional<Mode> cap, Mode daemon) {
    return Scene.troubled(
            new Rules()
                .mode(rule)
                .environment(environment, cap)
                .settings(Rules.settings(daemon))
                .core())
        .run()
        .mode();
  }

  @Test
  void theBudgetEndsTheLadderAndSaysSo() {
    Scene scene = Scene.settled(overload().limits("1M", 1).core()).fire("Errors");
    scene.observed(flags("true")).ready().finished(APPLIED);
    scene.settlement(new Settlement.Settled("so")).pass("121S");
    assertEquals(Reason.BUDGET_SPENT, scene.endOfRun());
    assertFalse(scene.facts(Fact.Decided.class).getLast().act());
  }

  @Test
  void cooldownKeepsTheNextIncidentWaiting() {
    Core core = overload().limits("15M", 9).core();
    Scene scene = Scene.settled(core).fire("Errors").observed(flags("true")).ready();
    scene.finished(APPLIED).settlement(new Settlement.Settled("so")).resolve("Errors");
    scene.pass("60S").fire("Errors");
    assertEquals(Reason.COOLDOWN, scene.reason());
    assertTrue(scene.shop().run().isEmpty());
    scene.pass("839S");
    assertTrue(scene.shop().run().isEmpty());
    scene.pass("1S");
    assertEquals(Phase.OBSERVING, scene.run().phase());
  }

  @Test
  void aSecondRemediationTakesOverWhereTheFirstDoesNotApply() {
    Core core =
        new Rules()
            .when(Rules.alert("Errors"), Rules.alert("Latency"))
            .and(Rules.overload(Rules.flags(Duration.ofMinutes(30)), Rules.page()))
            .core();
    Scene scene = Scene.settled(core).pass(Duration.ofHours(2)).fire("Latency");
    assertEquals("overload", scene.run().remediation());
  }

  @Test
  void anAlertThatNoRemediationAsksForIsSaidSoOnce() {
    Scene scene = Scene.settled(new Rules().core()).fire("Else").pass("600S");
    assertEquals(Reason.NO_REMEDIATION, scene.reason());
    assertEquals(1, scene.facts(Fact.Decided.class).size());
  }

  @Test
  void aStaleAlertDoesNotVerifyAStep() {
    Scene scene = Scene.settled(overload().core());
    scene.send(Scene.alerts(Door.API_V2, 0, shortLived(scene)));
    scene.observed(flags("true")).ready().finished(APPLIED);
    scene.settlement(new Settlement.Settled("so")).pass("60S");
    assertTrue(scene.shop().firing().isEmpty());
    assertEquals(Phase.VERIFYING, scene.run().phase(), "silence is not health");
    scene.pass("60S");
    assertEquals(Reason.SIGNAL_LOST, scene.endOfRun());
  }

  private static Alert shortLived(Scene scene) {
    return new Alert(
        Scene.labels(Scene.SHOP, "Errors"),
        new TreeMap<>(),
        true,
        scene.now,
        Optional.empty(),
        scene.now.plusSeconds(50),
        "");
  }
}
