package dev.belay.core.engine;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.alert.Alert;
import dev.belay.core.alert.Door;
import dev.belay.core.alert.Labels;
import dev.belay.core.engine.RevisionRecord.Judgement;
import dev.belay.core.engine.Run.Phase;
import dev.belay.core.incident.Notice;
import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.Settlement;
import dev.belay.core.rule.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Belay no longer hears of it does not judge by: neither well nor ill. */
class SilenceTest {
  private static final Duration MISSING = Duration.ofMinutes(5);

  private static Rules listening(Input... inputs) {
    Map<Input, Duration> after = new TreeMap<>();
    List.of(inputs)
        .forEach(input -> after.put(input, input == Input.ALERTS ? MISSING : Listening.PATIENCE));
    return new Rules()
        .settings(
            Rules.settings(Mode.ACT)
                .withListening(
                    new Listening(
                        after.containsKey(Input.ALERTS)
                            ? Optional.of("Watchdog")
                            : Optional.empty(),
                        after,
                        false)));
  }

  private static Core alerts() {
    return listening(Input.ALERTS).core();
  }

  private static Scene watchdog(Scene scene, Door door, boolean firing) {
    return scene.send(
        Scene.alerts(
            door,
            0,
            new Alert(
                Labels.of(Map.of("alertname", "Watchdog", "app", Scene.SHOP)),
                new TreeMap<>(),
                firing,
                Scene.START,
                firing ? Optional.empty() : Optional.of(scene.now),
                scene.now.plus(Duration.ofMinutes(4)),
                "")));
  }

  private static Scene watchdog(Scene scene) {
    return watchdog(scene, Door.WEBHOOK, true);
  }

  private static Scene back(Scene scene) {
    return watchdog(watchdog(scene).pass("30S"));
  }

  /** For so long the alert that always fires comes in every half minute. */
  private static Scene heard(Scene scene, Duration duration) {
    Instant until = scene.now.plus(duration);
    while (scene.now.isBefore(until)) {
      watchdog(scene).pass("30S");
    }
    return watchdog(scene);
  }

  /** Where a rollback did not help, flags are set. */
  private static Core twoSteps(Input... listened) {
    return listening(listened)
        .ladder(Rules.unverified(Rules.rollback()), Rules.flags(Duration.ofMinutes(9)))
        .core();
  }

  /** A rollback that is being verified, with alerts alive. */
  private static Scene verifying(Core core) {
    Scene scene = Scene.troubled(core);
    scene.send(new Event.Started());
    return watchdog(scene).until(Phase.VERIFYING);
  }

  private static Scene silent(Scene scene) {
    scene.pass(MISSING.plusSeconds(31));
    assertTrue(is(scene, Input.ALERTS));
    return scene;
  }

  private static boolean is(Scene scene, Input input) {
    return scene.state().input(input).filter(InputState::silent).isPresent();
  }

  private static boolean verifies(Scene scene) {
    return scene.shop().run().filter(run -> run.phase() == Phase.VERIFYING).isPresent();
  }

  private static long told(Scene scene) {
    return scene.notices().stream().filter(it -> it.incident().equals(State.WHOLE)).count();
  }

  private static Notice newest(Scene scene) {
    return scene.notices().stream()
        .filter(it -> it.incident().equals(State.WHOLE))
        .reduce((_, last) -> last)
        .orElseThrow();
  }

  // ---- who is silent

  @Test
  void aWatchdogThatWasNeverSeenIsMissedFromTheStartOn() {
    Scene scene = new Scene(alerts()).send(new Event.Started()).pass("300S");
    assertFalse(is(scene, Input.ALERTS));
    scene.pass("31S");
    assertTrue(is(scene, Input.ALERTS));
    assertEquals(1, told(scene));
    assertEquals(
        "Nothing is heard of alerts since 12:00:00 UTC: alert Watchdog did not come in. Until that"
            + " is over, Belay concludes nothing from their absence: no remediation counts as"
            + " verified, no revision as known good, and no incident is closed. An alert that comes"
            + " in is believed all the same. Check that Prometheus runs and has the rule of that"
            + " alert, that Alertmanager runs, and that its route for it leads here.",
        newest(scene).text());
    assertEquals("Belay hears nothing of: alerts", newest(scene).headline());
  }

