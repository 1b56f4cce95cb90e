package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.alert.Door;
import dev.belay.core.alert.Episode;
import dev.belay.core.alert.Labels;
import dev.belay.core.rule.AlertGroup;
import dev.belay.core.rule.AlertRule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What Prometheus's own machine does not do, or what promtool does not tell; the rest is
 * PromtoolIT's.
 */
class RuleDeciderTest {
  private static final Duration INTERVAL = Duration.ofSeconds(15);
  private static final Labels SHOP = Labels.of("app", "shop");

  private final Scene scene = new Scene(core(rule("2M", "0S", 0)));

  private static AlertRule rule(String hold, String keep, int limit) {
    return new AlertRule(
        new AlertGroup("alerts.yml", "g", Optional.empty(), Duration.ZERO, limit),
        "Errors",
        "errors > 0.05",
        Duration.parse("PT" + hold),
        Duration.parse("PT" + keep),
        new TreeMap<>(),
        new TreeMap<>(Map.of("summary", "{{ $value }} in {{ $labels.app }}")));
  }

  private static Core core(AlertRule rule) {
    return new Rules().rule(rule).core();
  }

  private static Optional<List<Candidate>> seen(Labels... series) {
    AlertRule rule = rule("2M", "0S", 0);
    return Optional.of(
        Stream.of(series).map(labels -> Candidate.of(rule, labels, 0.5, Map.of())).toList());
  }

  private void evaluate(Scene on, Optional<List<Candidate>> active) {
    on.send(new Event.RuleEvaluated(rule("2M", "0S", 0).id(), on.now, INTERVAL, active, List.of()));
  }

  /** Evaluates it at every turn of that time, with the same result. */
  private void evaluate(Scene on, String during, Optional<List<Candidate>> active) {
    Instant end = on.now.plus(Duration.parse("PT" + during));
    while (on.now.isBefore(end)) {
      evaluate(on, active);
      on.pass(INTERVAL);
    }
  }

  private static String states(Scene of) {
    return of.state().rule(rule("2M", "0S", 0).id()).standings().stream()
        .map(standing -> standing.fires() ? "firing" : "pending")
        .sorted()
        .collect(Collectors.joining(" "));
  }

  private static Optional<Episode> episode(Scene of) {
    return of.state().alert(Labels.of("app", "shop", "alertname", "Errors"));
  }

  @Test
  void whatFiresIsAnAlertLikeOneThatWasSentAndSoIsItsEnd() {
    evaluate(scene, "120S", seen(SHOP));
    assertEquals("pending", states(scene));
    assertTrue(episode(scene).isEmpty());
    evaluate(scene, seen(SHOP));
    assertEquals("firing", states(scene));
    Episode fired = episode(scene).orElseThrow();
    assertEquals(scene.now, fired.startsAt());
    assertEquals(Door.RULES, fired.door());
    assertEquals("0.5 in shop", fired.annotations().get("summary"));
    assertTrue(scene.shop().incident().isPresent());
    evaluate(scene, "600S", seen(SHOP));
    assertTrue(episode(scene).orElseThrow().firing(), "it is repeated before it goes stale");
    evaluate(scene, seen());
    assertEquals(Episode.Status.RESOLVED, episode(scene).orElseThrow().status());
    assertTrue(scene.shop().incident().isEmpty());
    assertEquals("", states(scene));
  }

  @Test
  void theSameAlertByAnotherDoorIsTheSameEpisodeOfTheSameIncident() {
    scene.fire("Errors");
    evaluate(scene, "150S", seen(SHOP));
    assertEquals("firing", states(scene));
    assertEquals(1, scene.facts(Fact.AlertFired.class).size());
    assertEquals(1, scene.facts(Fact.IncidentOpened.class).size());
  }

  @Test
  void anEvaluationThatCannotBeHadNeitherFiresNorEndsNorAdvances() {
    evaluate(scene, "60S", seen(SHOP));
    evaluate(scene, "600S", Optional.empty());
    assertEquals("pending", states(scene));
    evaluate(scene, "60S", seen(SHOP));
    assertEquals("pending", states(scene), "time in the dark does not count");
    evaluate(scene, "30S", seen(SHOP));
    assertEquals("firing", states(scene), "what was before it does");
    evaluate(scene, "60S", Optional.empty());
    assertEquals("firing", states(scene));
    assertTrue(episode(scene).orElseThrow().firing());
    evaluate(scene, "600S", Optional.empty());
    assertEquals(Episode.Status.STALE, episode(scene).orElseThrow().status(), "silence is no end");
    evaluate(scene, seen(SHOP));
    assertTrue(episode(scene).orElseThrow().firing());
  }

  private void evaluate(String during, List<Labels> unscraped, Labels... series) {
    Instant end = scene.now.plus(Duration.parse("PT" + during));
    while (scene.now.isBefore(end)) {
      scene.send(
          new Event.RuleEvaluated(
              rule("2M", "0S", 0).id(), scene.now, INTERVAL, seen(series), unscraped));
      scene.pass(INTERVAL);
    }
  }

  @Test
  void anAlertThatIsNotSeenWhileItsTargetIsScrapedInVainHasNotEnded() {
    List<Labels> unscraped = List.of(Labels.of("app", "shop", "instance", "10.0.0.7:80"));
    evaluate("150S", List.of(), SHOP);
    assertEquals("firing", states(scene));
    evaluate("600S", unscraped);
    assertEquals("firing", states(scene));
    assertEquals(Episode.Status.STALE, episode(scene).orElseThrow().status(), "silence is no end");
    evaluate("15S", List.of());
    assertEquals("", states(scene), "it is scraped again, and well");
  }

