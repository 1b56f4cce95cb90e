package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.TriggerState.Phase;
import dev.belay.core.incident.Reason;
import dev.belay.core.rule.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TriggerDeciderTest {
  private static final String ERRORS = Rules.ERRORS.name();
  private static final double BAD = 0.2;
  private static final double GOOD = 0.01;

  private final Core core = new Rules().onTrigger().core();
  private final Scene scene = new Scene(core);

  private Phase phase() {
    return scene.shop().trigger(ERRORS).phase();
  }

  private void readFor(String duration, Optional<Double> value) {
    for (long s = 0; s < Duration.parse("PT" + duration).toSeconds(); s += 10) {
      scene.read(ERRORS, value).pass("10S");
    }
  }

  @Test
  void firesWhenCrossedForTheWholeOfItsTimeAndNotBefore() {
    readFor("120S", Optional.of(BAD));
    assertEquals(Phase.PENDING, phase());
    scene.read(ERRORS, BAD);
    assertEquals(Phase.FIRING, phase());
  }

  @Test
  void aGoodReadingResetsThePendingTime() {
    readFor("110S", Optional.of(BAD));
    scene.read(ERRORS, GOOD).pass("10S");
    readFor("110S", Optional.of(BAD));
    assertEquals(Phase.PENDING, phase());
  }

  @Test
  void theThresholdItselfDoesNotCross() {
    scene.read(ERRORS, 0.05);
    assertTrue(scene.facts(Fact.TriggerMoved.class).isEmpty());
  }

  @Test
  void anUnknownReadingNeitherAdvancesNorResets() {
    readFor("60S", Optional.of(BAD));
    readFor("300S", Optional.empty());
    assertEquals(Phase.PENDING, phase());
    readFor("50S", Optional.of(BAD));
    assertEquals(Phase.PENDING, phase(), "the time in the dark does not count");
    readFor("20S", Optional.of(BAD));
    assertEquals(Phase.FIRING, phase(), "what was before the dark does");
  }

  @Test
  void notANumberIsUnknown() {
    readFor("130S", Optional.of(BAD));
    scene.read(ERRORS, Double.NaN);
    assertEquals(Phase.FIRING, phase());
    assertTrue(scene.shop().trigger(ERRORS).blindSince().isPresent());
  }

  @Test
  void aGoodReadingEndsItAtOnce() {
    readFor("130S", Optional.of(BAD));
    scene.read(ERRORS, GOOD);
    assertEquals(Phase.INACTIVE, phase());
    assertTrue(scene.shop().incident().isEmpty());
  }

  @Test
  void tellsPeopleWhenACrossedTriggerGoesBlind() {
    readFor("60S", Optional.of(BAD));
    readFor("80S", Optional.empty());
    assertTrue(scene.shop().incident().isPresent());
    assertEquals(Reason.SIGNAL_LOST, scene.reason());
  }

  @Test
  void aFiringTriggerThatNobodyReadsAnyMoreIsUnknown() {
    readFor("130S", Optional.of(BAD));
    Instant last = scene.now.minusSeconds(10);
    scene.pass("60S");
    assertTrue(Trouble.of(scene.shop()).certain());
    scene.pass("40S");
    assertTrue(Trouble.of(scene.shop()).doubtful());
    assertFalse(Trouble.of(scene.shop()).certain());
    Instant since = scene.shop().trigger(ERRORS).blindSince().orElseThrow();
    assertTrue(Duration.between(since, last).compareTo(Duration.ofSeconds(30)) < 0);
    assertEquals(Reason.SIGNAL_LOST, scene.reason());
    scene.read(ERRORS, BAD);
    assertTrue(Trouble.of(scene.shop()).certain());
  }

  @Test
  void aTriggerThatIsReadOnStaysCertain() {
    readFor("3600S", Optional.of(BAD));
    assertTrue(Trouble.of(scene.shop()).certain());
    int written = scene.facts(Fact.TriggerMoved.class).size();
    assertTrue(written < 140, () -> written + " facts in an hour");
  }

  @Test
  void theTimeInWhichNobodyReadDoesNotCount() {
    readFor("60S", Optional.of(BAD));
    scene.pass(Duration.ofMinutes(40)).read(ERRORS, BAD);
    assertEquals(Phase.PENDING, phase());
    readFor("90S", Optional.of(BAD));
    assertEquals(Phase.FIRING, phase());
  }

  @Test
  void aReadingThatComesBeforeItsAbsenceWasNoticedCountsNoMore() {
    readFor("60S", Optional.of(BAD));
    scene.now = scene.now.plus(Duration.ofMinutes(40));
    scene.read(ERRORS, BAD);
    assertEquals(Phase.PENDING, phase());
  }

  @Test
  void aQuietTriggerThatGoesBlindIsNoTrouble() {
    scene.read(ERRORS, GOOD);
    readFor("600S", Optional.empty());
    assertTrue(scene.shop().incident().isEmpty());
  }

  @Test
  void aRestartIsTimeInTheDark() {
    readFor("60S", Optional.of(BAD));
    scene.restart(Duration.ofMinutes(10)).read(ERRORS, BAD);
    assertEquals(Phase.PENDING, phase(), "nobody saw it crossed all the while");
    readFor("130S", Optional.of(BAD));
    assertEquals(Phase.FIRING, phase());
  }

  @Test
  void whatWasSeenToBeCrossedBeforeARestartCounts() {
    readFor("60S", Optional.of(BAD));
    scene.restart(Duration.ofMinutes(10)).read(ERRORS, BAD);
    readFor("45S", Optional.of(BAD));
    assertEquals(Phase.PENDING, phase());
    readFor("30S", Optional.of(BAD));
    assertEquals(Phase.FIRING, phase(), "50 s before and 70 s after");
  }

  @Test
  void manyRestartsDoNotKeepItFromFiring() {
    for (int i = 0; i < 12; i++) {
      readFor("15S", Optional.of(BAD));
      scene.restart(Duration.ofSeconds(10)).read(ERRORS, BAD);
    }
    readFor("15S", Optional.of(BAD));
    assertEquals(Phase.FIRING, phase());
  }

  @Test
  void aGoodReadingAfterARestartEndsIt() {
    readFor("105S", Optional.of(BAD));
    scene.restart(Duration.ofSeconds(10)).read(ERRORS, GOOD);
    assertEquals(Phase.INACTIVE, phase());
  }

  @Test
  void isSaidToBeCrossedOnce() {
    readFor("90S", Optional.of(BAD));
    assertEquals(
        1,
        scene.facts(Fact.TriggerMoved.class).stream()
            .filter(moved -> Sentences.of(moved).isPresent())
            .count());
  }

  @Test
  void aFiringTriggerMustBeSeenAgainAfterARestart() {
    readFor("130S", Optional.of(BAD));
    scene.restart(Duration.ofMinutes(10));
    assertTrue(scene.shop().trigger(ERRORS).blindSince().isPresent());
    scene.read(ERRORS, BAD);
    assertEquals(Phase.FIRING, phase());
    assertTrue(scene.shop().trigger(ERRORS).blindSince().isEmpty());
  }

  @Test
  void aTriggerThatTheRulesNoLongerKnowDoesNotFireForEver() {
    readFor("130S", Optional.of(BAD));
    assertTrue(scene.shop().incident().isPresent());
    scene.restart(Duration.ofSeconds(5), new Rules().core());
    assertTrue(scene.shop().incident().isEmpty());
  }

  @Test
  void aWordOfAnUnknownTriggerOrServiceIsIgnored() {
    scene.read("else > 1", BAD);
    assertTrue(scene.facts().isEmpty());
  }

  @Test
  void oneLostReadingHoldsARunAndALongBlindnessEndsIt() {
    Scene release = Scene.settled(new Rules().onTrigger().mode(Mode.VETO).core());
    release.pass("60S").release("r2").workload(Scene.NEW, true).pass("10S");
    for (int i = 0; i <= 12; i++) {
      release.read(ERRORS, BAD).pass("10S");
    }
    release.observed();
    assertEquals(Run.Phase.COUNTDOWN, release.run().phase());
    release.read(ERRORS, Optional.empty()).pass("30S");
    assertEquals(Run.Phase.PREFLIGHT, release.run().phase());
    release.ready();
    assertEquals(Run.Phase.PREFLIGHT, release.run().phase(), "nothing is done on the unknown");
    assertEquals(0, release.intents());
    release.pass("31S");
    assertEquals(Reason.SIGNAL_LOST, release.endOfRun());
    release.read(ERRORS, BAD);
    assertEquals(Run.Phase.OBSERVING, release.run().phase(), "it is seen again");
  }

  @Test
  void whatIsSeenAgainGoesOn() {
    Scene release = Scene.settled(core);
    release.pass("60S").release("r2").workload(Scene.NEW, true).pass("10S");
    for (int i = 0; i <= 12; i++) {
      release.read(ERRORS, BAD).pass("10S");
    }
    release.read(ERRORS, Optional.empty()).observed().ready();
    assertEquals(0, release.intents());
    release.read(ERRORS, BAD).ready();
    assertEquals(1, release.intents());
  }
}