  @Test
  void theWatchdogIsNoTroubleAndIsNotRemembered() {
    Scene scene = new Scene(alerts()).send(new Event.Started());
    heard(scene, Duration.ofMinutes(20));
    assertTrue(scene.state().alerts().isEmpty());
    assertEquals(0, scene.facts(Fact.IncidentOpened.class).size());
    assertFalse(is(scene, Input.ALERTS));
    assertEquals(0, told(scene));
  }

  @Test
  void oneSignOfLifeByChanceIsNoReturn() {
    Scene scene = silent(new Scene(alerts()).send(new Event.Started()));
    for (int i = 0; i < 20; i++) {
      watchdog(watchdog(scene), Door.API_V2, true).pass(MISSING.plusSeconds(31));
      assertTrue(is(scene, Input.ALERTS));
    }
    assertEquals(1, told(scene));
  }

  @Test
  void aSignOfLifeThatAddsLittleIsNotWrittenDown() {
    Scene scene = new Scene(alerts()).send(new Event.Started()).pass("60S");
    watchdog(scene);
    assertEquals(1, scene.lastFacts().size());
    watchdog(scene);
    scene.pass("29S");
    watchdog(scene, Door.API_V2, true);
    assertEquals(List.of(), scene.lastFacts());
    scene.pass("1S");
    watchdog(scene, Door.API_V2, true);
    assertEquals(1, scene.lastFacts().size());
  }

  @Test
  void oneSignOfLifeSufficesWhoeverSendsIt() {
    Scene scene = new Scene(alerts()).send(new Event.Started());
    for (int i = 0; i < 20; i++) {
      watchdog(scene, Door.API_V2, true);
      watchdog(scene, Door.WEBHOOK, false).pass("60S");
    }
    assertFalse(is(scene, Input.ALERTS));
  }

  @Test
  void aWatchdogThatIsResolvedIsASilence() {
    Scene scene = watchdog(new Scene(alerts()).send(new Event.Started()));
    for (int i = 0; i < 6; i++) {
      watchdog(scene.pass("60S"), Door.WEBHOOK, false);
    }
    assertTrue(is(scene, Input.ALERTS));
    assertTrue(newest(scene).text().contains(": alert Watchdog came in resolved. Until"));
  }

  @Test
  void thatBelayEvaluatesTheWatchdogItselfSaysNothingOfThoseWhoSend() {
    Scene scene = new Scene(alerts()).send(new Event.Started());
    for (int i = 0; i < 6; i++) {
      watchdog(scene.pass("60S"), Door.RULES, true);
    }
    assertTrue(is(scene, Input.ALERTS));
    assertEquals(0, scene.facts(Fact.IncidentOpened.class).size());
  }

  @Test
  void aSilenceIsToldOnceAndItsEndOnceAcrossRestartsToo() {
    Core core = alerts();
    Scene scene = silent(new Scene(core).send(new Event.Started()));
    scene.restart(Duration.ofMinutes(1), core).pass("600S");
    assertTrue(is(scene, Input.ALERTS));
    assertEquals(1, told(scene));
    back(scene);
    assertEquals(2, told(scene));
    assertEquals(
        "Belay hears of alerts again, of which nothing was heard since 12:00:00 UTC.",
        newest(scene).text());
    assertEquals("Belay is at work", newest(scene).headline());
    watchdog(scene.pass("60S"));
    assertEquals(2, told(scene));
  }

  @Test
  void aRestartWaitsAnewForWhatWasNotSilent() {
    Core core = alerts();
    Scene scene = watchdog(new Scene(core).send(new Event.Started()));
    scene.restart(Duration.ofHours(8), core);
    assertFalse(is(scene.pass("300S"), Input.ALERTS));
    assertTrue(is(scene.pass("31S"), Input.ALERTS));
  }

  @Test
  void aPauseOfTheProcessIsNoSilence() {
    Scene scene = watchdog(new Scene(alerts()).send(new Event.Started()));
    scene.now = scene.now.plus(Duration.ofHours(1));
    assertFalse(is(scene.send(new Event.TimePassed()), Input.ALERTS));
    assertFalse(is(scene.pass("300S"), Input.ALERTS));
    assertTrue(is(scene.pass("31S"), Input.ALERTS));
  }

