package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.incident.Blame;
import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Release;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.rule.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlameTest {
  private static final String THIRD = "digest-3";

  private static Scene deployed(Core core) {
    Scene scene = Scene.settled(core).pass("300S");
    return scene.release("r2").workload(Scene.NEW, true).pass("60S");
  }

  private static void assertRefused(Reason reason, Scene scene) {
    assertTrue(scene.shop().run().isEmpty());
    assertEquals(reason, scene.reason());
    assertFalse(scene.facts(Fact.Decided.class).getLast().evidence().isEmpty());
    assertEquals(0, scene.intents());
  }

  @Test
  void blamesTheReleaseOfTheWindowAndShowsItsEvidence() {
    Scene scene = deployed(new Rules().core()).fire("Errors");
    Fact.Decided decided = scene.facts(Fact.Decided.class).getLast();
    assertEquals(Reason.RELEASE_TO_BLAME, decided.reason());
    assertTrue(decided.act());
    assertEquals(
        List.of("trouble", "for: release", "for: Errors"),
        decided.evidence().stream().map(Evidence::what).toList());
  }

  @Test
  void evidenceHasTimesToTheSecond() {
    Scene scene = deployed(new Rules().core()).pass(Duration.ofNanos(808_378_171));
    scene.fire("Errors");
    List<String> began =
        scene.facts(Fact.Decided.class).getLast().evidence().stream()
            .map(Evidence::value)
            .filter(value -> value.contains("began"))
            .toList();
    assertEquals(2, began.size());
    began.forEach(value -> assertFalse(value.contains("."), value));
  }

  @Test
  void blamesNoReleaseOutsideTheWindow() {
    Scene scene = deployed(new Rules().core()).pass(Duration.ofMinutes(60)).fire("Errors");
    assertRefused(Reason.NO_RELEASE, scene);
  }

  @Test
  void thatAnAlertEndedInBetweenIsSaidOfOneThatVetoes() {
    Scene scene = Scene.settled(new Rules().core()).fire("Errors").pass("60S").resolve("Errors");
    scene.pass("10M").release("r2").workload(Scene.NEW, true).pass("60S").fire("Errors");
    assertEquals(Reason.OLDER_THAN_RELEASE, scene.reason());
    assertTrue(
        scene.facts(Fact.Decided.class).getLast().evidence().stream()
            .filter(piece -> piece.what().equals("against: Errors"))
            .anyMatch(piece -> piece.value().endsWith(", ended, and came back")));
  }

  @Test
  void aSymptomOlderThanTheReleaseVetoes() {
    Scene scene = deployed(new Rules().core());
    scene.fire("Errors", scene.now.minusSeconds(61));
    assertRefused(Reason.OLDER_THAN_RELEASE, scene);
  }

  @Test
  void theTimeThatPrometheusWaitedCountsForTheVeto() {
    Scene scene = deployed(new Rules().holdOf("Errors", "2M").core());
    scene.fire("Errors", scene.now.plusSeconds(59));
    assertRefused(Reason.OLDER_THAN_RELEASE, scene);
  }

  @Test
  void anyOtherAlertOfTheServiceVetoesToo() {
    Scene scene = Scene.settled(new Rules().core()).pass("300S").fire("DiskFull").pass("60S");
    scene.release("r2").workload(Scene.NEW, true).pass("60S").fire("Errors");
    assertRefused(Reason.OLDER_THAN_RELEASE, scene);
  }

  /** It had been said of the release before, and nothing was said of this one. */
  @Test
  void thatAnotherReleaseIsNotToBlameIsSaidAnewThoughTheReasonIsTheSame() {
    Scene scene = Scene.settled(new Rules().core()).pass("300S").fire("Errors").pass("60S");
    scene.release("r2").pass("15S").workload(Scene.NEW, true).pass("60S");
    assertEquals(Reason.OLDER_THAN_RELEASE, scene.reason());
    int before = said(scene, Reason.OLDER_THAN_RELEASE);
    scene.release("r3").pass("15S").workload(THIRD, true).pass("60S");
    assertEquals(before + 1, said(scene, Reason.OLDER_THAN_RELEASE));
    scene.pass("60S");
    assertEquals(before + 1, said(scene, Reason.OLDER_THAN_RELEASE), "once of each");
  }

  private static int said(Scene scene, Reason reason) {
    return (int)
        scene.facts(Fact.Decided.class).stream()
            .filter(decided -> decided.reason() == reason)
            .count();
  }

  @Test
  void aVetoThatEndsIsGone() {
    Scene scene = Scene.settled(new Rules().core()).pass("300S").fire("DiskFull").pass("60S");
    scene.release("r2").workload(Scene.NEW, true).pass("60S").fire("Errors");
    scene.resolve("DiskFull");
    assertEquals(Reason.RELEASE_TO_BLAME, scene.reason());
  }

  @Test
  void anOlderAlertThatIsHeardOfDuringTheVetoWindowStopsIt() {
    Scene scene = deployed(new Rules().mode(Mode.VETO).core()).fire("Errors").observed();
    scene.fire("DiskFull", scene.now.minusSeconds(600));
    assertEquals(Reason.OLDER_THAN_RELEASE, scene.endOfRun());
    scene.pass("60S");
    assertEquals(0, scene.intents());
  }

  @Test
  void anEarlierStartOfTheSameAlertStopsItToo() {
    Scene scene = deployed(new Rules().mode(Mode.VETO).core()).fire("Errors").observed();
    scene.fire("Errors", scene.now.minusSeconds(600));
    assertEquals(Reason.OLDER_THAN_RELEASE, scene.endOfRun());
  }

  @Test
  void aProposalThatIsApprovedAfterTheWindowIsNotCarriedOut() {
    Scene scene = deployed(new Rules().mode(Mode.PROPOSE).core()).pass(Duration.ofMinutes(50));
    scene.fire("Errors").observed().pass(Duration.ofMinutes(10));
    assertEquals(Reason.NO_RELEASE, scene.endOfRun());
  }

  @Test
  void aReleaseNobodyCanTieToTheRunningRevisionIsUnjudged() {
    Scene scene = Scene.settled(new Rules().core()).pass(Duration.ofMinutes(20));
    scene.release("r2").pass("60S").fire("Errors");
    assertRefused(Reason.RELEASE_UNJUDGED, scene);
  }

  @Test
  void anImageThatDoesNotRunIsUnjudged() {
    Scene scene = Scene.settled(new Rules().core()).pass(Duration.ofMinutes(20));
    scene.release("r2", scene.now, Optional.of("shop:else")).workload(Scene.NEW, true);
    scene.pass("60S").fire("Errors");
    assertRefused(Reason.RELEASE_UNJUDGED, scene);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "docker.io/library/shop:else",
        "ghcr.io/acme/shop:else",
        "ghcr.io/acme/other:digest-2",
        "other@sha256:ff"
      })
  void anImageThatIsNotTheOneThatRunsIsUnjudged(String image) {
    Scene scene = Scene.settled(new Rules().core()).pass(Duration.ofMinutes(20));
    scene.release("r2", scene.now, Optional.of(image)).workload(Scene.NEW, true);
    scene.pass("60S").fire("Errors");
    assertRefused(Reason.RELEASE_UNJUDGED, scene);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "docker.io/library/shop:digest-2",
        "docker.io/shop:digest-2",
        "shop@sha256:ff",
        "ghcr.io/acme/shop:digest-2"
      })
  void theImageThatIsOrMayBeTheOneThatRunsIsBlamedHoweverItIsWritten(String image) {
    Scene scene = Scene.settled(new Rules().core()).pass(Duration.ofMinutes(20));
    scene.release("r2", scene.now, Optional.of(image)).workload(Scene.NEW, true);
    scene.pass("60S").fire("Errors");
    assertEquals(Reason.RELEASE_TO_BLAME, scene.reason());
  }

  @Test
  void aReleaseThatAPersonUndidIsNotBlamedForWhatRunsNow() {
    Scene scene = deployed(new Rules().core());
    scene.workload(Scene.OLD, true).pass("10S").fire("Errors");
    assertRefused(Reason.RELEASE_UNJUDGED, scene);
  }

  @Test
  void aChangeThatNobodyAnnouncedIsAReleaseOfItsOwn() {
    Scene scene = deployed(new Rules().core());
    scene.workload(THIRD, true).pass("10S").fire("Errors");
    Blame blame = scene.run().blame().orElseThrow();
    assertEquals(Optional.of(THIRD), blame.digest());
    assertEquals("belay/watch", blame.release().orElseThrow().source());
  }

  @Test
  void aReleaseThatCameAndWentUnseenIsNotTheOneThatRunsNow() {
    Scene scene = deployed(new Rules().core()).pass("300S").release("r3");
    scene.observation(THIRD, true);
    scene.pass("60S").fire("Errors");
    scene.observed(scene.observation(Scene.NEW, true));
    assertRefused(Reason.RELEASE_UNJUDGED, scene);
  }

  @Test
  void aRollbackIsNeverRolledBack() {
    Scene scene = deployed(new Rules().core());
    scene.send(
        new Event.ReleaseReceived(
            Scene.releaseOf(
                "r3",
                Release.Change.ROLLED_BACK,
                scene.now,
                Optional.empty(),
                Optional.of("shop:" + Scene.OLD))));
    scene.workload(Scene.OLD, true).pass("10S").fire("Errors");
    assertRefused(Reason.RELEASE_UNJUDGED, scene);
  }

  @Test
  void whatBelayRolledBackIsNotBlamedAgain() {
    Scene scene = deployed(new Rules().limits("1M", 4).core()).fire("Errors");
    scene.until(Run.Phase.VERIFYING).workload(Scene.OLD, true).pass("10S").resolve("Errors");
    assertEquals(Reason.VERIFIED, scene.endOfRun());
    scene.pass(Duration.ofMinutes(5)).fire("Errors").pass("60S");
    assertTrue(scene.shop().run().isEmpty());
    assertEquals(1, scene.intents());
  }

  @Test
  void aReleaseOfAnotherEnvironmentIsNobodysBusiness() {
    Scene scene =
        Scene.settled(new Rules().environment("production", Optional.of(Mode.ACT)).core());
    Release elsewhere =
        new Release(
            "r2",
            "ci",
            Scene.SHOP,
            "staging",
            Release.Change.DEPLOYED,
            Optional.empty(),
            Optional.empty(),
            scene.now,
            Optional.empty(),
            Optional.empty());
    scene.send(new Event.ReleaseReceived(elsewhere));
    assertEquals(Reason.RELEASE_OF_NO_SERVICE, scene.reason());
    assertTrue(scene.shop().releases().isEmpty());
  }

  @Test
  void aRedeliveredReleaseIsOneRelease() {
    Scene scene = new Scene(new Rules().core()).release("r1");
    int facts = scene.facts().size();
    scene.release("r1");
    assertEquals(facts, scene.facts().size());
    assertEquals(1, scene.shop().releases().size());
  }

  @Test
  void theEndOfAReleaseDoesNotMoveItsBeginning() {
    Instant begun = Scene.START.plusSeconds(10);
    Instant done = Scene.START.plusSeconds(70);
    Release started =
        Scene.releaseOf("r1", Release.Change.DEPLOYED, begun, Optional.empty(), Optional.of("i"));
    Release finished =
        Scene.releaseOf("r1", Release.Change.DEPLOYED, done, Optional.of(done), Optional.empty());
    for (List<Release> order : List.of(List.of(started, finished), List.of(finished, started))) {
      Scene scene = new Scene(new Rules().core());
      order.forEach(release -> scene.send(new Event.ReleaseReceived(release)));
      Release known = scene.shop().releases().getFirst();
      assertEquals(begun, known.startedAt());
      assertEquals(Optional.of(done), known.finishedAt());
      assertEquals(Optional.of("i"), known.image());
    }
  }

  @Test
  void troubleThatKeepsComingBackIsOlderThanTheRelease() {
    Scene scene = Scene.settled(new Rules().core()).pass("300S");
    for (int i = 0; i < 4; i++) {
      scene.fire("Errors").pass("120S").resolve("Errors").pass("30S");
    }
    scene.release("r2").workload(Scene.NEW, true).pass("20S").fire("Errors");
    assertEquals(Reason.OLDER_THAN_RELEASE, scene.reason());
    assertTrue(scene.shop().run().isEmpty());
  }

  @Test
  void itHasComeBackHoweverManyTimesItDidSinceTheRelease() {
    Scene scene = Scene.settled(new Rules().core()).pass("300S");
    scene.fire("Errors").pass("60S").resolve("Errors").pass("30S");
    scene.release("r2").workload(Scene.NEW, true).pass("20S");
    for (int i = 0; i < 4; i++) {
      scene.fire("Errors").pass("120S").resolve("Errors").pass("30S");
    }
    scene.fire("Errors");
    assertEquals(Reason.OLDER_THAN_RELEASE, scene.reason());
  }

  @Test
  void troubleThatWasAwayForLongerThanAnHourIsNew() {
    Scene scene = Scene.settled(new Rules().core());
    scene.fire("Errors").pass("120S").resolve("Errors").pass(Duration.ofMinutes(61));
    scene.release("r2").workload(Scene.NEW, true).pass("20S").fire("Errors");
    assertEquals(Reason.RELEASE_TO_BLAME, scene.reason());
  }

  @Test
  void troubleThatARollbackCuredIsOver() {
    Scene scene = Scene.troubled(new Rules().limits("1S", 4).core()).until(Run.Phase.VERIFYING);
    scene.resolve("Errors").workload(Scene.OLD, true).pass("1200S");
    scene.release("r3").workload("digest-3", true).pass("20S").fire("Errors");
    assertEquals(Reason.RELEASE_TO_BLAME, scene.reason());
  }

  @Test
  void silenceNeverMakesARevisionGood() {
    Scene scene = new Scene(new Rules().core()).workload(Scene.OLD, true).pass("10S");
    scene.fire("Errors").pass(Duration.ofHours(6)).workload(Scene.OLD, true);
    assertEquals(Reason.STALE, scene.facts(Fact.IncidentClosed.class).getFirst().reason());
    assertUnproven(scene);
  }

  @Test
  void troubleStartsTheSoakTimeAnew() {
    Scene scene = new Scene(new Rules().core()).well(Duration.ofMinutes(5));
    scene.fire("Errors").pass("20S").resolve("Errors").well(Duration.ofMinutes(9));
    assertUnproven(scene);
    scene.well(Duration.ofMinutes(1));
    assertEquals(RevisionRecord.Judgement.GOOD, scene.shop().present().orElseThrow().judgement());
  }

  @Test
  void whatWasRolledAwayFromIsBadAndStaysBad() {
    Scene scene = deployed(new Rules().core()).fire("Errors").until(Run.Phase.ACTING);
    scene.finished(new Outcome.Applied("done"));
    assertEquals(RevisionRecord.Judgement.BAD, scene.shop().revisions().getLast().judgement());
  }

  private static void assertUnproven(Scene scene) {
    assertEquals(
        RevisionRecord.Judgement.UNPROVEN, scene.shop().present().orElseThrow().judgement());
  }

  @Test
  void troubleThatWasCrossedBeforeADarkTimeIsOlderThanAReleaseInTheDark() {
    String errors = Rules.ERRORS.name();
    Scene scene = Scene.settled(new Rules().onTrigger().core()).pass("300S");
    for (int i = 0; i < 13; i++) {
      scene.read(errors, 0.2).pass("10S");
    }
    scene.read(errors, Optional.empty()).pass("600S");
    scene.release("r2").workload(Scene.NEW, true).pass("600S");
    scene.read(errors, 0.2);
    assertTrue(scene.shop().run().isEmpty());
  }

  @Test
  void troubleThatWasCrossedBeforeARestartIsOlderThanAReleaseBeforeIt() {
    String errors = Rules.ERRORS.name();
    Scene scene = Scene.settled(new Rules().onTrigger().core()).pass("300S");
    scene.read(errors, 0.2).pass("60S").read(errors, 0.2);
    scene.release("r2").workload(Scene.NEW, true).pass("5S");
    scene.restart(Duration.ofSeconds(10));
    for (int i = 0; i < 14; i++) {
      scene.read(errors, 0.2).pass("10S");
    }
    assertEquals(TriggerState.Phase.FIRING, scene.shop().trigger(errors).phase());
    assertTrue(scene.shop().run().isEmpty());
  }
}
