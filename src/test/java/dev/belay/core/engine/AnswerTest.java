package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Run.Phase;
import dev.belay.core.incident.Notice;
import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.rule.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What people answer, and what that is worth. */
class AnswerTest {
  private static Scene asked(Mode mode) {
    return Scene.troubled(new Rules().mode(mode).core()).observed();
  }

  private static Event.Approved approval(Scene scene, String plan) {
    return new Event.Approved("shop-1", scene.action(), Optional.of(plan), "ann");
  }

  @Test
  void anApprovalOfThePlanThatAsksIsGood() {
    Scene scene = asked(Mode.PROPOSE);
    String plan = scene.plan().digest();
    scene.send(approval(scene, plan));
    assertEquals(Phase.PREFLIGHT, scene.run().phase());
    assertEquals(Optional.of(plan), scene.facts(Fact.PersonApproved.class).getFirst().plan());
  }

  @Test
  void anApprovalOfAnotherPlanChangesNothingAndSaysWhy() {
    Scene scene = asked(Mode.PROPOSE);
    scene.send(approval(scene, "00112233445566778899aabbccddeeff"));
    assertEquals(Phase.PROPOSED, scene.run().phase());
    assertEquals(Reason.ANSWER_TO_ANOTHER_PLAN, scene.reason());
    assertTrue(scene.facts(Fact.PersonApproved.class).isEmpty());
  }

  @Test
  void anApprovalIsGoodOnce() {
    Scene scene = asked(Mode.PROPOSE);
    Event.Approved approval = approval(scene, scene.plan().digest());
    scene.send(approval).send(approval);
    assertEquals(1, scene.facts(Fact.PersonApproved.class).size());
    scene.resolve("Errors");
    scene.send(approval);
    assertEquals(Reason.ANSWER_TOO_LATE, scene.reason());
  }

  @Test
  void anApprovalExpiresWithItsPlanAndIsNotGoodForThePlanThatFollows() {
    Core core =
        new Rules()
            .whateverTheCause()
            .mode(Mode.PROPOSE)
            .ladder(Rules.flags(Duration.ofMinutes(5)))
            .core();
    Scene scene = Scene.settled(core).fire("Errors").observed(RunTest.flags("true"));
    Event.Approved old = approval(scene, scene.plan().digest());
    ActionId action = scene.action();
    scene.send(new Event.Snoozed("shop-1", "bob", Duration.ofMinutes(5)));
    // Somebody has changed the flag meanwhile.
    scene.pass("5M").observed(RunTest.flags("sometimes"));
    assertEquals(Phase.PROPOSED, scene.run().phase());
    assertEquals(action, scene.action(), "the same step, worked out anew");
    scene.send(old);
    assertEquals(Reason.ANSWER_TO_ANOTHER_PLAN, scene.reason());
    assertEquals(Phase.PROPOSED, scene.run().phase());
    scene.send(approval(scene, scene.plan().digest()));
    assertEquals(Phase.PREFLIGHT, scene.run().phase());
  }

  @Test
  void aVetoIsGoodUntilTheLastMomentAndTheDeadlineIsThenNoMore() {
    Scene scene = asked(Mode.VETO);
    scene.now = scene.run().deadline();
    scene.send(new Event.Vetoed("shop-1", scene.action(), "ann"));
    assertEquals(Reason.VETOED, scene.endOfRun());
    scene.send(new Event.TimePassed()).pass("30M");
    assertEquals(0, scene.intents());
  }

  @Test
  void theDeadlineComesFirstAndTheVetoStillStopsWhatIsNotIntended() {
    Scene scene = asked(Mode.VETO);
    scene.now = scene.run().deadline();
    ActionId action = scene.action();
    scene.send(new Event.TimePassed());
    assertEquals(Phase.PREFLIGHT, scene.run().phase());
    scene.send(new Event.Vetoed("shop-1", action, "ann"));
    assertEquals(Reason.VETOED, scene.endOfRun());
    assertEquals(0, scene.intents());
  }

  @Test
  void aVetoAfterTheIntentLosesAndSaysSo() {
    Scene scene = asked(Mode.VETO).pass("30S").ready();
    assertEquals(1, scene.intents());
    scene.send(new Event.Vetoed("shop-1", scene.action(), "ann"));
    assertEquals(Reason.ANSWER_TOO_LATE, scene.reason());
    assertTrue(scene.facts(Fact.PersonVetoed.class).isEmpty(), "never both");
  }