  @Test
  void whatTheConfigurationNoLongerExpectsIsNotMissed() {
    Scene scene = silent(new Scene(alerts()).send(new Event.Started()));
    scene.restart(Duration.ofMinutes(1), new Rules().core()).pass("900S");
    assertEquals(List.of(), scene.state().inputs());
    assertEquals(2, told(scene));
  }

  @Test
  void anInputThatSaysWhatAilsItIsSilentAfterItsTimeAndSaysWhy() {
    Scene scene = new Scene(listening(Input.CLUSTER).core()).send(new Event.Started());
    for (int i = 0; i < 5; i++) {
      scene.send(new Event.InputSeen(Input.CLUSTER, Optional.of("no answer"))).pass("30S");
    }
    assertTrue(is(scene, Input.CLUSTER));
    assertEquals(1, told(scene));
    assertTrue(newest(scene).text().contains("since 12:00:00 UTC: no answer. Until that is over"));
    clusterBack(scene);
  }

  @Test
  void ofWhatIsNotListenedToNothingIsSaid() {
    Scene scene = new Scene(new Rules().core()).send(new Event.Started());
    scene.send(new Event.InputSeen(Input.KAFKA, Optional.of("gone"))).pass("900S");
    assertEquals(List.of(), scene.state().inputs());
  }

  // ---- what is not concluded

  @Test
  void aVerificationIsNotBelievedInASilenceAndIsAfterwards() {
    Core core =
        listening(Input.ALERTS).ladder(Rules.unverified(Rules.rollback()), Rules.page()).core();
    Scene scene = silent(verifying(core)).resolve("Errors").pass("60S");
    assertEquals(Phase.VERIFYING, scene.run().phase());
    back(scene);
    assertEquals(Reason.VERIFIED, scene.endOfRun());
    assertEquals(Reason.VERIFIED, scene.facts(Fact.IncidentClosed.class).getLast().reason());
  }

  @Test
  void aVerificationInASilenceEndsAtItsTimeWithAPersonBeingCalled() {
    Scene scene = verifying(twoSteps(Input.ALERTS));
    silent(scene).pass("300S");
    assertEquals(Reason.INPUT_SILENT, scene.endOfRun());
    assertEquals(1, scene.intents(), "the next step would be a guess");
    List<Notice> pages =
        scene.notices().stream().filter(it -> it.kind() == Notice.Kind.PAGE).toList();
    assertEquals(1, pages.size());
    assertTrue(pages.getFirst().text().contains("[silent: alerts since "), pages::toString);
    assertTrue(scene.shop().incident().isPresent());
  }

  @Test
  void theTimeOfASilenceDoesNotCountForAVerification() {
    Scene scene = verifying(twoSteps(Input.ALERTS));
    Instant until = scene.run().deadline();
    silent(scene).pass("60S");
    Instant since = scene.state().input(Input.ALERTS).orElseThrow().silentSince().orElseThrow();
    back(scene);
    assertEquals(until.plus(Duration.between(since, scene.now)), scene.run().deadline());
    heard(scene, Duration.between(scene.now, scene.run().deadline()).plusSeconds(1));
    assertEquals(Reason.STEP_DID_NOT_HELP, scene.reason(), "now that is certain");
  }

  @Test
  void silencesProlongAVerificationByOneWindowAtMost() {
    Scene scene = verifying(twoSteps(Input.ALERTS));
    Instant until = scene.run().deadline();
    Duration window = Duration.between(scene.now, until);
    for (int i = 0; verifies(scene); i++) {
      assertTrue(i < 10, "it never ends");
      back(silent(scene));
    }
    assertFalse(scene.now.isAfter(until.plus(window).plus(MISSING)), scene.now::toString);
  }

