package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.alert.Alert;
import dev.belay.core.alert.Door;
import dev.belay.core.engine.Run.Phase;
import dev.belay.core.incident.Notice;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Release;
import dev.belay.core.rule.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WholeTest {
  private static final List<String> OTHERS = List.of("a", "b", "c", "d");

  private static Rules fleet() {
    return new Rules().others("a", "b", "c", "d");
  }

  private static Scene storm(Scene scene, List<String> services) {
    Alert[] alerts =
        services.stream()
            .map(name -> scene.alert(name, "Errors", true, scene.now, Optional.empty()))
            .toArray(Alert[]::new);
    return scene.send(Scene.alerts(Door.WEBHOOK, 0, alerts));
  }

  @Test
  void manyServicesInTroubleAtOnceEngageTheBrake() {
    Scene scene = storm(Scene.troubled(fleet().mode(Mode.VETO).core()).observed(), OTHERS);
    assertTrue(scene.state().brakeSince().isPresent());
    assertEquals(Reason.STORM, scene.endOfRun());
    scene.pass("40S");
    assertEquals(0, scene.intents());
  }

  @Test
  void oneFewerDoesNot() {
    Scene scene = storm(Scene.troubled(fleet().core()), OTHERS.subList(0, 3));
    assertTrue(scene.state().brakeSince().isEmpty());
    assertTrue(scene.shop().run().isPresent());
  }

  @Test
  void aStormThatComesInOneDeliveryStopsTheFirstServiceToo() {
    Scene scene = Scene.settled(fleet().whateverTheCause().core()).pass("300S");
    storm(scene, List.of("a", "b", "c", "d", Scene.SHOP));
    scene.state().services().forEach(service -> assertTrue(service.run().isEmpty()));
  }

  @Test
  void theBrakeLetsGoWhenItHasBeenCalmAndTheWorkGoesOn() {
    Scene scene = storm(Scene.troubled(fleet().core()), OTHERS);
    scene.pass("59S");
    assertTrue(scene.state().brakeSince().isPresent());
    scene.pass("1S");
    assertTrue(scene.state().brakeSince().isEmpty());
    assertEquals(Phase.OBSERVING, scene.run().phase());
  }

  @Test
  void theBrakeHoldsWhileNewServicesFollow() {
    Scene scene = storm(Scene.troubled(fleet().core()), OTHERS.subList(0, 4));
    scene.pass("50S").resolve("Errors").fire("Errors");
    scene.pass("50S");
    assertTrue(scene.state().brakeSince().isPresent());
  }

  @Test
  void peopleAreToldOfAStormOnce() {
    Scene scene = Scene.settled(fleet().core());
    storm(scene, List.of("a", "b", "c", "d", Scene.SHOP));
    assertEquals(1, scene.notices().stream().filter(it -> it.kind() == Notice.Kind.BRAKE).count());
  }

  @Test
  void theBrakeDoesNotStopWhatHasBegun() {
    Scene scene = storm(Scene.troubled(fleet().core()).until(Phase.ACTING), OTHERS);
    assertEquals(Phase.ACTING, scene.run().phase());
  }

  @Test
  void theBrakeOutlivesARestart() {
    Scene scene = storm(Scene.troubled(fleet().core()), OTHERS);
    scene.restart(Duration.ofSeconds(10));
    assertTrue(scene.state().brakeSince().isPresent());
    assertTrue(scene.shop().run().isEmpty());
  }

  @Test
  void theBudgetOverAllServicesIsKept() {
    Settings one =
        new Settings(
            Mode.ACT,
            5,
            Duration.ofMinutes(1),
            1,
            Duration.ofMinutes(1),
            Duration.ofMinutes(2),
            Duration.ofMinutes(10),
            Duration.ofMinutes(5));
    Scene scene = Scene.troubled(fleet().settings(one).core()).until(Phase.ACTING);
    scene.send(
        Scene.alerts(
            Door.WEBHOOK, 0, scene.alert("a", "Errors", true, scene.now, Optional.empty())));
    scene.send(release("a", scene.now.minusSeconds(5)));
    assertTrue(scene.state().service("a").orElseThrow().run().isEmpty());
    assertEquals(Reason.BUDGET_SPENT, scene.reason());
  }

  @Test
  void aHoldStopsWhatCountsDownAndReleasingItStartsAnew() {
    Scene scene = Scene.troubled(new Rules().mode(Mode.VETO).core()).observed();
    scene.send(new Event.HoldAsked("ann", "stop"));
    assertEquals(Reason.HELD, scene.endOfRun());
    scene.pass("60S");
    assertTrue(scene.shop().run().isEmpty());
    scene.send(new Event.HoldEnded("ann"));
    assertEquals(Phase.OBSERVING, scene.run().phase());
  }

  @Test
  void aSecondHoldChangesTheWordsAndAReleaseWithoutAHoldNothing() {
    Scene scene = new Scene(new Rules().core());
    scene.send(new Event.HoldEnded("ann"));
    assertTrue(scene.facts().isEmpty());
    scene.send(new Event.HoldAsked("ann", "x")).send(new Event.HoldAsked("bob", "y"));
    assertEquals(Optional.of("bob: y"), scene.state().hold());
  }

  @Test
  void anApprovalUnderAHoldDoesNotAct() {
    Scene scene = Scene.troubled(new Rules().mode(Mode.PROPOSE).core()).observed();
    scene.send(new Event.HoldAsked("ann", "stop"));
    scene.send(new Event.Approved(scene.incident().id(), "bob"));
    assertTrue(scene.shop().run().isEmpty());
    assertEquals(0, scene.intents());
  }

  @Test
  void aVetoIsForTheWholeIncident() {
    Scene scene = Scene.troubled(new Rules().mode(Mode.VETO).core()).observed();
    scene.send(new Event.Vetoed(scene.incident().id(), "ann")).pass(Duration.ofMinutes(30));
    assertTrue(scene.shop().run().isEmpty());
    assertEquals(1, scene.facts(Fact.PersonVetoed.class).size());
  }

  @Test
  void aWordAboutAnIncidentThatIsNotIsIgnored() {
    Scene scene = Scene.troubled(new Rules().mode(Mode.PROPOSE).core()).observed();
    scene.send(new Event.Approved("shop-99", "ann")).send(new Event.Vetoed("else-1", "ann"));
    scene.send(new Event.Approved("nothing", "ann"));
    assertEquals(Phase.PROPOSED, scene.run().phase());
  }

  @Test
  void aNoticeIsUnsentUntilAChannelTookIt() {
    Scene scene = Scene.troubled(new Rules().core());
    Notice first = scene.state().unsent().iterator().next();
    scene.send(
        new Event.NoticeDelivered(first.incident(), first.number(), "slack", Optional.of("t1")));
    assertFalse(scene.state().unsent().contains(first));
    assertEquals("t1", scene.incident().threads().get("slack"));
  }

  private static Event release(String service, Instant startedAt) {
    return new Event.ReleaseReceived(
        new Release(
            "r9",
            "ci",
            service,
            "",
            Release.Change.DEPLOYED,
            Optional.empty(),
            Optional.empty(),
            startedAt,
            Optional.empty(),
            Optional.empty()));
  }
}
