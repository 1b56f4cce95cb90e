package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.incident.Notice;
import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.Inspection;
import dev.belay.core.remediation.Inspection.Finding;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Preflight;
import dev.belay.core.remediation.Settlement;
import dev.belay.core.rule.Narrowing;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LeaseTest {
  /** The shop's analytics are off, on lease. */
  static Scene mitigated(Duration lease) {
    Core core =
        new Rules()
            .whateverTheCause()
            .ladder(Rules.flags(lease), Rules.page())
            .settings(Rules.unheld())
            .core();
    return mitigated(core);
  }

  /** The same by other rules. */
  static Scene mitigated(Core core) {
    return Scene.settled(core)
        .fire("Errors")
        .observed(RunTest.flags("true"))
        .ready()
        .finished(new Outcome.Applied("done"))
        .settlement(new Settlement.Settled("done"));
  }

  private static Scene undoing() {
    Scene scene = mitigated(Duration.ofMinutes(30)).resolve("Errors");
    scene.takeCommands();
    return scene.pass(Duration.ofMinutes(30));
  }

  private static Lease lease(Scene scene) {
    return scene.shop().leases().getFirst();
  }

  private static Scene finished(Scene scene, Outcome outcome) {
    return scene.send(new Event.ActionFinished(Scene.SHOP, lease(scene).undoAction(), outcome));
  }

  private static Scene inspected(Scene scene, Finding finding) {
    return scene.send(
        new Event.Inspected(
            Scene.SHOP, lease(scene).undoAction(), new Inspection(finding, "seen")));
  }

  @Test
  void undoesTheMitigationWhenItsLeaseEnds() {
    Scene scene = undoing();
    Command.Apply undo = (Command.Apply) scene.takeCommands().getFirst();
    Plan.RestoreFlags plan = (Plan.RestoreFlags) undo.plan();
    assertEquals(Optional.of("true"), plan.prior().get("ANALYTICS"));
    finished(scene, new Outcome.Applied("done"));
    assertTrue(scene.shop().leases().isEmpty());
    assertEquals(Reason.RESTORED, scene.facts(Fact.LeaseEnded.class).getFirst().reason());
    assertEquals(Notice.Kind.RESTORED, scene.notices().getLast().kind());
  }

  @Test
  void holdsUntilTheLeaseEndsEvenWhenTheTroubleIsOver() {
    Scene scene = mitigated(Duration.ofMinutes(30)).resolve("Errors").pass("1790S");
    assertEquals(Lease.Phase.HOLDING, lease(scene).phase());
  }

  @Test
  void anotherIncidentThatFindsTheFlagsSetNeedsThemForAsLong() {
    Scene scene = mitigated(Duration.ofMinutes(30)).resolve("Errors").pass("1500S");
    Lease before = lease(scene);
    scene.fire("Errors").observed(RunTest.flags("false"));
    assertEquals(1, scene.shop().leases().size());
    assertEquals(scene.now.plus(Duration.ofMinutes(30)), lease(scene).deadline());
    assertEquals("shop-2", lease(scene).incident());
    assertEquals(before.undo(), lease(scene).undo(), "what was there at first comes back");
    scene.pass("1700S");
    assertEquals(Lease.Phase.HOLDING, lease(scene).phase());
    scene.pass("101S");
    assertEquals(Lease.Phase.UNDOING, lease(scene).phase());
  }

  @Test
  void itsEndIsToldWhereItWasTaken() {
    Scene scene = mitigated(Duration.ofMinutes(30)).resolve("Errors").pass("1500S").fire("Disk");
    assertEquals("shop-2", scene.incident().id());
    scene.pass("300S");
    assertEquals(Lease.Phase.UNDOING, lease(scene).phase());
    int numbers = scene.incident().notices();
    finished(scene, new Outcome.Refused(Reason.FORBIDDEN, "no right"));
    Notice told = scene.notices().getLast();
    assertEquals("shop-1", told.incident());
    assertEquals(Notice.Kind.PAGE, told.kind());
    assertEquals("shop: Errors - over", told.headline());
    assertEquals(numbers, scene.incident().notices(), "the other incident is not concerned");
    assertFalse(scene.incident().paged());
  }

  @Test
  void itsEndIsToldWhereItWasNeededLast() {
    Scene scene = mitigated(Duration.ofMinutes(30)).resolve("Errors").pass("1500S");
    scene.fire("Errors").observed(RunTest.flags("false")).pass("1800S");
    finished(scene, new Outcome.Applied("done"));
    assertEquals("shop-2", scene.facts(Fact.LeaseEnded.class).getFirst().incident().orElseThrow());
    assertEquals("shop-2", scene.notices().getLast().incident());
  }

  @Test
  void aLimitIsTakenAwayOnlyByTheLeaseOfWhatPutItUpLast() {
    Core core =
        new Rules()
            .whateverTheCause()
            .limits("1M", 10)
            .ladder(Rules.rateLimit(Duration.ofMinutes(30)), Rules.page())
            .core();
    Observation free = new Observation.OfManifests(List.of(Rules.LIMIT), List.of());
    Scene scene = Scene.settled(core);
    for (int i = 0; i < 2; i++) {
      scene.fire("Errors").observed(free).ready().finished(new Outcome.Applied("done"));
      scene.settlement(new Settlement.Settled("done")).resolve("Errors").pass("1500S");
    }
    List<Lease> leases = scene.shop().leases();
    assertEquals(2, leases.size());
    for (Lease lease : leases) {
      assertEquals(
          new Plan.DeleteManifests(List.of(Rules.LIMIT), Optional.of(lease.action())),
          lease.undo());
    }
  }

  @Test
  void undoesNothingWhileEverythingIsOnHold() {
    Scene scene = mitigated(Duration.ofMinutes(30)).resolve("Errors");
    scene.send(new Event.HoldAsked("ann", "stop")).takeCommands();
    scene.pass(Duration.ofHours(2));
    assertTrue(scene.takeCommands().isEmpty());
    scene.send(new Event.HoldEnded("ann")).pass("31S");
    assertEquals(Lease.Phase.UNDOING, lease(scene).phase());
  }

  @Test
  void undoesNothingWhileItsWorkloadIsOnHold() {
    Scene scene = mitigated(Duration.ofMinutes(30)).resolve("Errors");
    scene.narrowing = Narrowing.of(Optional.empty(), Optional.of("true"));
    scene.workload(Scene.OLD, true).takeCommands();
    scene.pass(Duration.ofHours(2));
    assertTrue(scene.takeCommands().isEmpty());
    scene.narrowing = Narrowing.NONE;
    scene.workload(Scene.OLD, true).pass("31S");
    assertEquals(Lease.Phase.UNDOING, lease(scene).phase());
  }

  @Test
  void takesNoLeaseOnWhatSomebodyElseDid() {
    Scene scene = planned();
    scene.preflighted(new Preflight.AlreadyDone("somebody did"));
    assertTrue(scene.shop().leases().isEmpty());
  }

  /** Flags are about to be set for half an hour, and the cluster has yet to be asked about it. */
  static Scene planned() {
    Core core =
        new Rules()
            .whateverTheCause()
            .ladder(Rules.flags(Duration.ofMinutes(30)), Rules.page())
            .core();
    return Scene.settled(core).fire("Errors").observed(RunTest.flags("true"));
  }

  private static Scene doubtful() {
    Scene scene = planned().ready();
    return scene.finished(new Outcome.Doubtful("lost")).inspected(Finding.UNTOUCHED);
  }

  @Test
  void undoesWhatALateRequestMayHaveDoneAfterTheRunWasOver() {
    Scene scene = doubtful().resolve("Errors");
    assertEquals(Reason.RECOVERED, scene.endOfRun());
    scene.takeCommands();
    scene.pass(Duration.ofMinutes(30));
    assertTrue(scene.takeCommands().getFirst() instanceof Command.Apply);
  }

  @Test
  void dropsTheLeaseOfADoubtThatTurnsOutToBeSomebodyElsesWork() {
    Scene scene = doubtful();
    scene.preflighted(new Preflight.AlreadyDone("so")).inspected(Finding.ALREADY_DONE);
    assertTrue(scene.shop().leases().isEmpty());
  }

  /** It was written down every half minute that nothing had changed. */
  @Test
  void writesNothingWhileAHoldKeepsItInForce() {
    Scene scene = mitigated(Duration.ofMinutes(30)).resolve("Errors");
    scene.send(new Event.HoldAsked("ann", "stop")).pass(Duration.ofMinutes(31));
    int before = scene.facts(Fact.LeaseMoved.class).size();
    scene.pass(Duration.ofHours(12));
    assertEquals(before, scene.facts(Fact.LeaseMoved.class).size());
    scene.restart(Duration.ofMinutes(1)).pass("1S");
    scene.takeCommands();
    scene.send(new Event.HoldEnded("ann"));
    assertInstanceOf(Command.Apply.class, scene.takeCommands().getFirst());
  }

  /** The run's next deadline was behind that of the lease, which is not over under a hold. */
  @Test
  void aLeaseThatIsHeldHidesNothingThatIsDueAfterIt() {
    Scene scene = mitigated(Duration.ofMinutes(1));
    scene.send(new Event.HoldAsked("ann", "stop")).pass("60S");
    scene.send(new Event.TimePassed());
    assertEquals(scene.state().nextDeadline(), Optional.of(scene.run().deadline()));
  }

  @Test
  void givesUpAfterHoursAndCallsAPerson() {
    Scene scene = undoing();
    finished(scene, new Outcome.Doubtful("lost"));
    scene.pass(Duration.ofHours(2));
    assertEquals(1, scene.shop().leases().size(), "an outage of hours is not the end");
    scene.pass(Duration.ofHours(2));
    assertTrue(scene.shop().leases().isEmpty());
    assertEquals(
        Reason.CLUSTER_UNAVAILABLE, scene.facts(Fact.LeaseEnded.class).getFirst().reason());
    assertEquals(Notice.Kind.PAGE, scene.notices().getLast().kind());
  }

  /** One row: how the undoing goes, and the phase or the reason that follows. */
  record Row(String event, UnaryOperator<Scene> happens, String ends) {
    @Override
    public String toString() {
      return String.format("%-40s -> %s", event, ends);
    }
  }

  static Stream<Row> rows() {
    return List.of(
        new Row("undoing: applied", s -> finished(s, new Outcome.Applied("")), "RESTORED"),
        new Row(
            "undoing: nothing left", s -> finished(s, new Outcome.AlreadyDone("")), "ALREADY_DONE"),
        new Row(
            "undoing: overtaken",
            s -> finished(s, new Outcome.Refused(Reason.SUPERSEDED, "")),
            "HOLDING"),
        new Row(
            "undoing: cluster busy",
            s -> finished(s, new Outcome.Refused(Reason.CLUSTER_UNAVAILABLE, "")),
            "HOLDING"),
        new Row(
            "undoing: changed by a person",
            s -> finished(s, new Outcome.Refused(Reason.CHANGED_BY_PERSON, "")),
            "CHANGED_BY_PERSON"),
        new Row("undoing: doubtful", s -> finished(s, new Outcome.Doubtful("")), "INSPECTING"),
        new Row("undoing: no reply", s -> s.pass("60S"), "INSPECTING"),
        new Row(
            "inspecting: effective", s -> inspected(s.pass("60S"), Finding.EFFECTIVE), "RESTORED"),
        new Row(
            "inspecting: done by somebody",
            s -> inspected(s.pass("60S"), Finding.ALREADY_DONE),
            "ALREADY_DONE"),
        new Row(
            "inspecting: untouched", s -> inspected(s.pass("60S"), Finding.UNTOUCHED), "HOLDING"),
        new Row(
            "inspecting: changed by a person",
            s -> inspected(s.pass("60S"), Finding.SUPERSEDED),
            "CHANGED_BY_PERSON"),
        new Row("inspecting: silence", s -> s.pass("600S"), "INSPECTING"))
        .stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void goesAsTheTableSays(Row row) {
    Scene scene = row.happens().apply(undoing());
    String ends =
        scene.shop().leases().isEmpty()
            ? scene.facts(Fact.LeaseEnded.class).getFirst().reason().name()
            : lease(scene).phase().name();
    assertEquals(row.ends(), ends);
  }
}