  @Test
  void theTimeInWhichTwoInputsAreSilentCountsOnce() {
    Scene scene = verifying(twoSteps(Input.ALERTS, Input.CLUSTER));
    scene.send(new Event.InputSeen(Input.CLUSTER, Optional.empty()));
    Instant since = scene.now;
    Instant until = scene.run().deadline();
    watchdog(scene);
    silent(scene);
    assertTrue(is(scene, Input.CLUSTER));
    watchdog(scene).send(new Event.InputSeen(Input.CLUSTER, Optional.empty())).pass("30S");
    watchdog(scene).send(new Event.InputSeen(Input.CLUSTER, Optional.empty()));
    assertEquals(List.of(), scene.state().silent());
    assertEquals(until.plus(Duration.between(since, scene.now)), scene.run().deadline());
  }

  @Test
  void noIncidentIsClosedInASilence() {
    Scene scene = new Scene(alerts()).send(new Event.Started());
    watchdog(scene).fire("Throttling");
    silent(scene).resolve("Throttling").pass("600S");
    assertTrue(scene.shop().incident().isPresent());
    back(scene);
    assertFalse(scene.shop().incident().isPresent());
  }

  @Test
  void thatAnAlertFellSilentIsItsEndOnlyOnceItsInputIsHeardOfAgain() {
    Scene scene = new Scene(alerts()).send(new Event.Started());
    watchdog(scene).fireFor("Throttling", Duration.ofMinutes(1)).pass("120S");
    assertTrue(scene.shop().firing().isEmpty());
    assertTrue(scene.shop().incident().isPresent(), "the input may be dead by now");
    watchdog(scene).pass("15S");
    assertEquals(Reason.STALE, scene.facts(Fact.IncidentClosed.class).getLast().reason());
  }

  @Test
  void aRestartIsNoSignOfLife() {
    Core core = alerts();
    Scene scene = new Scene(core).send(new Event.Started());
    watchdog(scene).fireFor("Throttling", Duration.ofMinutes(1)).pass("120S");
    scene.restart(Duration.ofSeconds(20), core).pass("15S");
    assertTrue(scene.shop().incident().isPresent());
    watchdog(scene).pass("15S");
    assertEquals(Reason.STALE, scene.facts(Fact.IncidentClosed.class).getLast().reason());
  }

  @Test
  void anAlertThatFallsSilentWhileNobodyListensHasNotEnded() {
    Core core = alerts();
    Scene scene = new Scene(core).send(new Event.Started());
    watchdog(scene).fireFor("Throttling", Duration.ofMinutes(1));
    scene.restart(Duration.ofMinutes(10), core).pass("60S");
    assertTrue(scene.shop().firing().isEmpty());
    assertTrue(scene.shop().incident().isPresent());
    watchdog(scene).pass("15S");
    assertFalse(scene.shop().incident().isPresent());
  }

  @Test
  void anAlertThatComesInDuringASilenceIsBelievedAndActedUpon() {
    Scene scene = Scene.settled(alerts()).send(new Event.Started());
    silent(scene).release("r2").workload(Scene.NEW, true).pass("30S").fire("Errors");
    assertEquals(1, scene.until(Phase.VERIFYING).intents());
  }

  @Test
  void whatCalledForAnActionAndEndsInASilenceIsNotTakenForCured() {
    Scene scene = Scene.settled(alerts()).send(new Event.Started());
    silent(scene).release("r2").workload(Scene.NEW, true).pass("30S").fire("Errors");
    scene.resolve("Errors");
    assertEquals(Reason.INPUT_SILENT, scene.endOfRun());
    assertEquals(0, scene.intents());
    assertTrue(scene.shop().incident().isPresent());
  }

  @Test
  void timeInWhichAlertsWereSilentIsNotCountedForARevision() {
    Scene scene = new Scene(alerts()).send(new Event.Started());
    for (int i = 0; i < 8; i++) {
      watchdog(scene).well(Duration.ofMinutes(1));
    }
    // It dies, which is noticed after more than five minutes.
    scene.well(Duration.ofMinutes(9));
    assertTrue(is(scene, Input.ALERTS));
    is(Judgement.UNPROVEN, scene);
    back(scene).well(Duration.ofMinutes(1));
    is(Judgement.UNPROVEN, scene);
    for (int i = 0; i < 4; i++) {
      watchdog(scene).well(Duration.ofMinutes(1));
    }
    is(Judgement.GOOD, watchdog(scene).well(Duration.ofSeconds(30)));
  }

