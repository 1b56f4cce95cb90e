package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.alert.Labels;
import dev.belay.core.engine.Run.Phase;
import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Inspection.Finding;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Preflight;
import dev.belay.core.remediation.Remediation;
import dev.belay.core.remediation.Settlement;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.RuleSet;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RestartTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private static Scene at(Mode mode, Phase phase) {
    return Scene.troubled(new Rules().mode(mode).core()).until(phase);
  }

  private static void assertAsks(Class<? extends Command> command, Scene scene) {
    List<Command> commands = scene.takeCommands();
    assertEquals(1, commands.size(), commands::toString);
    assertInstanceOf(command, commands.getFirst());
  }

  @Test
  void observesAgain() {
    Scene scene = at(Mode.ACT, Phase.OBSERVING).restart(SOON);
    assertAsks(Command.Observe.class, scene);
  }

  @Test
  void resumesTheVetoWindowWhereItStood() {
    Scene scene = at(Mode.VETO, Phase.COUNTDOWN);
    Instant deadline = scene.run().deadline();
    scene.restart(SOON);
    assertEquals(Phase.COUNTDOWN, scene.run().phase());
    assertEquals(deadline, scene.run().deadline());
    assertTrue(scene.takeCommands().isEmpty());
    scene.pass("19S");
    assertEquals(Phase.COUNTDOWN, scene.run().phase());
    scene.pass("1S");
    assertEquals(Phase.PREFLIGHT, scene.run().phase());
  }

  @Test
  void keepsAProposal() {
    Scene scene = at(Mode.PROPOSE, Phase.PROPOSED).restart(SOON);
    assertEquals(Phase.PROPOSED, scene.run().phase());
    assertTrue(scene.takeCommands().isEmpty());
  }

  @Test
  void preflightsAgain() {
    assertAsks(Command.Preflight.class, at(Mode.ACT, Phase.PREFLIGHT).restart(SOON));
  }

  @Test
  void looksBeforeItAsksForLeaveAgain() {
    Scene scene = at(Mode.ACT, Phase.PREFLIGHT);
    Run run = scene.run();
    scene.state().apply(permit(scene, run));
    State state = State.of(scene.state().snapshot());
    Decision decision =
        new Rules().core().handle(state, new Event.Started(), scene.now.plusSeconds(60));
    assertTrue(decision.commands().stream().noneMatch(Command.Apply.class::isInstance));
    assertEquals(Phase.PREFLIGHT, state.service(Scene.SHOP).orElseThrow().run().get().phase());
  }

  @Test
  void aPermitThatIsOverdueComesToRest() {
    Scene scene = at(Mode.ACT, Phase.PREFLIGHT);
    scene.state().apply(permit(scene, scene.run()));
    State state = State.of(scene.state().snapshot());
    new Rules().core().handle(state, new Event.TimePassed(), scene.now.plusSeconds(60));
    assertEquals(Phase.PREFLIGHT, state.service(Scene.SHOP).orElseThrow().run().get().phase());
  }

  private static Fact permit(Scene scene, Run run) {
    return new Fact.RunMoved(
        Scene.SHOP, run.in(Phase.PERMIT, scene.now.plusSeconds(15), run.end()), scene.now);
  }

  @Test
  void inspectsBeforeAnythingElseWhatMayHaveBeenDone() {
    Scene scene = at(Mode.ACT, Phase.ACTING).restart(SOON);
    assertEquals(Phase.INSPECTING, scene.run().phase());
    assertAsks(Command.Inspect.class, scene);
    scene.inspected(Finding.EFFECTIVE);
    assertEquals(Phase.SETTLING, scene.run().phase());
    assertEquals(1, scene.intents(), "it is not done again");
  }

  @Test
  void triesAgainUnderTheSameIdWhatNeverHappened() {
    Scene scene = at(Mode.ACT, Phase.ACTING);
    Object action = scene.action();
    scene.restart(SOON).inspected(Finding.UNTOUCHED);
    assertEquals(Phase.PREFLIGHT, scene.run().phase());
    scene.ready();
    assertEquals(action, scene.action());
    assertEquals(Phase.ACTING, scene.run().phase());
  }

  @Test
  void anIntentThatIsTooOldIsDropped() {
    Scene scene = at(Mode.ACT, Phase.ACTING).restart(Duration.ofMinutes(6));
    scene.inspected(Finding.UNTOUCHED);
    assertEquals(Reason.INTENT_STALE, scene.endOfRun());
    assertEquals(1, scene.intents());
  }

  @Test
  void whatAPersonDidMeanwhileIsSeen() {
    Scene scene = at(Mode.ACT, Phase.ACTING).restart(SOON).inspected(Finding.ALREADY_DONE);
    assertEquals(Phase.SETTLING, scene.run().phase());
    Scene other = at(Mode.ACT, Phase.ACTING).restart(SOON).inspected(Finding.SUPERSEDED);
    assertEquals(Reason.SUPERSEDED, other.endOfRun());
  }

  @Test
  void inspectsOnAfterASecondRestart() {
    Scene scene = at(Mode.ACT, Phase.ACTING).restart(SOON).restart(SOON);
    assertEquals(Phase.INSPECTING, scene.run().phase());
    assertTrue(scene.takeCommands().stream().allMatch(Command.Inspect.class::isInstance));
  }

  @Test
  void looksOnHowFarTheClusterIs() {
    Scene scene = at(Mode.ACT, Phase.SETTLING).restart(Duration.ZERO);
    assertAsks(Command.Settle.class, scene);
  }

  @Test
  void resumesTheVerificationWhereItStood() {
    Scene scene = at(Mode.ACT, Phase.VERIFYING);
    Instant deadline = scene.run().deadline();
    scene.restart(Duration.ofSeconds(100));
    assertEquals(deadline, scene.run().deadline());
    scene.pass("80S");
    assertEquals(Reason.LADDER_EXHAUSTED, scene.endOfRun());
  }

  @Test
  void aHoldOutlivesIt() {
    Scene scene = Scene.settled(new Rules().core());
    scene.send(new Event.HoldAsked("ann", "stop")).restart(SOON);
    scene.pass("300S").release("r2").workload(Scene.NEW, true).pass("60S").fire("Errors");
    assertEquals(Reason.HELD, scene.reason());
    assertTrue(scene.shop().run().isEmpty());
  }

  @Test
  void theBudgetAndTheCooldownOutliveIt() {
    Scene scene = Scene.troubled(new Rules().limits("15M", 1).core()).until(Phase.VERIFYING);
    scene.resolve("Errors").restart(SOON).fire("Errors");
    assertTrue(scene.shop().run().isEmpty());
    assertEquals(1, scene.shop().actionsInTheHourBefore(scene.now));
  }

  @Test
  void anAlertThatRanOutMeanwhileCallsForNothing() {
    Scene scene = at(Mode.VETO, Phase.COUNTDOWN).restart(Duration.ofHours(6));
    assertEquals(Reason.SIGNAL_LOST, scene.endOfRun());
    assertTrue(scene.takeCommands().isEmpty());
  }

  @Test
  void whereTheDaemonMayNoLongerActOnItsOwnItDoesNot() {
    Scene scene = at(Mode.VETO, Phase.COUNTDOWN);
    scene.restart(SOON, new Rules().mode(Mode.VETO).settings(Rules.settings(Mode.OBSERVE)).core());
    assertEquals(Reason.SUPERSEDED, scene.endOfRun());
    assertEquals(
        List.of(new Evidence("mode", "observe instead of veto")),
        scene.facts(Fact.Decided.class).getLast().evidence());
    assertEquals(0, scene.intents());
  }

  private static Core observing() {
    return new Rules().settings(Rules.settings(Mode.OBSERVE)).core();
  }

  @Test
  void inModeObserveWhatMayHaveBeenDoneIsLookedAtAndNotTriedAgain() {
    Scene scene = at(Mode.ACT, Phase.ACTING).restart(SOON, observing());
    assertAsks(Command.Inspect.class, scene);
    scene.inspected(Finding.UNTOUCHED);
    assertEquals(Reason.SUPERSEDED, scene.endOfRun());
    assertEquals(1, scene.intents());
    assertTrue(scene.takeCommands().stream().noneMatch(Command.Apply.class::isInstance));
  }

  @Test
  void inModeObserveWhatWasDoneIsSeenToItsEndAndNoNextStepIsTaken() {
    Core before =
        new Rules()
            .whateverTheCause()
            .ladder(Rules.flags(Duration.ofMinutes(30)), Rules.rateLimit(Duration.ofMinutes(30)))
            .core();
    Core after =
        new Rules()
            .whateverTheCause()
            .ladder(Rules.flags(Duration.ofMinutes(30)), Rules.rateLimit(Duration.ofMinutes(30)))
            .settings(Rules.settings(Mode.OBSERVE))
            .core();
    Scene scene = Scene.settled(before).fire("Errors").observed(RunTest.flags("true"));
    scene.ready().finished(new Outcome.Applied("done")).restart(SOON, after);
    assertEquals(Phase.SETTLING, scene.run().phase());
    scene.settlement(new Settlement.Settled("done"));
    assertEquals(Phase.VERIFYING, scene.run().phase());
    scene.pass(Duration.ofMinutes(5));
    assertEquals(Reason.SUPERSEDED, scene.endOfRun());
    assertEquals(1, scene.intents());
  }

  @Test
  void inModeObserveALeaseHoldsUntilItsEndAndIsThenUndone() {
    Scene scene = LeaseTest.mitigated(Duration.ofMinutes(30)).resolve("Errors");
    Instant end = lease(scene).deadline();
    scene.restart(SOON, observing()).takeCommands();
    scene.pass(Duration.between(scene.now, end.minusSeconds(1)));
    assertEquals(Lease.Phase.HOLDING, lease(scene).phase());
    assertTrue(scene.takeCommands().isEmpty());
    scene.pass("1S");
    assertAsks(Command.Apply.class, scene);
    assertEquals(Lease.Phase.UNDOING, lease(scene).phase());
  }

  @Test
  void aVetoWindowThatRanOutMeanwhileIsOverAtTheStartAndTheClusterIsAskedFirst() {
    Scene scene = at(Mode.VETO, Phase.COUNTDOWN).restart(Duration.ofMinutes(10));
    assertEquals(Phase.PREFLIGHT, scene.run().phase());
    assertEquals(Reason.VETO_WINDOW_ELAPSED, scene.reason());
    assertAsks(Command.Preflight.class, scene);
    assertEquals(0, scene.intents());
    scene.preflighted(new Preflight.Refused(Reason.SUPERSEDED, "a person rolled it back"));
    assertEquals(Reason.SUPERSEDED, scene.endOfRun());
    assertEquals(0, scene.intents());
  }

  @Test
  void afterAVetoWindowThatRanOutMeanwhileItIsNotTooLateToObject() {
    Scene scene = at(Mode.VETO, Phase.COUNTDOWN).restart(Duration.ofMinutes(10));
    scene.send(new Event.Vetoed("shop-1", scene.action(), "ann"));
    assertEquals(Reason.VETOED, scene.endOfRun());
    assertEquals(0, scene.intents());
  }

  @Test
  void afterAVetoWindowThatRanOutMeanwhileATriggerMustBeSeenToBeCrossedFirst() {
    Core core = new Rules().onTrigger().mode(Mode.VETO).core();
    Scene scene = Scene.settled(core).pass("300S").release("r2").workload(Scene.NEW, true);
    for (int i = 0; i < 5; i++) {
      scene.pass("30S").read(Rules.ERRORS.name(), 0.2);
    }
    scene.until(Phase.COUNTDOWN).restart(Duration.ofSeconds(60));
    scene.ready();
    assertEquals(Phase.PREFLIGHT, scene.run().phase());
    assertEquals(0, scene.intents(), "nothing is done on what is not known");
    scene.read(Rules.ERRORS.name(), 0.2).ready();
    assertEquals(Phase.ACTING, scene.run().phase());
  }

  @Test
  void afterAStopThatOutlastsTheBlameWindowNothingIsDone() {
    Scene scene = at(Mode.VETO, Phase.COUNTDOWN).restart(Duration.ofMinutes(61));
    assertEquals(Reason.NO_RELEASE, scene.endOfRun());
    assertEquals(0, scene.intents());
  }

  @Test
  void aRuleThatIsGoneEndsWhatHasNotBegun() {
    Scene scene = at(Mode.VETO, Phase.COUNTDOWN).restart(SOON, without());
    assertEquals(Reason.SUPERSEDED, scene.endOfRun());
  }

  @Test
  void aRuleThatIsGoneDoesNotHinderWhatHasBegun() {
    Scene scene = at(Mode.ACT, Phase.ACTING).restart(SOON, without());
    scene.inspected(Finding.EFFECTIVE);
    assertEquals(Phase.SETTLING, scene.run().phase());
  }

  private static Core without() {
    return new Core(RuleSet.EMPTY, Rules.settings(Mode.ACT));
  }

  @Test
  void aLadderThatGotShorterIsNoCrash() {
    Core before =
        new Rules()
            .whateverTheCause()
            .ladder(Rules.flags(Duration.ofMinutes(5)), Rules.rateLimit(Duration.ofMinutes(5)))
            .core();
    Core after = new Rules().whateverTheCause().ladder(Rules.page()).core();
    for (Phase phase : List.of(Phase.OBSERVING, Phase.ACTING)) {
      Scene scene = Scene.settled(before).fire("Errors").observed(RunTest.flags("false"));
      assertEquals(1, scene.run().step());
      if (phase == Phase.ACTING) {
        scene.observed(new Observation.OfManifests(List.of(Rules.LIMIT), List.of()));
        scene.ready();
      }
      scene.restart(SOON, after).pass("5S");
      if (phase == Phase.ACTING) {
        scene.inspected(Finding.EFFECTIVE);
        assertEquals(Phase.SETTLING, scene.run().phase());
      } else {
        assertEquals(Reason.SUPERSEDED, scene.endOfRun());
      }
    }
  }

  @Test
  void anAnswerToAStepThatIsNowAnotherEndsTheRun() {
    Scene scene = Scene.troubled(new Rules().core());
    scene.restart(
        SOON, new Rules().ladder(Rules.flags(Duration.ofMinutes(5)), Rules.page()).core());
    scene.observed();
    assertEquals(Reason.SUPERSEDED, scene.endOfRun());
  }

  @Test
  void aLeaseThatWasBeingUndoneIsInspectedAtOnceAndLosesNothingByIt() {
    Scene scene = undoing();
    for (int i = 0; i < 50; i++) {
      scene.restart(SOON);
      assertEquals(Lease.Phase.RESUMING, lease(scene).phase());
      assertAsks(Command.Inspect.class, scene);
      scene.inspected(lease(scene), Finding.UNTOUCHED);
      assertEquals(Lease.Phase.UNDOING, lease(scene).phase(), "it is tried again at once");
      assertAsks(Command.Apply.class, scene);
    }
    assertEquals(0, lease(scene).attempts());
  }

  @Test
  void aLeaseWhoseUndoingFailedIsInspectedAtOnceAndPausesAsBefore() {
    Scene scene = undoing();
    scene.send(
        new Event.ActionFinished(
            Scene.SHOP, lease(scene).undoAction(), new Outcome.Doubtful("lost")));
    for (int i = 0; i < 50; i++) {
      scene.restart(SOON);
      assertEquals(Lease.Phase.INSPECTING, lease(scene).phase());
      assertAsks(Command.Inspect.class, scene);
    }
    assertEquals(1, lease(scene).attempts(), "one failure, however often it was looked at");
    scene.inspected(lease(scene), Finding.UNTOUCHED);
    assertEquals(Lease.Phase.HOLDING, lease(scene).phase());
    assertEquals(scene.now.plusSeconds(60), lease(scene).deadline());
  }

  @Test
  void aHoldStopsAnUndoingThatIsTakenUpAgain() {
    Scene scene = undoing().send(new Event.HoldAsked("ann", "stop"));
    scene.restart(SOON).takeCommands();
    scene.inspected(lease(scene), Finding.UNTOUCHED);
    assertEquals(Lease.Phase.HOLDING, lease(scene).phase());
    assertTrue(scene.takeCommands().isEmpty());
  }

  @Test
  void aRestartWhoseInspectionIsNotAnsweredCountsAsAFailureOnlyThen() {
    Scene scene = undoing().restart(SOON).pass("29S");
    assertEquals(0, lease(scene).attempts());
    scene.pass("1S");
    assertEquals(Lease.Phase.INSPECTING, lease(scene).phase());
    assertEquals(1, lease(scene).attempts());
  }

  private static Scene undoing() {
    Scene scene = LeaseTest.mitigated(Duration.ofMinutes(30)).resolve("Errors");
    scene.pass(Duration.ofMinutes(30));
    scene.takeCommands();
    return scene;
  }

  private static Lease lease(Scene scene) {
    return scene.shop().leases().getFirst();
  }

  @Test
  void anActionIsNotGivenUpHoweverOftenTheDaemonIsStopped() {
    Core core = new Rules().limits("15M", 1).settings(Rules.unheld()).core();
    Scene scene = Scene.troubled(core).until(Phase.ACTING);
    Object action = scene.action();
    for (int i = 0; i < 20; i++) {
      scene.restart(SOON).inspected(Finding.UNTOUCHED);
      assertEquals(Phase.PREFLIGHT, scene.run().phase());
      scene.restart(SOON).ready();
      assertEquals(Phase.ACTING, scene.run().phase(), "the budget counts it once");
      assertEquals(action, scene.action());
    }
    assertEquals(0, scene.run().attempts());
    assertEquals(1, scene.shop().actionsInTheHourBefore(scene.now));
  }

  @Test
  void whatMayHaveComeThroughBeforeTheRestartIsInspectedNotTakenForAnothersWork() {
    Scene scene = at(Mode.ACT, Phase.ACTING).restart(SOON).inspected(Finding.UNTOUCHED);
    scene.takeCommands();
    scene.preflighted(new Preflight.AlreadyDone("so"));
    assertEquals(Phase.INSPECTING, scene.run().phase());
    assertAsks(Command.Inspect.class, scene);
  }

  @Test
  void anOutcomeThatComesAfterItIsOfNoMoreUse() {
    Scene scene = at(Mode.ACT, Phase.ACTING).restart(SOON);
    scene.finished(new Outcome.Applied("late"));
    scene.inspected(Finding.UNTOUCHED);
    assertEquals(Phase.SETTLING, scene.run().phase());
    assertEquals(
        Optional.empty(), scene.shop().run().map(Run::phase).filter(Phase.PREFLIGHT::equals));
  }

  @Test
  void anAlertThatNoLongerMeansTheServiceSetsNothingOff() {
    Scene scene = Scene.troubled(new Rules().mode(Mode.VETO).core());
    assertEquals(Phase.OBSERVING, scene.run().phase());
    Core narrowed = new Rules().mode(Mode.VETO).match("env", "production").core();
    scene.restart(Duration.ofSeconds(10), narrowed);
    assertTrue(scene.shop().run().isEmpty());
    assertTrue(scene.shop().incident().isEmpty());
    assertEquals(List.of(), scene.state().alert(labels()).orElseThrow().services());
    scene.resolve("Errors");
  }

  @Test
  void whatTheRulesNoLongerWatchIsNotTakenForCured() {
    Scene scene = at(Mode.ACT, Phase.VERIFYING);
    scene.restart(SOON, new Rules().match("env", "production").core()).pass("600S");
    assertEquals(Reason.SIGNAL_LOST, scene.endOfRun());
  }

  @Test
  void anAlertFromBeforeTheRulesWereMendedCountsForItsService() {
    Scene scene = new Scene(without()).fire("Errors");
    assertTrue(scene.state().services().isEmpty());
    scene.restart(Duration.ofSeconds(10), new Rules().core());
    assertTrue(scene.shop().incident().isPresent());
    scene.resolve("Errors");
    assertTrue(scene.shop().incident().isEmpty());
  }

  @Test
  void anAlertThatEndedIsNoLongerAnybodysConcern() {
    Scene scene = new Scene(without()).fire("Errors").pass("5S").resolve("Errors");
    scene.restart(Duration.ofSeconds(10), new Rules().core());
    assertEquals(List.of(), scene.lastFacts(Fact.AlertAssigned.class));
  }

  private static Labels labels() {
    return Scene.labels(Scene.SHOP, "Errors");
  }

  @Test
  void theFirstStartOfAJournalGivesItItsName() {
    Core core = new Rules().journal("j1").core();
    Scene scene = new Scene(core).send(new Event.Started());
    assertEquals(
        List.of(new Fact.JournalBegun("j1", Scene.START)), scene.facts(Fact.JournalBegun.class));
    scene.restart(Duration.ofSeconds(1), new Rules().journal("j2").core());
    assertEquals("j1", scene.state().journal());
  }

  @Test
  void anotherJournalsActionsAreOthersThoughItCountsTheSameIncidents() {
    Set<ActionId> ids = new HashSet<>();
    for (String journal : List.of("", "j1", "j2")) {
      Core core = new Rules().journal(journal).core();
      Scene scene = new Scene(core).send(new Event.Started()).well(Duration.ofMinutes(11));
      scene.pass("300S").release("r2").workload(Scene.NEW, true).pass("60S").fire("Errors");
      assertEquals("shop-1", scene.incident().id());
      ids.add(scene.action());
    }
    assertEquals(3, ids.size());
  }

  @Test
  void aJournalThatBeganBeforeJournalsHadNamesGetsNone() {
    Scene scene = Scene.settled(new Rules().core());
    scene.restart(Duration.ofSeconds(1), new Rules().journal("j1").core());
    assertEquals("", scene.state().journal());
  }

  /**
   * The mark of the first stands on the workload still, and stopped the rollback of the second as
   * one that was done already.
   */
  @Test
  void anActionAfterARestoreIsAnotherThanThatOfTheIncidentThatBoreItsNumber() {
    Set<ActionId> ids = new HashSet<>();
    for (String passed : List.of("300S", "3600S")) {
      Scene scene = Scene.settled(new Rules().journal("j1").core());
      scene.pass(passed).release("r2").workload(Scene.NEW, true).pass("60S").fire("Errors");
      assertEquals("shop-1", scene.incident().id());
      ids.add(scene.action());
    }
    assertEquals(2, ids.size());
  }

  @Test
  void aStepThatTheRulesNoLongerHaveIsNotTaken() {
    Scene scene = Scene.troubled(new Rules().mode(Mode.VETO).core()).until(Phase.COUNTDOWN);
    Core pages = new Rules().mode(Mode.VETO).ladder(Rules.page()).core();
    scene.restart(Duration.ofSeconds(5), pages).pass("31S");
    assertEquals(Reason.SUPERSEDED, scene.endOfRun());
    assertEquals(0, scene.intents());
  }

  @Test
  void aMitigationOfARemediationThatIsGoneEndsNonetheless() {
    Scene scene = LeaseTest.planned().ready();
    assertEquals(Phase.ACTING, scene.run().phase());
    Core without = new Core(new RuleSet(List.of(), List.of(), List.of()), Rules.settings(Mode.ACT));
    scene.restart(Duration.ofSeconds(5), without).inspected(Finding.EFFECTIVE);
    assertEquals(1, scene.shop().leases().size());
  }

  @Test
  void whoObjectsToOneRemediationHasNotAgreedToTheNext() {
    Core core =
        new Rules()
            .mode(Mode.VETO)
            .and(
                new Remediation(
                    "second",
                    List.of(Rules.alert("Errors")),
                    Optional.of(Duration.ofHours(1)),
                    Mode.ACT,
                    List.of(Rules.rollbackToPrevious(), Rules.page())))
            .core();
    Scene scene = Scene.troubled(core).until(Phase.COUNTDOWN);
    scene.send(new Event.Vetoed(scene.incident().id(), scene.run().action(), "ann"));
    assertTrue(scene.shop().run().isEmpty());
    assertEquals(Reason.VETOED, scene.reason());
    scene.pass("60S").fire("Errors");
    assertTrue(scene.shop().run().isEmpty());
  }
}
