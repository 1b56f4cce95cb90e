package dev.belay.intake.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.alert.Labels;
import dev.belay.core.alert.Matcher;
import dev.belay.core.engine.Event;
import dev.belay.core.rule.AlertGroup;
import dev.belay.core.rule.AlertRule;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.Measuring;
import dev.belay.core.rule.Profile;
import dev.belay.core.rule.Service;
import dev.belay.core.rule.Signal;
import dev.belay.core.rule.Trigger;
import dev.belay.port.Round;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whether it is known that something is not scraped, and whose it is. */
class ScrapeRoundTest {
  private static final Round.Turn TURN = new Round.Turn(Instant.EPOCH, Instant.EPOCH);
  private static final String TARGET = "\"job\":\"web\",\"instance\":\"10.0.0.7:80\"";
  private static final String DOWN = FakePrometheus.vector("\"__name__\":\"up\"," + TARGET, "0");
  private static final String SERIES =
      FakePrometheus.vector("\"__name__\":\"m\",\"namespace\":\"shop\"," + TARGET, "7");

  private final FakePrometheus fake = new FakePrometheus();
  private final PrometheusSignals signals =
      new PrometheusSignals(
          new PrometheusSettings(
              fake.url(),
              Duration.ofSeconds(15),
              Duration.ofSeconds(5),
              Duration.ofMinutes(1),
              Profile.HTTP,
              0,
              Optional.empty(),
              Optional.of(Map.of("cluster", "eu"))),
          new SimpleMeterRegistry(),
          InstantSource.system());

  @AfterEach
  void close() {
    signals.close();
    fake.close();
  }

  private static Service service(String name) {
    return new Service(
        name,
        Optional.empty(),
        List.of(Matcher.equal("namespace", name)),
        List.of(
            new Trigger(
                Signal.ERROR_RATE, Optional.empty(), true, 0.05, Duration.ofMinutes(2), "> 5%")),
        List.of(),
        Limits.DEFAULT,
        Service.DEFAULT_SOAK,
        Measuring.DEFAULT);
  }

  private static AlertRule rule() {
    return rule(new TreeMap<>());
  }

  /** One whose alerts all mean this service. */
  private static AlertRule ruleOf(String service) {
    return rule(new TreeMap<>(Map.of("service", service)));
  }

  private static AlertRule rule(SortedMap<String, String> labels) {
    return new AlertRule(
        AlertGroup.named("g"),
        "Errors",
        "sum by (namespace) (errors) > 0",
        Duration.ZERO,
        Duration.ZERO,
        labels,
        new TreeMap<>());
  }

  private static Event.ScrapesSeen look(Round scrapes) {
    return (Event.ScrapesSeen) scrapes.look(TURN).getFirst();
  }

  @Test
  void whereEveryTargetIsScrapedNothingMoreIsAsked() {
    signals.rounds(List.of(service("shop")));
    assertEquals(
        new Event.ScrapesSeen(Optional.empty(), Set.of(), List.of()),
        look(signals.scrapes(Set.of())));
    assertEquals(List.of("up == 0"), fake.queries());
  }

  @Test
  void whatATriggerReadsAndIsNotScrapedIsSaidWithItsService() {
    signals.rounds(List.of(service("shop"), service("pay")));
    fake.to("last_over_time", SERIES).to("up == 0", DOWN);
    assertEquals(
        new Event.ScrapesSeen(
            Optional.of("the scrape of job web, instance 10.0.0.7:80 fails"),
            Set.of("shop"),
            List.of()),
        look(signals.scrapes(Set.of())));
    assertTrue(
        fake.queries()
            .getLast()
            .contains(
                "(last_over_time(http_requests_total{job=\"web\",instance=\"10.0.0.7:80\","
                    + "namespace=~\"pay|shop\"}[1h]) and on (job, instance) (up == 0))"),
        () -> fake.queries().toString());
  }

  @Test
  void whatARuleReadsAndIsNotScrapedIsSaidWithWhatTellsWhoseItsAlertsAre() {
    signals.rounds(List.of(service("shop")));
    signals.evaluations(List.of(rule()));
    String labels = "\"namespace\":\"shop\"," + TARGET;
    fake.to(
            "last_over_time(errors{",
            FakePrometheus.vector(labels, "7", "\"path\":\"/\"," + labels, "7"))
        .to("last_over_time", FakePrometheus.NOTHING)
        .to("up == 0", DOWN);
    assertEquals(
        List.of(Labels.of("namespace", "shop")),
        look(signals.scrapes(Set.of())).alerts(),
        "however many series there are");
  }