  @Test
  void anAlertOfAnotherServiceEndsWhateverIsNotScraped() {
    evaluate("150S", List.of(), SHOP);
    evaluate("15S", List.of(Labels.of("app", "pay", "instance", "10.0.0.8:80")));
    assertEquals("", states(scene));
    assertEquals(Episode.Status.RESOLVED, episode(scene).orElseThrow().status());
  }

  @Test
  void timeInWhichItsTargetIsScrapedInVainDoesNotMakeAnAlertFire() {
    List<Labels> unscraped = List.of(SHOP);
    evaluate("60S", List.of(), SHOP);
    evaluate("600S", unscraped);
    assertEquals("pending", states(scene));
    evaluate("45S", List.of(), SHOP);
    assertEquals("pending", states(scene));
    evaluate("45S", List.of(), SHOP);
    assertEquals("firing", states(scene));
  }

  @Test
  void whatIsSeenFiresWhateverElseIsNotScraped() {
    evaluate("150S", List.of(SHOP), SHOP);
    assertEquals("firing", states(scene));
    assertTrue(episode(scene).orElseThrow().firing());
  }

  @Test
  void evaluationsThatNeverCameAreTimeInTheDark() {
    evaluate(scene, "60S", seen(SHOP));
    scene.pass("600S");
    evaluate(scene, seen(SHOP));
    assertEquals("pending", states(scene));
  }

  @Test
  void activeAtSurvivesARestartAndTheTimeOfTheStopDoesNotCount() {
    evaluate(scene, "105S", seen(SHOP));
    scene.restart(Duration.ofMinutes(10));
    evaluate(scene, seen(SHOP));
    assertEquals("pending", states(scene));
    evaluate(scene, "45S", seen(SHOP));
    assertEquals("firing", states(scene));
  }

  @Test
  void afterAnHourWithoutALookItBeginsAnew() {
    evaluate(scene, "105S", seen(SHOP));
    scene.restart(Duration.ofMinutes(61));
    evaluate(scene, "120S", seen(SHOP));
    assertEquals("pending", states(scene));
    evaluate(scene, seen(SHOP));
    assertEquals("firing", states(scene));
  }

  @Test
  void whatFiresAfterARestartIsStillTheSame() {
    evaluate(scene, "150S", seen(SHOP));
    final Instant fired = episode(scene).orElseThrow().startsAt();
    scene.restart(Duration.ofMinutes(3));
    evaluate(scene, seen(SHOP));
    assertEquals("firing", states(scene));
    assertEquals(fired, episode(scene).orElseThrow().startsAt());
  }

  @Test
  void keepFiringForCountsNoTimeInTheDark() {
    Scene kept = new Scene(core(rule("0S", "1M", 0)));
    evaluate(kept, "30S", seen(SHOP));
    evaluate(kept, "30S", seen());
    evaluate(kept, "300S", Optional.empty());
    evaluate(kept, seen());
    assertEquals("firing", states(kept));
    kept.pass(INTERVAL);
    evaluate(kept, "30S", seen());
    assertEquals("", states(kept));
  }

  @Test
  void aLongerForMakesWhatFiresPendingAgain() {
    evaluate(scene, "150S", seen(SHOP));
    scene.restart(Duration.ofSeconds(1), core(rule("10M", "0S", 0)));
    evaluate(scene, seen(SHOP));
    assertEquals("pending", states(scene));
  }

  @Test
  void aRuleThatIsGoneIsForgotten() {
    evaluate(scene, "150S", seen(SHOP));
    scene.restart(Duration.ofSeconds(1), new Rules().core());
    assertEquals("", states(scene));
    scene.pass("600S");
    assertEquals(Episode.Status.STALE, episode(scene).orElseThrow().status());
  }

  @Test
  void beyondItsLimitARulesAlertsAreForgottenAndNoneIsSaidToBeResolved() {
    Scene limited = new Scene(core(rule("0S", "0S", 2)));
    Labels other = Labels.of("app", "shop", "i", "2");
    evaluate(limited, seen(SHOP, other));
    assertEquals("firing firing", states(limited));
    limited.pass(INTERVAL);
    evaluate(limited, seen(SHOP, other, Labels.of("app", "shop", "i", "3")));
    assertEquals("", states(limited));
    assertTrue(episode(limited).orElseThrow().firing());
  }

  @Test
  void twoAlertsOfOneIdentityAreAnErrorThatChangesNothing() {
    evaluate(scene, "60S", seen(SHOP));
    evaluate(scene, seen(SHOP, SHOP));
    assertEquals("pending", states(scene));
    assertTrue(scene.state().rule(rule("2M", "0S", 0).id()).blindSince().isPresent());
  }

  @Test
  void moreAlertsThanAreFollowedChangeNothing() {
    List<Labels> many = new ArrayList<>();
    for (int i = 0; i <= RuleDecider.MOST; i++) {
      many.add(Labels.of("i", Integer.toString(i)));
    }
    evaluate(scene, seen(SHOP));
    scene.pass(INTERVAL);
    evaluate(scene, seen(many.toArray(Labels[]::new)));
    assertEquals("pending", states(scene));
  }

  @Test
  void aWordThatComesLateOrOfNoRuleIsIgnored() {
    evaluate(scene, seen(SHOP));
    Instant late = scene.now.minusSeconds(1);
    scene.send(
        new Event.RuleEvaluated(rule("2M", "0S", 0).id(), late, INTERVAL, seen(), List.of()));
    assertEquals("pending", states(scene));
    scene.send(new Event.RuleEvaluated("none", scene.now, INTERVAL, seen(SHOP), List.of()));
    assertEquals(List.of(), scene.lastFacts());
  }

  @Test
  void aRuleWithoutAlertsLeavesNoTrace() {
    evaluate(scene, "300S", seen());
    evaluate(scene, Optional.empty());
    assertEquals(List.of(), scene.facts());
  }
}
