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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whether it is known that something is not scraped, and whose it is. */
class ScrapeRoundTest {
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
          new SimpleMeterRegistry());

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
    return new AlertRule(
        AlertGroup.named("g"),
        "Errors",
        "sum by (namespace) (errors) > 0",
        Duration.ZERO,
        Duration.ZERO,
        new TreeMap<>(),
        new TreeMap<>());
  }

  private static Event.ScrapesSeen look(Round scrapes) {
    return (Event.ScrapesSeen) scrapes.look(Instant.EPOCH).getFirst();
  }

  @Test
  void whereEveryTargetIsScrapedNothingMoreIsAsked() {
    signals.rounds(List.of(service("shop")));
    assertEquals(
        new Event.ScrapesSeen(Optional.empty(), Set.of(), List.of()), look(signals.scrapes()));
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
        look(signals.scrapes()));
    assertTrue(
        fake.queries()
            .getLast()
            .contains(
                "(last_over_time(http_requests_total{namespace=~\"pay|shop\"}[1h])"
                    + " and on (job, instance) (up == 0))"),
        () -> fake.queries().toString());
  }

  @Test
  void whatARuleReadsAndIsNotScrapedIsSaidWithTheLabelsOfItsAlerts() {
    signals.evaluations(List.of(rule()));
    fake.to("last_over_time(errors[1h])", SERIES).to("up == 0", DOWN);
    Labels alert = look(signals.scrapes()).alerts().getFirst();
    assertEquals(Optional.of("shop"), alert.get("namespace"));
    assertEquals(Optional.of("Errors"), alert.get("alertname"));
    assertEquals(Optional.of("eu"), alert.get("cluster"));
  }

  @Test
  void aTargetThatNothingReadsConcernsNobody() {
    signals.rounds(List.of(service("shop")));
    fake.to("last_over_time", FakePrometheus.NOTHING).to("up == 0", DOWN);
    assertEquals(Optional.empty(), look(signals.scrapes()).trouble());
  }

  @Test
  void aTargetThatFailsForLongerThanPrometheusIsAskedForIsNotForgotten() {
    signals.rounds(List.of(service("shop")));
    Round scrapes = signals.scrapes();
    fake.to("last_over_time", SERIES).to("up == 0", DOWN);
    look(scrapes);
    fake.forget().to("last_over_time", FakePrometheus.NOTHING).to("up == 0", DOWN);
    assertEquals(Set.of("shop"), look(scrapes).services());
    fake.forget();
    assertEquals(Optional.empty(), look(scrapes).trouble(), "it is scraped again, or is gone");
  }

  @Test
  void aPrometheusThatGivesNoAnswerChangesNothing() {
    signals.rounds(List.of(service("shop")));
    Round scrapes = signals.scrapes();
    fake.to("last_over_time", SERIES).to("up == 0", DOWN);
    look(scrapes);
    fake.forget().otherwise(503, "");
    assertEquals(Set.of("shop"), look(scrapes).services());
  }

  // ---- the evaluation of a rule

  private static Event.RuleEvaluated evaluate(Round round) {
    return (Event.RuleEvaluated) round.look(Instant.EPOCH).getFirst();
  }

  private static final String FIRES = FakePrometheus.vector("\"namespace\":\"shop\"", "1");

  @Test
  void anAlertThatIsGivenNoMoreIsSaidTogetherWithWhatIsNotScraped() {
    Round round = signals.evaluations(List.of(rule())).getFirst();
    fake.to("sum by", FIRES);
    assertEquals(List.of(), evaluate(round).unscraped());
    int asked = fake.queries().size();
    assertEquals(List.of(), evaluate(round).unscraped());
    assertEquals(asked + 1, fake.queries().size(), "while it is given nothing more is asked");

    fake.forget().to("last_over_time", SERIES);
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

  @Test
  void whereThatCannotBeAskedTheEvaluationIsUnknown() {
    Round round = signals.evaluations(List.of(rule())).getFirst();
    fake.to("sum by", FIRES);
    evaluate(round);
    fake.forget().to("sum by", FakePrometheus.NOTHING).otherwise(503, "");
    assertEquals(Optional.empty(), evaluate(round).active());
  }
}