  private static void is(Judgement expected, Scene scene) {
    assertEquals(expected, scene.shop().present().orElseThrow().judgement());
  }

  // ---- the cluster

  private static Scene clusterSilent(Scene scene) {
    scene.send(new Event.InputSeen(Input.CLUSTER, Optional.of("no answer"))).pass("133S");
    assertTrue(is(scene, Input.CLUSTER));
    return scene;
  }

  private static Scene clusterBack(Scene scene) {
    scene.send(new Event.InputSeen(Input.CLUSTER, Optional.empty())).pass("15S");
    scene.send(new Event.InputSeen(Input.CLUSTER, Optional.empty()));
    assertFalse(is(scene, Input.CLUSTER));
    return scene;
  }

  private static Scene troubled(Core core) {
    Scene scene = Scene.settled(core).send(new Event.Started());
    scene.send(new Event.InputSeen(Input.CLUSTER, Optional.empty()));
    return scene.release("r2").workload(Scene.NEW, true).fire("Errors");
  }

  @Test
  void aSilentClusterTakesNoProposalBack() {
    Scene scene = troubled(listening(Input.CLUSTER).mode(Mode.PROPOSE).core());
    scene.until(Phase.PROPOSED);
    for (int i = 0; i < 4; i++) {
      assertEquals(Phase.PROPOSED, clusterSilent(scene).run().phase());
      clusterBack(scene);
    }
    Run run = scene.run();
    scene.send(new Event.Approved(run.incident(), run.action(), Optional.empty(), "ada"));
    assertEquals(1, scene.until(Phase.VERIFYING).intents());
  }

  @Test
  void aCountdownThatRunsOutInASilentClusterBeginsAnewOnceItIsBackHoweverOften() {
    Mode mode = new Mode(Mode.Kind.VETO, Duration.ofMinutes(3));
    Scene scene = troubled(listening(Input.CLUSTER).mode(mode).core());
    for (int i = 0; i < 4; i++) {
      scene.until(Phase.COUNTDOWN);
      assertEquals(Phase.COUNTDOWN, clusterSilent(scene).run().phase());
      scene.pass("60S");
      assertEquals(Reason.INPUT_SILENT, scene.endOfRun());
      clusterBack(scene);
    }
    clusterBack(scene.until(Phase.COUNTDOWN).pass("90S")).pass("90S");
    assertEquals(1, scene.until(Phase.VERIFYING).intents());
  }

  @Test
  void whatTheClusterDidNotAnswerBeforeItWasFoundSilentIsTakenUpOnceItIsBack() {
    Scene scene = troubled(listening(Input.CLUSTER).core()).pass("121S");
    assertFalse(is(scene, Input.CLUSTER));
    assertEquals(Reason.CLUSTER_UNAVAILABLE, scene.facts(Fact.RunEnded.class).getLast().reason());
    scene.pass("60S");
    assertEquals(Reason.INPUT_SILENT, scene.endOfRun());
    assertEquals(1, clusterBack(scene).until(Phase.VERIFYING).intents());
  }

  @Test
  void whatTheClusterNeverAnswersIsGivenUp() {
    Scene scene = troubled(new Rules().core()).pass(Duration.ofHours(1));
    assertEquals(3, scene.facts(Fact.RunEnded.class).size());
    assertEquals(Reason.CLUSTER_UNAVAILABLE, scene.endOfRun());
    assertFalse(scene.shop().run().isPresent());
  }

  @Test
  void nothingIsBegunInAClusterOfWhichNothingIsHeardAndOnceItIsBackItIs() {
    Scene scene = Scene.settled(listening(Input.CLUSTER).core()).send(new Event.Started());
    scene.release("r2").workload(Scene.NEW, true);
    clusterSilent(scene).fire("Errors").pass("600S");
    assertEquals(Reason.INPUT_SILENT, scene.reason());
    assertEquals(1, scene.notices().stream().filter(it -> it.kind() == Notice.Kind.PAGE).count());
    assertFalse(scene.shop().run().isPresent());
    clusterBack(scene);
    assertEquals(1, scene.until(Phase.VERIFYING).intents());
  }