  @Test
  void aTargetThatNothingReadsConcernsNobody() {
    signals.rounds(List.of(service("shop")));
    fake.to("last_over_time", FakePrometheus.NOTHING).to("up == 0", DOWN);
    assertEquals(Optional.empty(), look(signals.scrapes(Set.of())).trouble());
  }

  @Test
  void aTargetThatFailsForLongerThanPrometheusIsAskedForIsNotForgotten() {
    signals.rounds(List.of(service("shop")));
    Round scrapes = signals.scrapes(Set.of());
    fake.to("last_over_time", SERIES).to("up == 0", DOWN);
    look(scrapes);
    fake.forget().to("last_over_time", FakePrometheus.NOTHING).to("up == 0", DOWN);
    assertEquals(Set.of("shop"), look(scrapes).services());
    fake.forget();
    assertEquals(Optional.empty(), look(scrapes).trouble(), "it is scraped again, or is gone");
  }

  @Test
  void whoWasConcernedAtTheStartStaysSoUntilNothingFailsThatMayBeTheCause() {
    signals.rounds(List.of(service("shop")));
    Round scrapes = signals.scrapes(Set.of("shop"));
    fake.to("last_over_time", "no answer").to("up == 0", DOWN);
    assertEquals(Set.of("shop"), look(scrapes).services());
    fake.forget().to("last_over_time", FakePrometheus.NOTHING).to("up == 0", DOWN);
    for (int i = 0; i < 3; i++) {
      Event.ScrapesSeen seen = look(scrapes);
      assertEquals(Set.of("shop"), seen.services());
      assertEquals(
          Optional.of("the scrape of job web, instance 10.0.0.7:80 fails"), seen.trouble());
    }
    fake.forget();
    assertEquals(Optional.empty(), look(scrapes).trouble(), "it is scraped again, or is gone");
    fake.to("last_over_time", FakePrometheus.NOTHING).to("up == 0", DOWN);
    assertEquals(Set.of(), look(scrapes).services(), "who reads it would be known now");
  }

  @Test
  void whoWasConcernedAtTheStartStaysSoWhileSomebodyCannotBeAskedAfter() {
    signals.rounds(List.of(service("shop")));
    signals.evaluations(List.of(ruleOf("pay")));
    Round scrapes = signals.scrapes(Set.of("cart"));
    fake.to("last_over_time(errors", SERIES).to("up == 0))", "no answer").to("up == 0", DOWN);
    for (int i = 0; i < 2; i++) {
      assertEquals(Set.of("cart", "shop"), look(scrapes).services());
    }
    fake.forget()
        .to("last_over_time(errors", SERIES)
        .to("last_over_time", FakePrometheus.NOTHING)
        .to("up == 0", DOWN);
    look(scrapes);
    assertEquals(Set.of(), look(scrapes).services(), "the cause is known now, and another's");
  }

  @Test
  void onlyTheTargetsThatFailAreAskedForUnlessTheyAreMany() {
    signals.rounds(List.of(service("shop")));
    Round scrapes = signals.scrapes(Set.of());
    fake.to(
        "up == 0",
        FakePrometheus.vector(
            "\"job\":\"a\\\"b\",\"instance\":\"x:1\"",
            "0",
            "\"job\":\"a\\\"b\",\"instance\":\"y.1\"",
            "0"));
    look(scrapes);
    assertTrue(
        fake.queries().getLast().contains("{job=\"a\\\"b\",instance=~\"x:1|y\\\\.1\",namespace="),
        () -> fake.queries().toString());
    fake.forget()
        .to("up == 0", FakePrometheus.vector(series(101, "\"job\":\"web\",\"instance\":\"%d\"")));
    look(scrapes);
    assertTrue(
        fake.queries().getLast().contains("{job=\"web\",namespace="),
        () -> fake.queries().toString());
  }

  /** So many series, by turns their labels and a value. */
  private static String[] series(int count, String labels) {
    return IntStream.range(0, count)
        .boxed()
        .flatMap(number -> Stream.of(labels.formatted(number), "0"))
        .toArray(String[]::new);
  }

  private static final String MANY =
      FakePrometheus.vector(series(10_001, "\"namespace\":\"%d\"," + TARGET));

  @Test
  void whereMoreAlertsMayBeMissedThanCanBeNamedItIsAnyOfTheRule() {
    signals.rounds(List.of(service("shop")));
    signals.evaluations(List.of(rule()));
    fake.to("last_over_time(errors", MANY)
        .to("last_over_time", FakePrometheus.NOTHING)
        .to("up == 0", DOWN);
    assertEquals(List.of(Labels.NONE), look(signals.scrapes(Set.of())).alerts());
  }

