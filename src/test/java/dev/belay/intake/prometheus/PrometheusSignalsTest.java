package dev.belay.intake.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.alert.Matcher;
import dev.belay.core.engine.Event;
import dev.belay.core.engine.Reading;
import dev.belay.core.release.Workload;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.Measure;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PrometheusSignalsTest {
  private static final Round.Turn TURN = new Round.Turn(Instant.EPOCH, Instant.EPOCH);
  private static final Trigger ERRORS =
      trigger(Signal.ERROR_RATE, Optional.empty(), true, 0.05, "> 5% for 2m");
  private static final Trigger SLOW =
      trigger(Signal.RESPONSE_TIME, Optional.of(0.95), true, 1, "p95 > 1s for 5m");
  private static final Trigger AVAILABLE =
      trigger(Signal.AVAILABILITY, Optional.empty(), false, 0.99, "< 99% for 1m");
  private static final Trigger HEALTH =
      trigger(Signal.HEALTH_CHECK_FAILURES, Optional.empty(), true, 0.5, "> 50% for 30s");

  private final FakePrometheus fake = new FakePrometheus();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final PrometheusSignals signals =
      new PrometheusSignals(
          new PrometheusSettings(
              fake.url(),
              Duration.ofSeconds(15),
              Duration.ofMillis(500),
              Duration.ofMinutes(1),
              Profile.HTTP,
              0.5,
              Optional.empty(),
              Optional.empty()),
          registry,
          InstantSource.system());

  @AfterEach
  void close() {
    signals.close();
    fake.close();
  }

  private static Trigger trigger(
      Signal signal, Optional<Double> quantile, boolean above, double threshold, String text) {
    return new Trigger(signal, quantile, above, threshold, Duration.ofMinutes(2), text);
  }

  private static Service service(String name, Measuring measuring, Trigger... triggers) {
    return service(name, List.of(Matcher.equal("namespace", name)), measuring, triggers);
  }

  private static Service service(
      String name, List<Matcher> match, Measuring measuring, Trigger... triggers) {
    return new Service(
        name,
        Optional.of(new Workload("deployment", name, "web")),
        match,
        List.of(triggers),
        List.of(),
        Limits.DEFAULT,
        Service.DEFAULT_SOAK,
        measuring);
  }

  private static Measuring own(String query, Measure.Many many, Optional<Double> traffic) {
    return new Measuring(
        Optional.empty(),
        Map.of(
            Signal.ERROR_RATE,
            new Measure(Optional.of(query), Measure.NoData.HOLD, many, traffic)));
  }

  private static String namespace(String name) {
    return "\"namespace\":\"" + name + "\"";
  }

  /** What every trigger reads, by service and trigger; the last word of each. */
  private Map<String, Reading> look(Service... services) {
    Map<String, Reading> readings = new TreeMap<>();
    for (Round round : signals.rounds(List.of(services))) {
      for (Event event : round.look(TURN)) {
        Event.SignalsRead read = (Event.SignalsRead) event;
        read.readings().forEach(it -> readings.put(read.service() + " " + word(it.trigger()), it));
      }
    }
    return readings;
  }

  /** The first word. */
  private static String word(String text) {
    return text.substring(0, text.indexOf(' '));
  }

  /** Why it is unknown. */
  private static String why(Map<String, Reading> readings, String which) {
    return Optional.ofNullable(readings.get(which)).orElseThrow().detail();
  }

  private static Map<String, Optional<Double>> values(Map<String, Reading> readings) {
    Map<String, Optional<Double>> values = new TreeMap<>();
    readings.forEach((name, reading) -> values.put(name, reading.value()));
    return values;
  }

  @Test
  void oneQueryAnswersForAllServicesThatAreMeasuredInTheSameWay() {
    fake.to("or 0 *", FakePrometheus.vector(namespace("shop"), "0.25", namespace("pay"), "0.01"))
        .otherwise(200, FakePrometheus.vector(namespace("shop"), "9", namespace("pay"), "9"));
    Map<String, Reading> readings =
        look(service("pay", Measuring.DEFAULT, ERRORS), service("shop", Measuring.DEFAULT, ERRORS));
    assertEquals(
        Map.of("pay error_rate", Optional.of(0.01), "shop error_rate", Optional.of(0.25)),
        values(readings));
    assertEquals(
        List.of(
            "((sum by (namespace)"
                + " (rate(http_requests_total{namespace=~\"pay|shop\",code=~\"5..\"}[60000ms])) or"
                + " 0 * sum by (namespace)"
                + " (rate(http_requests_total{namespace=~\"pay|shop\"}[60000ms]))) / sum by"
                + " (namespace) (rate(http_requests_total{namespace=~\"pay|shop\"}[60000ms]))) and"
                + " count by (namespace) (http_requests_total{namespace=~\"pay|shop\"})",
            "sum by (namespace) (rate(http_requests_total{namespace=~\"pay|shop\"}[60000ms]))"),
        fake.queries());
  }

  @Test
  void everySignalHasAQueryOfItsOwn() {
    look(service("shop", Measuring.DEFAULT, ERRORS, SLOW, AVAILABLE, HEALTH));
    String all = "{namespace=\"shop\"}[60000ms]";
    String requests = "sum by (namespace) (rate(http_requests_total" + all + "))";
    String scraped = ") and count by (namespace) (http_requests_total{namespace=\"shop\"})";
    assertEquals(
        List.of(
            "((sum by (namespace)"
                + " (rate(http_requests_total{namespace=\"shop\",code=~\"5..\"}[60000ms])) or 0 * "
                + requests
                + ") / "
                + requests
                + scraped,
            requests,
            "(histogram_quantile(0.95, sum by (namespace, le)"
                + " (rate(http_request_duration_seconds_bucket"
                + all
                + "))) * (1 - 2 * (0.95 * sum by (namespace)"
                + " (rate(http_request_duration_seconds_bucket{namespace=\"shop\",le=\"+Inf\"}"
                + "[60000ms])) > bool max by (namespace) (sum by (namespace, le)"
                + " (rate(http_request_duration_seconds_bucket{namespace=\"shop\",le!=\"+Inf\"}"
                + "[60000ms]))))))"
                + " and count by (namespace)"
                + " (http_request_duration_seconds_count{namespace=\"shop\"})",
            "sum by (namespace) (rate(http_request_duration_seconds_count" + all + "))",
            "(1 - (sum by (namespace)"
                + " (rate(http_requests_total{namespace=\"shop\",code=~\"5..\"}[60000ms])) or 0 * "
                + requests
                + ") / "
                + requests
                + scraped,
            requests,
            "1 - clamp_max(sum by (deployment, namespace)"
                + " (kube_deployment_status_replicas_ready{deployment=\"web\",namespace=\"shop\"})"
                + " / (sum by (deployment, namespace)"
                + " (kube_deployment_spec_replicas{deployment=\"web\",namespace=\"shop\"}) > 0),"
                + " 1)"),
        fake.queries());
  }

  @Test
  void istioIsAskedByTheWorkloadThatIsCalled() {
    fake.otherwise(
        200,
        FakePrometheus.vector(
            "\"destination_workload\":\"web\",\"destination_workload_namespace\":\"shop\"", "0.7"));
    Measuring istio = new Measuring(Optional.of(Profile.ISTIO), Map.of());
    Map<String, Reading> readings = look(service("shop", istio, ERRORS, SLOW));
    assertEquals(
        Map.of("shop error_rate", Optional.of(0.7), "shop response_time", Optional.of(0.7)),
        values(readings));
    String called =
        "{destination_workload=\"web\",destination_workload_namespace=\"shop\","
            + "reporter=~\"destination|waypoint\"";
    String by = "by (destination_workload, destination_workload_namespace";
    String buckets = "rate(istio_request_duration_milliseconds_bucket" + called;
    assertEquals(
        "((histogram_quantile(0.95, sum "
            + by
            + ", le) ("
            + buckets
            + "}[60000ms]))) * (1 - 2 * (0.95 * sum "
            + by
            + ") ("
            + buckets
            + ",le=\"+Inf\"}[60000ms])) > bool max "
            + by
            + ") (sum "
            + by
            + ", le) ("
            + buckets
            + ",le!=\"+Inf\"}[60000ms])))))) / 1000) and count "
            + by
            + ") (istio_request_duration_milliseconds_count"
            + called
            + "})",
        fake.queries().get(2));
  }

  @Test
  void aSeriesWithoutTheLabelsOfTheMatchIsNobodys() {
    fake.otherwise(200, FakePrometheus.vector("", "0.9", namespace("other"), "0.9"));
    Map<String, Reading> readings = look(service("shop", Measuring.DEFAULT, ERRORS));
    assertEquals(Map.of("shop error_rate", Optional.empty()), values(readings));
    assertEquals(
        "no series of http_requests_total has namespace=\"shop\"",
        why(readings, "shop error_rate"));
  }

  @Test
  void aMatchByPatternIsGivenAllOfItsSeriesAndWhatIsNotThereDoesNotSpeakAgainstIt() {
    List<Matcher> match =
        List.of(
            new Matcher("namespace", Matcher.Operator.MATCHES, "shop-.*"),
            new Matcher("severity", Matcher.Operator.NOT_EQUAL, "info"));
    fake.to("or 0 *", FakePrometheus.vector(namespace("shop-a"), "0.9", namespace("pay"), "0.1"))
        .otherwise(200, FakePrometheus.vector(namespace("shop-a"), "9"));
    assertEquals(
        Map.of("shop error_rate", Optional.of(0.9)),
        values(look(service("shop", match, Measuring.DEFAULT, ERRORS))));
    assertTrue(
        fake.queries()
            .getFirst()
            .startsWith("((sum by (namespace, severity) (rate(http_requests_total{code"),
        fake.queries().getFirst());
    fake.forget()
        .otherwise(200, FakePrometheus.vector(namespace("shop-a"), "9", namespace("shop-b"), "9"));
    Map<String, Reading> both = look(service("shop", match, Measuring.DEFAULT, ERRORS));
    assertTrue(why(both, "shop error_rate").startsWith("2 series speak of it"));
  }

  @Test
  void whatNoLabelTellsApartIsUnknownAndSaysSo() {
    Service nobody = service("shop", List.of(), Measuring.DEFAULT, ERRORS);
    Service strange = service("pay", List.of(Matcher.equal("a.b", "c")), Measuring.DEFAULT, ERRORS);
    Map<String, Reading> readings = look(nobody, strange);
    assertEquals(
        Map.of("shop error_rate", Optional.empty(), "pay error_rate", Optional.empty()),
        values(readings));
    assertEquals(List.of(), fake.queries());
    assertEquals(Optional.empty(), signals.trouble());
  }

  @Test
  void aQueryOfPeoplesOwnIsAskedAsItIsAndItsSeriesGoWhereTheirLabelsDoNotSpeakAgainst() {
    String query = "sum by (namespace) (bad) / sum by (namespace) (all)";
    fake.to("bad", FakePrometheus.vector(namespace("shop"), "0.3", namespace("pay"), "0.1"))
        .to("total", FakePrometheus.vector("", "0.2"));
    Measuring shared = own(query, Measure.Many.ERROR, Optional.empty());
    Measuring total = own("total", Measure.Many.ERROR, Optional.empty());
    assertEquals(
        Map.of(
            "shop error_rate", Optional.of(0.3),
            "pay error_rate", Optional.of(0.1),
            "one error_rate", Optional.of(0.2)),
        values(
            look(
                service("shop", shared, ERRORS),
                service("pay", shared, ERRORS),
                service("one", total, ERRORS))));
    assertEquals(List.of(query, "total"), fake.queries());
  }

  @Test
  void aQueryOfPeoplesOwnIsGuardedByTheProfilesTrafficWhereTheRuleAsksForIt() {
    Measuring guarded = own("mine", Measure.Many.ERROR, Optional.of(2.0));
    fake.to("mine", FakePrometheus.vector("", "0.9"))
        .otherwise(200, FakePrometheus.vector(namespace("shop"), "1.5"));
    Map<String, Reading> idle = look(service("shop", guarded, ERRORS));
    assertTrue(why(idle, "shop error_rate").startsWith("1.50 requests a second are too few"));
    fake.otherwise(200, FakePrometheus.vector(namespace("shop"), "2"));
    assertEquals(
        Map.of("shop error_rate", Optional.of(0.9)),
        values(look(service("shop", guarded, ERRORS))));
  }

  /** The traffic of every service had counted as that of each, and no guard held. */
  @Test
  void aQueryOfPeoplesOwnIsGuardedByItsOwnServicesTrafficWhereThatIsNamedOtherwise() {
    Measuring guarded =
        new Measuring(
            Optional.of(Profile.ISTIO),
            own("mine", Measure.Many.ERROR, Optional.of(2.0)).measures());
    fake.to("mine", FakePrometheus.vector(namespace("shop"), "0.9", namespace("pay"), "0.1"))
        .otherwise(200, FakePrometheus.vector(atIstio("shop"), "1.5", atIstio("pay"), "100"));
    Map<String, Reading> readings =
        look(service("pay", guarded, ERRORS), service("shop", guarded, ERRORS));
    assertTrue(why(readings, "shop error_rate").startsWith("1.50 requests a second are too few"));
    assertEquals(Optional.of(0.1), values(readings).get("pay error_rate"));
    assertTrue(
        fake.queries()
            .getLast()
            .contains("destination_workload=\"web\",destination_workload_namespace=~\"pay|shop\""),
        fake.queries()::getLast);
  }

  private static String atIstio(String namespace) {
    return "\"destination_workload_namespace\":\""
        + namespace
        + "\",\"destination_workload\":\"web\"";
  }

  @Test
  void whatFailsForOneQueryIsNoOtherQuerysTrouble() {
    fake.hangAt("slow").otherwise(200, FakePrometheus.vector(namespace("shop"), "0.9"));
    Measuring slow = own("slow", Measure.Many.ERROR, Optional.empty());
    Map<String, Reading> readings =
        look(service("pay", slow, ERRORS), service("shop", Measuring.DEFAULT, ERRORS));
    assertEquals(
        Map.of("shop error_rate", Optional.of(0.9), "pay error_rate", Optional.empty()),
        values(readings));
    assertTrue(why(readings, "pay error_rate").contains("gave no answer within 0.5 s"));
  }

  @Test
  void aLostAnswerIsOneTroubleWithItsRemedyUntilEveryQueryIsAnsweredAgain() {
    Service shop = service("shop", Measuring.DEFAULT, ERRORS, SLOW);
    List<Round> rounds = signals.rounds(List.of(shop));
    assertEquals(Optional.of("Prometheus was not asked yet"), signals.trouble());
    fake.otherwise(500, "");
    rounds.forEach(round -> round.look(TURN));
    String trouble = signals.trouble().orElseThrow();
    assertTrue(trouble.endsWith("fails (HTTP 500); see its own log"), trouble);
    assertEquals(0, registry.get("belay.prometheus.answering").gauge().value());
    fake.otherwise(200, FakePrometheus.NOTHING);
    rounds.forEach(round -> round.look(TURN));
    assertEquals(Optional.empty(), signals.trouble());
    assertEquals(1, registry.get("belay.prometheus.answering").gauge().value());
    assertEquals(
        2, registry.get("belay.prometheus.queries").tag("result", "failed").counter().count());
    assertEquals(
        4, registry.get("belay.prometheus.readings").tag("value", "unknown").counter().count());
  }

  @Test
  void aQueryThatCannotBeEvaluatedIsNamed() {
    fake.otherwise(400, "{\"status\":\"error\",\"error\":\"1:3: parse error\"}");
    look(service("shop", own("1 +", Measure.Many.ERROR, Optional.empty()), ERRORS));
    assertEquals(
        Optional.of(
            "Prometheus cannot evaluate the query: 1:3: parse error (the query of error_rate of"
                + " shop)"),
        signals.trouble());
  }

  @Test
  void whatIsWrongWithAQueryIsNoSilence() {
    Service shop = service("shop", own("1 +", Measure.Many.ERROR, Optional.empty()), ERRORS);
    fake.otherwise(400, "{\"status\":\"error\",\"error\":\"1:3: parse error\"}");
    look(shop);
    assertEquals(Optional.empty(), signals.silence());
    fake.otherwise(500, "");
    look(shop);
    String silence = signals.silence().orElseThrow();
    assertTrue(silence.endsWith("fails (HTTP 500); see its own log"), silence);
  }

  @Test
  void thatPrometheusAnsweredOnceIsNoSignOfLifeLater() {
    look(service("shop", Measuring.DEFAULT, ERRORS));
    assertEquals(Optional.empty(), signals.silence());
    assertEquals(Optional.empty(), signals.silence(), "it is asked where no query was due");
    assertEquals("vector(1)", fake.queries().getLast());
    fake.otherwise(500, "");
    assertTrue(signals.silence().isPresent());
  }

  @Test
  void ofManyServicesNeitherTheQueryGrowsNorWhatOneIsGiven() {
    List<Service> services = new ArrayList<>();
    List<String> series = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      services.add(service("s" + i, Measuring.DEFAULT, ERRORS));
      series.add(namespace("s" + i));
      series.add(i + "e-4");
    }
    fake.otherwise(200, FakePrometheus.vector(series.toArray(String[]::new)));
    List<Round> rounds = signals.rounds(services);
    assertEquals(1, rounds.size());
    List<Event> events = rounds.getFirst().look(TURN);
    assertEquals(2_000, events.size());
    assertTrue(fake.queries().getFirst().length() < 500);
  }
}