  @Test
  void aVetoOfWhatAHoldEndedBeforeItDidAnythingIsGoodAfterTheHold() {
    Scene scene = asked(Mode.VETO);
    ActionId action = scene.action();
    scene.send(new Event.HoldAsked("bob", "wait"));
    int notices = scene.notices().size();
    scene.send(new Event.Vetoed("shop-1", action, "ann"));
    assertEquals(1, scene.facts(Fact.PersonVetoed.class).size());
    assertEquals("ann objected.", last(scene).text());
    assertEquals(notices + 1, scene.notices().size(), "people are told once");
    scene.send(new Event.HoldEnded("bob")).pass("30M");
    assertTrue(scene.shop().run().isEmpty());
    assertEquals(0, scene.intents());
  }

  /** It was called too late, though what it names could yet begin. */
  @Test
  void aVetoOfWhatWasStoppedIsGoodWhileAnotherRemediationIsUnderWayAndEndsThatToo() {
    Scene scene = anotherUnderWay();
    ActionId stopped = scene.facts(Fact.RunMoved.class).getFirst().run().action();
    scene.pass("1S").send(new Event.Vetoed("shop-1", stopped, "ann"));
    assertEquals(1, scene.facts(Fact.PersonVetoed.class).size());
    assertEquals(Reason.VETOED, scene.endOfRun());
    scene.fire("Errors").pass("30M");
    assertTrue(scene.shop().run().isEmpty());
    assertEquals(0, scene.intents());
  }

  @Test
  void afterAVetoOfAnotherRemediationWhatWasDoneIsSeenToItsEndAndNoStepFollows() {
    Scene scene = anotherUnderWay().observed(RunTest.flags("true")).until(Phase.VERIFYING);
    ActionId stopped = scene.facts(Fact.RunMoved.class).getFirst().run().action();
    scene.send(new Event.Vetoed("shop-1", stopped, "ann"));
    assertEquals(Phase.VERIFYING, scene.run().phase());
    scene.pass("10M");
    assertEquals(Reason.VETOED, scene.endOfRun());
    assertEquals(1, scene.intents());
  }

  /** One remediation was stopped by a hold; after it, its alert being gone, another one begins. */
  private static Scene anotherUnderWay() {
    Core core =
        new Rules()
            .mode(Mode.VETO)
            .and(
                Rules.overload(
                    Rules.flags(Duration.ofMinutes(5)), Rules.rateLimit(Duration.ofMinutes(5))))
            .core();
    Scene scene = Scene.troubled(core).observed();
    scene.send(new Event.HoldAsked("bob", "wait")).fire("Latency").resolve("Errors");
    scene.pass("1S").send(new Event.HoldEnded("bob"));
    assertEquals("overload", scene.run().remediation());
    return scene;
  }

  @Test
  void aVetoOfWhatNobodyAskedAboutOrOfWhatWasDoneIsTooLate() {
    Scene other = asked(Mode.VETO).send(new Event.HoldAsked("bob", "wait"));
    other.send(new Event.Vetoed("shop-1", new ActionId("0123456789abcdef"), "ann"));
    assertEquals(Reason.ANSWER_TOO_LATE, other.reason());
    Scene done = asked(Mode.VETO);
    ActionId action = done.action();
    done.until(Phase.VERIFYING).fire("Latency").resolve("Errors");
    assertTrue(done.shop().run().isEmpty() && done.shop().incident().isPresent());
    done.send(new Event.Vetoed("shop-1", action, "ann"));
    assertEquals(Reason.ANSWER_TOO_LATE, done.reason());
    assertTrue(done.facts(Fact.PersonVetoed.class).isEmpty());
  }

  @Test
  void aVetoAcrossARestartAtTheDeadlineWinsOrLosesAndNeverBoth() {
    Scene wins = asked(Mode.VETO);
    ActionId action = wins.action();
    wins.restart(Duration.ofMinutes(2));
    wins.send(new Event.Vetoed("shop-1", action, "ann"));
    assertEquals(Reason.VETOED, wins.endOfRun());
    wins.restart(Duration.ofSeconds(1)).pass("30M");
    assertEquals(0, wins.intents(), "it won, and the restart did not forget it");

    Scene loses = asked(Mode.VETO).pass("30S").ready();
    loses.restart(Duration.ofSeconds(1));
    loses.send(new Event.Vetoed("shop-1", action, "ann"));
    assertEquals(Reason.ANSWER_TOO_LATE, loses.reason());
    assertTrue(loses.facts(Fact.PersonVetoed.class).isEmpty());
    assertEquals(Phase.INSPECTING, loses.run().phase(), "it goes on");
  }