  @Test
  void whoWasConcernedAtTheStartIsNoMoreOnceWhatFailsIsKnownToBeTheCauseAndIsOver() {
    signals.rounds(List.of(service("shop")));
    Round scrapes = signals.scrapes(Set.of("pay"));
    fake.to("last_over_time", SERIES).to("up == 0", DOWN);
    look(scrapes);
    assertEquals(Set.of("shop"), look(scrapes).services());
    fake.forget();
    assertEquals(Set.of(), look(scrapes).services());
  }

  @Test
  void whereTheTargetsCannotBeAskedForNothingIsSaid() {
    signals.rounds(List.of(service("shop")));
    fake.otherwise(503, "");
    assertEquals(List.of(), signals.scrapes(Set.of()).look(TURN), "least of all that all is well");
  }

  @Test
  void whoCannotBeAskedAfterIsUnknownAndNobodyElse() {
    signals.rounds(List.of(service("shop")));
    signals.evaluations(List.of(ruleOf("pay")));
    fake.to("last_over_time(errors", FakePrometheus.NOTHING);
    fake.to("up == 0))", "no answer").to("up == 0", DOWN);
    Event.ScrapesSeen seen = look(signals.scrapes(Set.of()));
    assertTrue(seen.trouble().orElseThrow().startsWith("it cannot be asked who reads"));
    assertEquals(Set.of("shop"), seen.services());
    assertEquals(List.of(), seen.alerts());
  }

  @Test
  void ofARuleThatCannotBeAskedAfterAnyAlertMayBeMissed() {
    signals.rounds(List.of(service("shop")));
    signals.evaluations(List.of(rule()));
    fake.to("last_over_time(errors", "no answer")
        .to("last_over_time", FakePrometheus.NOTHING)
        .to("up == 0", DOWN);
    Event.ScrapesSeen seen = look(signals.scrapes(Set.of()));
    assertEquals(List.of(Labels.NONE), seen.alerts());
    assertEquals(Set.of(), seen.services());
  }

  @Test
  void aTargetIsNothingToWhoDoesNotReadIt() {
    signals.rounds(List.of(service("shop")));
    signals.evaluations(List.of(ruleOf("pay")));
    fake.to("last_over_time(errors", FakePrometheus.NOTHING);
    fake.to("last_over_time", SERIES).to("up == 0", DOWN);
    assertEquals(List.of(), look(signals.scrapes(Set.of())).alerts());
  }

  // ---- the evaluation of a rule

  private static Event.RuleEvaluated evaluate(Round round) {
    return (Event.RuleEvaluated) round.look(TURN).getFirst();
  }

  private static final String FIRES = FakePrometheus.vector("\"namespace\":\"shop\"", "1");

  /** For Belay's, which is ahead then, Prometheus would have nothing, and all alerts had ended. */
  @Test
  void whereTheMachinesClockIsPutBackPrometheusIsAskedForItsTimeAndTheEngineToldBelays() {
    Round round = signals.evaluations(List.of(rule())).getFirst();
    Instant machine = Instant.ofEpochSecond(1_700_000_000);
    Instant steady = machine.plus(Duration.ofHours(1));
    Event told = round.look(new Round.Turn(machine, steady)).getFirst();
    assertEquals("1700000000.000", fake.asked().getFirst().get("time"));
    assertEquals(steady, ((Event.RuleEvaluated) told).at());
  }

  @Test
  void anAlertThatIsGivenNoMoreIsSaidTogetherWithWhatIsNotScraped() {
    Round round = signals.evaluations(List.of(rule())).getFirst();
    fake.to("sum by", FIRES);
    assertEquals(List.of(), evaluate(round).unscraped());
    int asked = fake.queries().size();
    Event.RuleEvaluated again = evaluate(round);
    assertEquals(List.of(), again.unscraped());
    assertEquals(1, again.active().orElseThrow().size());
    assertEquals(asked + 1, fake.queries().size(), "while it is given nothing more is asked");

    fake.forget().to("last_over_time", SERIES).to("up == 0", DOWN);
    for (int i = 0; i < 3; i++) {
      Event.RuleEvaluated dim = evaluate(round);
      assertEquals(Optional.of(List.of()), dim.active());
      assertEquals(
          List.of(Labels.of("namespace", "shop", "job", "web", "instance", "10.0.0.7:80")),
          dim.unscraped());
    }
    fake.forget();
    assertEquals(List.of(), evaluate(round).unscraped());
    asked = fake.queries().size();
    evaluate(round);
    assertEquals(asked + 1, fake.queries().size());
  }