  @Test
  void whatWasToBeDoneIsNotDoneWhenTheClusterFallsSilent() {
    Scene scene = Scene.settled(listening(Input.CLUSTER).core()).send(new Event.Started());
    scene.send(new Event.InputSeen(Input.CLUSTER, Optional.of("no answer"))).pass("100S");
    scene.release("r2").workload(Scene.NEW, true).fire("Errors").pass("60S");
    assertEquals(Reason.INPUT_SILENT, scene.endOfRun());
  }

  @Test
  void aRolloutThatNobodySeesIsNotSaidToBeStuck() {
    Scene scene = Scene.troubled(listening(Input.CLUSTER).core()).send(new Event.Started());
    scene.until(Phase.SETTLING).settlement(new Settlement.Progressing("1 of 2"));
    clusterSilent(scene).pass("600S");
    assertEquals(Reason.INPUT_SILENT, scene.endOfRun());
  }

  @Test
  void aRolloutThatNobodySawGetsALookBeforeItIsSaidToBeStuck() {
    Scene scene = Scene.troubled(listening(Input.CLUSTER).core()).send(new Event.Started());
    scene.send(new Event.InputSeen(Input.CLUSTER, Optional.empty())).until(Phase.SETTLING);
    Instant end = scene.run().end();
    while (scene.now.isBefore(end.minusSeconds(180))) {
      scene.send(new Event.InputSeen(Input.CLUSTER, Optional.empty())).pass("15S");
    }
    clusterSilent(scene).pass(Duration.between(scene.now, end.minusSeconds(16)));
    clusterBack(scene).pass("16S");
    assertEquals(Phase.SETTLING, scene.run().phase());
    scene.settlement(new Settlement.Settled("done"));
    assertEquals(Phase.VERIFYING, scene.run().phase());
  }

  @Test
  void thatNoReleaseIsToBlameIsSaidWithTheSilenceOfThoseWhoAnnounceThem() {
    Scene scene = Scene.settled(listening(Input.KAFKA).core()).send(new Event.Started());
    scene.pass("133S").fire("Errors");
    Fact.Decided refused = scene.facts(Fact.Decided.class).getLast();
    assertEquals(Reason.NO_RELEASE, refused.reason());
    assertEquals("silent", refused.evidence().getLast().what());
  }

  // ---- Prometheus, and what it scrapes

  /** Listens to these; what is measured by Prometheus, and by probes, rests on them. */
  private static Core measured(Input... listened) {
    return listening(listened).onTrigger().probed().core();
  }

  private static Scene says(Scene scene, Input input, Optional<String> trouble, Duration during) {
    Instant until = scene.now.plus(during);
    while (scene.now.isBefore(until)) {
      Event event =
          switch (input) {
            case SCRAPES ->
                new Event.ScrapesSeen(
                    trouble,
                    Set.of(),
                    trouble.isPresent() ? List.of(Labels.of("app", Scene.SHOP)) : List.of());
            case PROBES ->
                new Event.ProbesSeen(trouble, trouble.isPresent() ? Set.of(Scene.SHOP) : Set.of());
            case ALERTS, CLUSTER, KAFKA, PROMETHEUS -> new Event.InputSeen(input, trouble);
          };
      scene.send(event).read(Rules.ERRORS.name(), 0.01).pass("30S");
    }
    return scene;
  }

  private static final Optional<String> WELL = Optional.empty();
  private static final Optional<String> AMISS = Optional.of("the scrape of job shop fails");

  @ParameterizedTest
  @EnumSource(
      value = Input.class,
      names = {"PROMETHEUS", "SCRAPES", "PROBES"})
  void whatPrometheusDoesNotSayIsToldOnceAndSoIsItsEnd(Input input) {
    Core core = measured(input);
    Scene scene = says(new Scene(core).send(new Event.Started()), input, WELL, ofMinutes(1));
    says(scene, input, AMISS, ofMinutes(10));
    assertTrue(is(scene, input));
    assertEquals(1, told(scene));
    assertTrue(newest(scene).text().contains(": the scrape of job shop fails. Until that is over"));
    scene.restart(ofMinutes(1), core);
    says(scene, input, AMISS, ofMinutes(10));
    assertEquals(1, told(scene));
    says(scene, input, WELL, ofMinutes(2));
    assertFalse(is(scene, input));
    assertEquals(2, told(scene));
  }