  @Test
  void whoMayNotAnswerIsNotedAndNobodyElseIsTold() {
    Scene scene = asked(Mode.PROPOSE);
    int notices = scene.notices().size();
    scene.send(new Event.AnswerForbidden("shop-1", "slack:U9", "approve", "not allowed to"));
    assertEquals(Reason.ANSWER_FORBIDDEN, scene.reason());
    assertEquals(notices, scene.notices().size());
    assertEquals(Phase.PROPOSED, scene.run().phase());
  }

  @Test
  void theNoticesSayWhatCanBeAnsweredForAsLongAsItCan() {
    Scene scene = asked(Mode.PROPOSE);
    Notice.Asked expected =
        new Notice.Asked(scene.action().value(), scene.plan().digest(), "rollback");
    assertEquals(Optional.of(expected), last(scene).offer().orElseThrow().asked());
    scene.send(approval(scene, expected.plan()));
    assertEquals(Notice.Kind.ANSWERED, last(scene).kind());
    assertEquals(Optional.empty(), last(scene).offer().orElseThrow().asked());
    assertTrue(last(scene).text().startsWith("ann approved"), last(scene).text());
    scene.resolve("Errors");
    assertEquals(Optional.empty(), last(scene).offer(), "it is over");
  }

  @Test
  void aVetoNamesThePersonAndAsksNothingMore() {
    Scene scene = asked(Mode.VETO);
    scene.send(new Event.Vetoed("shop-1", scene.action(), "ann"));
    assertEquals("ann objected.", last(scene).text());
    assertEquals(Optional.empty(), last(scene).offer().orElseThrow().asked());
    assertFalse(last(scene).headline().contains("unless vetoed"), last(scene).headline());
  }

  @Test
  void aSnoozeEndsWhatIsAskedAndNobodyIsToldUntilItIsOver() {
    Scene scene = asked(Mode.VETO);
    scene.send(new Event.Snoozed("shop-1", "ann", Duration.ofMinutes(30)));
    assertEquals(Reason.SNOOZED, scene.endOfRun());
    assertTrue(last(scene).headline().endsWith("in the hands of ann"), last(scene).headline());
    assertEquals(Optional.empty(), last(scene).offer());
    int notices = scene.notices().size();
    scene.fire("Latency").pass("29M");
    assertEquals(notices, scene.notices().size());
    assertTrue(scene.shop().run().isEmpty());
    scene.pass("1M");
    assertEquals(
        List.of(Notice.Kind.PAGE),
        scene.notices().subList(notices, notices + 1).stream().map(Notice::kind).toList());
    scene.observed();
    assertEquals(Phase.COUNTDOWN, scene.run().phase(), "it is worked out anew");
    assertEquals(
        scene.now.plusSeconds(30), scene.run().deadline(), "with a whole window to object");
  }

  @Test
  void aSnoozeSurvivesARestartAndEndsWithTheTrouble() {
    Scene scene = asked(Mode.VETO);
    scene.send(new Event.Snoozed("shop-1", "ann", Duration.ofMinutes(30)));
    scene.restart(Duration.ofMinutes(1)).pass("5M");
    assertTrue(scene.shop().run().isEmpty());
    scene.resolve("Errors");
    assertEquals(Notice.Kind.CLOSED, last(scene).kind());
    assertEquals(Optional.empty(), scene.shop().snooze());
    scene.pass("1H");
    assertTrue(scene.facts(Fact.SnoozeEnded.class).isEmpty());
  }

  @Test
  void whatWasDoneBeforeASnoozeIsSeenToItsEndAndNoStepFollows() {
    Core core =
        new Rules()
            .whateverTheCause()
            .ladder(Rules.flags(Duration.ofMinutes(5)), Rules.rateLimit(Duration.ofMinutes(5)))
            .core();
    Scene scene = Scene.settled(core).fire("Errors").observed(RunTest.flags("true"));
    scene.until(Phase.VERIFYING);
    scene.send(new Event.Snoozed("shop-1", "ann", Duration.ofHours(1)));
    assertEquals(Phase.VERIFYING, scene.run().phase());
    scene.pass("10M");
    assertEquals(Reason.SNOOZED, scene.endOfRun());
    assertEquals(1, scene.intents());
  }

  @Test
  void aSnoozeOfWhatIsOverIsTooLate() {
    Scene scene = asked(Mode.VETO).resolve("Errors");
    scene.send(new Event.Snoozed("shop-1", "ann", Duration.ofMinutes(30)));
    assertEquals(Reason.ANSWER_TOO_LATE, scene.reason());
  }

  private static Notice last(Scene scene) {
    return scene.notices().getLast();
  }
}