  /** An alert of such a series would not be known by a label that the rule gives otherwise. */
  @Test
  void whatTheRuleSaysOfItsAlertsIsNotToldOfSeriesThatAreNotScraped() {
    AlertRule rule = rule(new TreeMap<>(Map.of("namespace", "every", "severity", "page")));
    Round round = signals.evaluations(List.of(rule)).getFirst();
    fake.to("sum by", FIRES);
    evaluate(round);
    fake.forget().to("last_over_time", SERIES).to("up == 0", DOWN);
    assertEquals(
        List.of(Labels.of("job", "web", "instance", "10.0.0.7:80")), evaluate(round).unscraped());
  }

  @Test
  void whatGivesSeveralAlertsOfTheSameLabelsIsUnknown() {
    AlertRule rule = rule(new TreeMap<>(Map.of("namespace", "every")));
    fake.to("sum by", FakePrometheus.vector(namespace(1), "1", namespace(2), "1"));
    assertEquals(
        Optional.empty(), evaluate(signals.evaluations(List.of(rule)).getFirst()).active());
    assertEquals(
        Optional.of(
            "the expression gives several alerts with the same labels; tell them apart (the query"
                + " of alert Errors in g)"),
        signals.trouble());
  }

  @Test
  void whatGivesMoreAlertsThanAreFollowedIsUnknown() {
    Round round = signals.evaluations(List.of(rule())).getFirst();
    fake.to("sum by", FakePrometheus.vector(series(10_001, namespaces())));
    assertEquals(Optional.empty(), evaluate(round).active());
    assertTrue(signals.trouble().orElseThrow().contains("gives more than 10000 alerts"));
    fake.forget().to("sum by", FakePrometheus.vector(series(10_000, namespaces())));
    assertEquals(10_000, evaluate(round).active().orElseThrow().size());
    assertEquals(Optional.empty(), signals.trouble());
  }

  private static String namespaces() {
    return "\"namespace\":\"%d\"";
  }

  private static String namespace(int number) {
    return namespaces().formatted(number);
  }

  @Test
  void whereThatCannotBeAskedTheEvaluationIsUnknown() {
    Round round = signals.evaluations(List.of(rule())).getFirst();
    fake.to("sum by", FIRES);
    evaluate(round);
    fake.forget().to("sum by", FakePrometheus.NOTHING).otherwise(503, "");
    assertEquals(Optional.empty(), evaluate(round).active());
  }

  @Test
  void whereThatIsAskedInVainWhatFiresFiresAndWhatIsMissingStays() {
    Round round = signals.evaluations(List.of(rule())).getFirst();
    fake.to("last_over_time", "no answer").to("up == 0", DOWN).to("sum by", FIRES);
    for (int i = 0; i < 2; i++) {
      assertEquals(1, evaluate(round).active().orElseThrow().size());
      assertEquals(List.of(Labels.NONE), evaluate(round).unscraped());
    }
  }

  @Test
  void whatIsNotScrapedIsRememberedUntilItsTargetIsScrapedOrGone() {
    Round round = signals.evaluations(List.of(rule())).getFirst();
    fake.to("sum by", FIRES);
    evaluate(round);
    fake.forget().to("last_over_time", SERIES).to("up == 0", DOWN);
    List<Labels> unscraped = evaluate(round).unscraped();
    assertEquals(1, unscraped.size());
    fake.forget().to("last_over_time", FakePrometheus.NOTHING).to("up == 0", DOWN);
    for (int i = 0; i < 3; i++) {
      assertEquals(unscraped, evaluate(round).unscraped());
    }
    fake.forget().to("up == 0", "no answer");
    assertEquals(List.of(Labels.NONE), evaluate(round).unscraped(), "anything may fail");
    fake.forget().to("last_over_time", FakePrometheus.NOTHING).to("up == 0", DOWN);
    assertEquals(unscraped, evaluate(round).unscraped());
    fake.forget();
    assertEquals(List.of(), evaluate(round).unscraped());
  }

  @Test
  void whereNoScrapeFailsAnAlertThatIsMissingCostsOneQuestion() {
    Round round = signals.evaluations(List.of(rule())).getFirst();
    fake.to("sum by", FIRES);
    evaluate(round);
    fake.forget();
    evaluate(round);
    assertEquals("up == 0", fake.queries().getLast());
  }

  @Test
  void whereMoreIsNotScrapedThanCanBeNamedWhateverIsMissingStays() {
    Round round = signals.evaluations(List.of(rule())).getFirst();
    fake.to("sum by", FIRES);
    evaluate(round);
    fake.forget().to("last_over_time", MANY).to("up == 0", DOWN);
    assertEquals(List.of(Labels.NONE), evaluate(round).unscraped());
  }
}