  @ParameterizedTest
  @EnumSource(
      value = Input.class,
      names = {"PROMETHEUS", "SCRAPES", "PROBES"})
  void noIncidentIsClosedWhilePrometheusDoesNotSay(Input input) {
    Scene scene = new Scene(measured(input)).send(new Event.Started());
    says(scene, input, WELL, ofMinutes(1)).fire("Errors");
    says(scene, input, AMISS, ofMinutes(3)).resolve("Errors");
    says(scene, input, AMISS, ofMinutes(10));
    assertTrue(scene.shop().incident().isPresent());
    says(scene, input, WELL, ofMinutes(2));
    assertFalse(scene.shop().incident().isPresent());
  }

  @ParameterizedTest
  @EnumSource(
      value = Input.class,
      names = {"PROMETHEUS", "SCRAPES", "PROBES"})
  void noRevisionIsCertifiedWhilePrometheusDoesNotSay(Input input) {
    Scene scene = new Scene(measured(input)).send(new Event.Started());
    says(scene, input, WELL, ofMinutes(1));
    soak(scene, input, AMISS, 40);
    is(Judgement.UNPROVEN, scene);
    soak(scene, input, WELL, 14);
    is(Judgement.GOOD, scene);
  }

  private static void soak(Scene scene, Input input, Optional<String> trouble, int minutes) {
    for (int i = 0; i < minutes; i++) {
      says(scene, input, trouble, ofMinutes(1)).workload(Scene.OLD, true);
    }
  }

  @Test
  void aScrapeThatFailsConcernsNobodyElse() {
    Scene scene = new Scene(measured(Input.SCRAPES)).send(new Event.Started());
    says(scene, Input.SCRAPES, WELL, ofMinutes(1)).fire("Errors");
    for (int i = 0; i < 10; i++) {
      scene.send(new Event.ScrapesSeen(AMISS, Set.of("pay"), List.of())).pass("30S");
    }
    assertTrue(is(scene, Input.SCRAPES));
    scene.resolve("Errors").pass("15S");
    assertFalse(scene.shop().incident().isPresent());
  }

  @Test
  void thatAScrapeFailsCountsAtOnceAndIsToldLater() {
    Scene scene = new Scene(measured(Input.SCRAPES)).send(new Event.Started());
    says(scene, Input.SCRAPES, WELL, ofMinutes(1)).fire("Errors");
    says(scene, Input.SCRAPES, AMISS, ofSeconds(30)).resolve("Errors").pass("15S");
    assertTrue(scene.shop().incident().isPresent());
    assertEquals(0, told(scene));
    says(scene, Input.SCRAPES, WELL, ofSeconds(30));
    assertFalse(scene.shop().incident().isPresent());
    assertEquals(0, told(scene));
    assertEquals(
        Optional.empty(),
        scene.state().input(Input.SCRAPES).orElseThrow().services(),
        "it is over");
  }

  /** The end of the window of a rollback that did not help yet, and a scrape that fails then. */
  private static Scene unscrapedAtTheEndOfTheWindow() {
    Scene scene = Scene.settled(measured(Input.SCRAPES)).pass("300S");
    scene.release("r2").workload(Scene.NEW, true).send(new Event.Started());
    failing(scene, scene.now.plusSeconds(150));
    scene.until(Phase.VERIFYING);
    failing(scene, scene.run().deadline().minusSeconds(20));
    return says(scene, Input.SCRAPES, AMISS, ofSeconds(60));
  }

  private static void failing(Scene scene, Instant until) {
    while (scene.now.isBefore(until)) {
      scene.send(new Event.ScrapesSeen(WELL, Set.of(), List.of()));
      scene.read(Rules.ERRORS.name(), 0.2).pass("10S");
    }
  }

