package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Reason;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.Narrowing;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a workload's team says on it narrows what the rules allow, and never widens it. */
final class NarrowingTest {
  private static Narrowing mode(String mode) {
    return Narrowing.of(Optional.of(mode), Optional.empty());
  }

  private static Narrowing hold() {
    return Narrowing.of(Optional.empty(), Optional.of("true"));
  }

  private static Scene says(Scene scene, Narrowing narrowing) {
    scene.narrowing = narrowing;
    return scene.workload(scene.shop().present().orElseThrow().revision().digest(), true);
  }

  @Test
  void aWorkloadThatSaysObserveIsNotTouched() {
    Scene scene = says(Scene.settled(new Rules().core()), mode("observe"));
    scene.pass(Duration.ofMinutes(5));
    scene.release("r2").workload(Scene.NEW, true).pass("1M").fire("Errors");

    assertEquals(Reason.MODE_OBSERVE, scene.reason());
    assertTrue(scene.shop().run().isEmpty());
    assertTrue(
        scene
            .facts(Fact.Decided.class)
            .getLast()
            .evidence()
            .contains(new Evidence("annotation belay.dev/mode", "observe")));
  }

  @Test
  void noAnnotationWidensWhatTheRulesAllow() {
    for (Mode rule : List.of(Mode.OBSERVE, Mode.PROPOSE, Mode.VETO, Mode.ACT)) {
      for (String said : List.of("observe", "propose", "veto", "act", "Act", "", "true")) {
        assertTrue(mode(said).narrow(rule).compareTo(rule) <= 0, said + " on " + rule);
      }
    }
    Mode patient = new Mode(Mode.Kind.VETO, Duration.ofMinutes(5));
    assertEquals(patient, mode("veto").narrow(patient));
    assertEquals(Mode.ACT, Narrowing.NONE.narrow(Mode.ACT));
  }

  @Test
  void whatMeansNothingNarrowsToObserveAndSaysWhatToWrite() {
    Narrowing odd = mode("yes please");
    assertEquals(Mode.OBSERVE, odd.narrow(Mode.ACT));
    assertTrue(odd.unreadable().orElseThrow().contains("write observe, propose, veto or act"));

    Narrowing oddHold = Narrowing.of(Optional.of("act"), Optional.of("1"));
    assertEquals(Mode.OBSERVE, oddHold.narrow(Mode.ACT));
    assertTrue(oddHold.unreadable().orElseThrow().contains("write one of them"));
  }

  @Test
  void aHoldOnTheWorkloadBeginsNothingAndItsEndBeginsWhatIsStillCalledFor() {
    Scene scene = says(Scene.settled(new Rules().core()), hold());
    scene.pass(Duration.ofMinutes(5));
    scene.release("r2").workload(Scene.NEW, true).pass("1M").fire("Errors");
    assertEquals(Reason.WORKLOAD_HELD, scene.reason());
    assertTrue(scene.shop().run().isEmpty());

    says(scene, Narrowing.NONE);
    assertEquals(Run.Phase.OBSERVING, scene.run().phase());
  }

  @Test
  void aCountdownEndsWhenAHoldAppears() {
    Scene scene = Scene.troubled(new Rules().mode(Mode.VETO).core()).observed();
    assertEquals(Run.Phase.COUNTDOWN, scene.run().phase());

    says(scene, hold());
    assertEquals(Reason.WORKLOAD_HELD, scene.endOfRun());

    scene.pass("10M");
    assertTrue(scene.facts(Fact.ActionIntended.class).isEmpty());
  }

  @Test
  void aCountdownEndsWhenTheTeamSaysObserve() {
    Scene scene = Scene.troubled(new Rules().mode(Mode.VETO).core()).observed();
    says(scene, mode("observe"));
    assertEquals(Reason.SUPERSEDED, scene.endOfRun());
    assertTrue(
        scene
            .facts(Fact.Decided.class)
            .getLast()
            .evidence()
            .contains(new Evidence("annotation belay.dev/mode", "observe")));
  }

  @Test
  void whatIsReadRightBeforeTheActionCountsToo() {
    Scene scene = Scene.troubled(new Rules().core());
    scene.narrowing = hold();
    scene.observed();
    assertEquals(Reason.WORKLOAD_HELD, scene.endOfRun());
    assertTrue(scene.facts(Fact.ActionIntended.class).isEmpty());
  }

  /** What is changed was looked at, and not the workload on which its team says how far it may. */
  @Test
  void beforeFlagsAreSetItIsReadWhatTheTeamSaysOnTheWorkload() {
    for (Mode mode : List.of(Mode.ACT, Mode.VETO)) {
      Core flags =
          new Rules()
              .whateverTheCause()
              .mode(mode)
              .ladder(Rules.flags(Duration.ofMinutes(30)))
              .core();
      Scene scene = Scene.settled(flags).fire("Errors").observed(RunTest.flags("true"));
      if (mode.equals(Mode.VETO)) {
        scene.pass(Mode.DEFAULT_VETO);
      }
      assertEquals(Run.Phase.PREFLIGHT, scene.run().phase());
      Command.Preflight asked =
          assertInstanceOf(Command.Preflight.class, scene.takeCommands().getLast());
      assertEquals(Optional.of(Rules.SHOP_WORKLOAD), asked.annotated());
      scene.narrowing = hold();
      scene.ready();
      assertEquals(Reason.WORKLOAD_HELD, scene.endOfRun());
      assertTrue(scene.facts(Fact.ActionIntended.class).isEmpty());
    }
  }

  @Test
  void whatWasSaidIsKnownAfterARestartAndWrittenDownOnce() {
    Rules rules = new Rules();
    Scene scene = says(Scene.settled(rules.core()), hold());
    says(scene, hold());
    assertEquals(1, scene.facts(Fact.ServiceNarrowed.class).size());

    scene.restart(Duration.ofMinutes(1), rules.core());
    assertTrue(scene.shop().narrowing().hold());
  }
}
