package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.alert.Alert;
import dev.belay.core.alert.Door;
import dev.belay.core.engine.Run.Phase;
import dev.belay.core.incident.Notice;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Release;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Inspection;
import dev.belay.core.remediation.Observation;
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
    heal(scene, "a");
    scene.pass("59S");
    assertTrue(scene.state().brakeSince().isPresent());
    scene.pass("1S");
    assertTrue(scene.state().brakeSince().isEmpty());
    assertEquals(Phase.OBSERVING, scene.run().phase());
  }

  /** It let go once no other service followed, and the whole fleet was rolled back. */
  @Test
  void theBrakeHoldsAsLongAsTheStorm() {
    Scene scene = storm(Scene.troubled(fleet().core()), OTHERS);
    scene.pass(Duration.ofHours(2));
    assertTrue(scene.state().brakeSince().isPresent());
    scene.restart(Duration.ofMinutes(2)).pass("1S");
    assertTrue(scene.state().brakeSince().isPresent());
    heal(scene, "a");
    scene.pass("1S");
    assertTrue(scene.state().brakeSince().isEmpty());
  }

  @Test
  void whatWasWrongBeforeTheStormDoesNotKeepTheBrakeEngaged() {
    Scene scene = Scene.settled(new Rules().others("a", "b", "c", "d", "e", "f", "g").core());
    for (String chronic : List.of("e", "f", "g")) {
      storm(scene, List.of(chronic)).pass("61S");
    }
    storm(scene, List.of("a", "b", "c", "d", Scene.SHOP));
    assertTrue(scene.state().brakeSince().isPresent());
    heal(scene, "a");
    scene.pass("60S");
    assertTrue(scene.state().brakeSince().isEmpty());
  }

  private static void heal(Scene scene, String service) {
    Instant startsAt =
        scene.state().alert(Scene.labels(service, "Errors")).orElseThrow().startsAt();
    scene.send(
        Scene.alerts(
            Door.WEBHOOK,
            0,
            scene.alert(service, "Errors", false, startsAt, Optional.of(scene.now))));
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

  /** It went on to say that Belay was about to act, with a button to object. */
  @Test
  void whatPeopleWereWarnedOfIsToldToBeOffInAStorm() {
    Scene counting = Scene.troubled(fleet().mode(Mode.VETO).core()).observed();
    Scene seeking = Scene.troubled(fleet().mode(Mode.VETO).core()).observed().pass("30S");
    Scene proposed = Scene.troubled(fleet().mode(Mode.PROPOSE).core()).observed();
    assertEquals(Phase.PREFLIGHT, seeking.run().phase());
    for (Scene scene : List.of(counting, seeking, proposed)) {
      Notice last = lastOfTheShop(storm(scene, OTHERS));
      assertEquals(Notice.Kind.NOT_ACTING, last.kind());
      assertEquals("shop: Errors - watched", last.headline());
      assertEquals(Reason.STORM.sentence(), last.text());
      assertEquals(new Notice.Offer(Optional.empty()), last.offer().orElseThrow());
    }
  }

  @Test
  void inAStormNothingIsToldOfWhatNobodyWasWarnedOf() {
    Scene scene = Scene.troubled(fleet().core());
    assertEquals(Phase.OBSERVING, scene.run().phase());
    Notice before = lastOfTheShop(scene);
    assertEquals(before, lastOfTheShop(storm(scene, OTHERS)));
    assertEquals(Reason.STORM, scene.endOfRun());
  }

  private static Notice lastOfTheShop(Scene scene) {
    return scene.notices().stream()
        .filter(notice -> notice.service().equals(Scene.SHOP))
        .reduce((_, last) -> last)
        .orElseThrow();
  }

  /** It was called too late, and a countdown began anew once the storm was over. */
  @Test
  void whoObjectsInAStormToWhatItHasStoppedHasObjected() {
    Scene scene = Scene.troubled(fleet().mode(Mode.VETO).core()).observed();
    ActionId asked = scene.action();
    storm(scene, OTHERS).send(new Event.Vetoed("shop-1", asked, "ann"));
    assertEquals("ann objected.", lastOfTheShop(scene).text());
    assertEquals(Notice.Kind.ANSWERED, lastOfTheShop(scene).kind());
    heal(scene, "a");
    scene.restart(Duration.ofSeconds(5)).pass("60S");
    assertTrue(scene.state().brakeSince().isEmpty());
    scene.pass(Duration.ofMinutes(30));
    assertTrue(scene.shop().run().isEmpty());
    assertEquals(0, scene.intents());
    scene.send(new Event.Vetoed("shop-1", asked, "bob"));
    assertEquals(Reason.ANSWER_TOO_LATE, scene.reason(), "once");
  }

  /** Of what began in a storm only the end was published. */
  @Test
  void inAStormProgramsAreToldOfEveryBeginningAndEndAndPeopleOfNoBeginning() {
    Scene scene = inAStorm("kafka", "slack");
    assertEquals(List.of(List.of("kafka")), owed(scene, Notice.Kind.OPENED));
    heal(scene, "e");
    assertEquals(List.of(List.of("kafka", "slack")), owed(scene, Notice.Kind.CLOSED));
  }

  @Test
  void whereNoProgramIsToldABeginningInAStormIsToldNobody() {
    assertEquals(List.of(), owed(inAStorm("mail", "slack"), Notice.Kind.OPENED));
  }

  @Test
  void aBeginningInAStormIsForProgramsEvenWhereTheyAreToldNoMore() {
    Core core = new Rules().others("a", "b", "c", "d", "e").channels("slack").core();
    Scene scene = inAStorm("kafka", "slack").restart(Duration.ofMinutes(1), core);
    assertEquals(List.of(), owed(scene, Notice.Kind.OPENED));
  }

  /** The brake is engaged, and then one more service gets into trouble. */
  private static Scene inAStorm(String... channels) {
    Core core = new Rules().others("a", "b", "c", "d", "e").channels(channels).core();
    Scene scene = Scene.settled(core).send(new Event.Started());
    storm(scene, List.of("a", "b", "c", "d", Scene.SHOP));
    assertTrue(scene.state().brakeSince().isPresent());
    return storm(scene, List.of("e"));
  }

  /** To whom the notices of that kind about the service that came last are owed. */
  private static List<List<String>> owed(Scene scene, Notice.Kind kind) {
    return scene.state().owed().stream()
        .filter(debt -> debt.notice().service().equals("e"))
        .filter(debt -> debt.notice().kind() == kind)
        .map(Owed::to)
        .toList();
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
            Duration.ofMinutes(5),
            Settings.DEFAULT.alertRoom(),
            Settings.CrashLoop.DEFAULT,
            Listening.NONE);
    Scene scene = Scene.troubled(fleet().settings(one).core()).until(Phase.ACTING);
    scene.send(
        Scene.alerts(
            Door.WEBHOOK, 0, scene.alert("a", "Errors", true, scene.now, Optional.empty())));
    scene.send(release("a", scene.now.minusSeconds(5)));
    assertTrue(scene.state().service("a").orElseThrow().run().isEmpty());
    assertEquals(Reason.BUDGET_SPENT_OVER_ALL, scene.reason());
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
    ActionId asked = scene.action();
    scene.send(new Event.HoldAsked("ann", "stop"));
    scene.send(new Event.Approved(scene.incident().id(), asked, Optional.empty(), "bob"));
    assertTrue(scene.shop().run().isEmpty());
    assertEquals(0, scene.intents());
  }

  @Test
  void aVetoIsForTheWholeIncident() {
    Scene scene = Scene.troubled(new Rules().mode(Mode.VETO).core()).observed();
    scene
        .send(new Event.Vetoed(scene.incident().id(), scene.action(), "ann"))
        .pass(Duration.ofMinutes(30));
    assertTrue(scene.shop().run().isEmpty());
    assertEquals(1, scene.facts(Fact.PersonVetoed.class).size());
  }

  @Test
  void aWordAboutAnIncidentThatIsNotIsIgnored() {
    Scene scene = Scene.troubled(new Rules().mode(Mode.PROPOSE).core()).observed();
    ActionId action = scene.action();
    scene.send(new Event.Approved("shop-99", action, Optional.empty(), "ann"));
    scene.send(new Event.Vetoed("else-1", action, "ann"));
    scene.send(new Event.Approved("nothing", action, Optional.empty(), "ann"));
    assertEquals(Phase.PROPOSED, scene.run().phase());
  }

  @Test
  void anAnswerToAnEarlierStepChangesNothingAndIsToldSo() {
    Core core =
        new Rules()
            .whateverTheCause()
            .mode(Mode.PROPOSE)
            .ladder(Rules.flags(Duration.ofMinutes(5)), Rules.rateLimit(Duration.ofMinutes(5)))
            .core();
    Scene scene = Scene.settled(core).fire("Errors");
    ActionId first = scene.action();
    // The flags are so already, so the next step is asked about.
    scene.observed(RunTest.flags("false"));
    scene.observed(new Observation.OfManifests(List.of(Rules.LIMIT), List.of()));
    assertEquals(Phase.PROPOSED, scene.run().phase());
    scene.send(new Event.Approved(scene.incident().id(), first, Optional.empty(), "ann"));
    assertEquals(Reason.ANSWER_TOO_LATE, scene.reason());
    scene.send(new Event.Vetoed(scene.incident().id(), first, "ann"));
    assertEquals(Phase.PROPOSED, scene.run().phase(), "neither approved nor vetoed");
    assertEquals(2, scene.notices().stream().filter(WholeTest::tellsOfALateAnswer).count());
  }

  private static boolean tellsOfALateAnswer(Notice notice) {
    return notice.kind() == Notice.Kind.NOT_ACTING
        && notice.text().contains(Reason.ANSWER_TOO_LATE.sentence());
  }

  @Test
  void anObjectionToWhatHasBegunIsToldThatItIsTooLate() {
    Scene scene = Scene.troubled(new Rules().core()).until(Phase.ACTING);
    scene.send(new Event.Vetoed(scene.incident().id(), scene.action(), "ann"));
    assertEquals(Phase.ACTING, scene.run().phase());
    assertEquals(Reason.ANSWER_TOO_LATE, scene.reason());
  }

  @Test
  void anAnswerAfterTheEndIsTooLate() {
    Scene scene = Scene.troubled(new Rules().mode(Mode.VETO).core()).observed();
    ActionId asked = scene.action();
    scene.resolve("Errors");
    assertTrue(scene.shop().incident().isEmpty());
    scene.send(new Event.Approved("shop-1", asked, Optional.empty(), "ann"));
    assertEquals(Reason.ANSWER_TOO_LATE, scene.reason());
  }

  @Test
  void saysWhyItGoesAhead() {
    Scene alone = Scene.troubled(new Rules().core()).observed();
    assertEquals(List.of(Reason.RELEASE_TO_BLAME, Reason.MODE_ACT), decisions(alone));
    Scene unopposed = Scene.troubled(new Rules().mode(Mode.VETO).core()).observed();
    assertEquals(List.of(Reason.RELEASE_TO_BLAME), decisions(unopposed), "not yet");
    unopposed.pass("30S");
    assertEquals(
        List.of(Reason.RELEASE_TO_BLAME, Reason.VETO_WINDOW_ELAPSED), decisions(unopposed));
    Scene approved = Scene.troubled(new Rules().mode(Mode.PROPOSE).core()).observed();
    approved.send(
        new Event.Approved(approved.incident().id(), approved.action(), Optional.empty(), "ann"));
    assertEquals(List.of(Reason.RELEASE_TO_BLAME, Reason.APPROVED), decisions(approved));
    int notices = approved.notices().size();
    approved.restart(Duration.ofSeconds(5)).ready();
    assertEquals(2, decisions(approved).size(), "once, however often it is taken up");
    assertEquals(notices, approved.notices().size());
  }

  @Test
  void saysOnceThatALeaseHasEnded() {
    Scene scene = LeaseTest.mitigated(Duration.ofMinutes(30)).resolve("Errors");
    scene.pass(Duration.ofMinutes(30));
    assertEquals(Reason.LEASE_ENDED, decisions(scene).getLast());
    int before = decisions(scene).size();
    scene.restart(Duration.ofSeconds(5));
    scene.inspected(scene.shop().leases().getFirst(), Inspection.Finding.UNTOUCHED);
    assertEquals(before, decisions(scene).size());
  }

  private static List<Reason> decisions(Scene scene) {
    return scene.facts(Fact.Decided.class).stream()
        .filter(Fact.Decided::act)
        .map(Fact.Decided::reason)
        .toList();
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