  @Test
  void aScrapeThatFailsForAMomentEndsNoVerification() {
    Scene scene = unscrapedAtTheEndOfTheWindow();
    assertTrue(verifies(scene));
    says(scene, Input.SCRAPES, WELL, ofSeconds(30));
    assertEquals(Reason.VERIFIED, scene.endOfRun());
  }

  @Test
  void aScrapeThatFailsForLongerDoes() {
    Scene scene = unscrapedAtTheEndOfTheWindow();
    says(scene, Input.SCRAPES, AMISS, ofMinutes(2));
    assertEquals(Reason.INPUT_SILENT, scene.endOfRun());
  }

  @Test
  void whomAScrapeConcernsMayChangeWhileItFailsAndIsNotToldAgain() {
    Scene scene = new Scene(measured(Input.SCRAPES)).send(new Event.Started());
    scene.fire("Errors");
    for (int i = 0; i < 10; i++) {
      scene.send(new Event.ScrapesSeen(AMISS, Set.of("pay"), List.of())).pass("30S");
    }
    scene.send(new Event.ScrapesSeen(AMISS, Set.of("pay", Scene.SHOP), List.of()));
    scene.resolve("Errors").pass("30S");
    assertTrue(scene.shop().incident().isPresent());
    scene.send(new Event.ScrapesSeen(AMISS, Set.of("pay"), List.of()));
    assertFalse(scene.shop().incident().isPresent());
    assertEquals(1, told(scene));
  }

  // ---- probes

  private static final Optional<String> UNASKED = Optional.of("no probe says anything of pay");

  @Test
  void aServiceThatCannotBeProbedConcernsNobodyElse() {
    Scene scene = new Scene(measured(Input.PROBES)).send(new Event.Started());
    says(scene, Input.PROBES, WELL, ofMinutes(1)).fire("Errors");
    for (int i = 0; i < 10; i++) {
      scene.send(new Event.ProbesSeen(UNASKED, Set.of("pay"))).pass("30S");
    }
    assertTrue(is(scene, Input.PROBES));
    scene.resolve("Errors").pass("15S");
    assertFalse(scene.shop().incident().isPresent());
  }

  @Test
  void whoIsNotProbedRestsOnNoProbe() {
    Core core = listening(Input.PROBES).onTrigger().core();
    Scene scene = new Scene(core).send(new Event.Started()).fire("Errors");
    says(scene, Input.PROBES, AMISS, ofMinutes(5)).resolve("Errors").pass("15S");
    assertTrue(is(scene, Input.PROBES));
    assertFalse(scene.shop().incident().isPresent());
  }

  @Test
  void whoseProbesCannotBeMadeMayChangeAndIsToldOnceAndSoIsTheEnd() {
    Scene scene = new Scene(measured(Input.PROBES)).send(new Event.Started());
    says(scene, Input.PROBES, WELL, ofMinutes(1));
    for (int i = 0; i < 20; i++) {
      scene.send(new Event.ProbesSeen(UNASKED, Set.of(i % 2 == 0 ? "pay" : Scene.SHOP)));
      scene.pass("30S");
    }
    assertEquals(1, told(scene));
    assertEquals("Belay hears nothing of: the probes of some services", newest(scene).headline());
    says(scene, Input.PROBES, WELL, ofMinutes(2));
    assertEquals(2, told(scene));
    assertEquals("Belay is at work", newest(scene).headline());
  }

  @Test
  void whoProbesAndSaysNothingAnyMoreIsMissed() {
    Scene scene = new Scene(measured(Input.PROBES)).send(new Event.Started());
    says(scene, Input.PROBES, WELL, ofMinutes(1)).pass("133S");
    assertTrue(is(scene, Input.PROBES));
    assertTrue(newest(scene).text().contains(": nothing was heard of it. Until"));
  }

  @Test
  void whereNothingIsProbedNothingIsWrittenOfProbes() {
    Scene scene = new Scene(listening(Input.CLUSTER).core()).send(new Event.Started());
    scene.send(new Event.ProbesSeen(Optional.empty(), Set.of()));
    assertEquals(List.of(), scene.lastFacts());
    scene.send(new Event.ProbesSeen(UNASKED, Set.of(Scene.SHOP)));
    assertEquals(List.of(), scene.lastFacts());
  }
}
