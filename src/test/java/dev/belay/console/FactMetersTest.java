package dev.belay.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Event;
import dev.belay.core.engine.Fact;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.ConfigMapRef;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.port.Journal;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FactMetersTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final FactMeters meters =
      new FactMeters(registry, "0.1.0", "0123456789ab", List.of("slack"));
  private final FakeEngine engine = new FakeEngine();

  private static List<Plan> everyPlan() {
    ConfigMapRef flags = new ConfigMapRef("covet", "flags");
    return List.of(
        new Plan.RollBack(
            new Workload("deployment", "covet", "app"),
            "uid",
            1,
            "from",
            "rs",
            "to",
            1,
            List.of(),
            List.of(),
            Optional.empty()),
        new Plan.SetFlags(flags, "uid", new TreeMap<>(), new TreeMap<>()),
        new Plan.RestoreFlags(flags, "uid", new TreeMap<>(), new TreeMap<>()),
        new Plan.ApplyManifests(List.of()),
        new Plan.DeleteManifests(List.of(), Optional.empty()));
  }

  private double value(String name, String... tags) {
    return registry.get(name).tags(tags).counter().count();
  }

  @Test
  void everyReasonHasASeriesFromTheStart() {
    String text = registry.scrape();
    for (Reason reason : Reason.values()) {
      for (boolean act : List.of(true, false)) {
        String series =
            "belay_decisions_total{act=\"" + act + "\",reason=\"" + reason.label() + "\"} 0";
        assertTrue(text.contains(series), series);
      }
    }
  }

  @Test
  void everyPlanAndOutcomeHasASeriesFromTheStart() {
    assertEquals(Plan.class.getPermittedSubclasses().length, everyPlan().size());
    assertEquals(
        everyPlan().stream().map(Plan::kind).collect(Collectors.toSet()),
        java.util.Set.copyOf(FactMeters.ACTIONS));
    String text = registry.scrape();
    for (String action : FactMeters.ACTIONS) {
      for (String outcome : List.of("applied", "already_done", "refused", "doubtful")) {
        String series =
            "belay_actions_total{action=\"" + action + "\",outcome=\"" + outcome + "\"} 0";
        assertTrue(text.contains(series), series);
      }
    }
  }

  @Test
  void everyOtherMeterIsThereFromTheStart() {
    String text = registry.scrape();
    for (String series :
        List.of(
            "belay_incidents_opened_total 0",
            "belay_releases_received_total 0",
            "belay_revisions_judged_total{judgement=\"good\"} 0",
            "belay_revisions_judged_total{judgement=\"bad\"} 0",
            "belay_notices_sent_total{channel=\"slack\"} 0",
            "belay_incidents_open ",
            "belay_leases ",
            "belay_hold ",
            "belay_input_silent{input=\"alerts\"} 0.0",
            "belay_input_silent{input=\"cluster\"} 0.0",
            "belay_input_silent{input=\"kafka\"} 0.0",
            "belay_input_silent{input=\"prometheus\"} 0.0",
            "belay_brake_engaged ",
            "belay_build_info{java=")) {
      assertTrue(text.contains("\n" + series), series + "\n" + text);
    }
  }

  @Test
  void countsWhatARollbackDoes() {
    engine.badRelease().obey().pass(Duration.ofSeconds(30)).obey();
    meters.accept(engine.entries);
    assertEquals(1, value("belay.incidents.opened"));
    assertEquals(2, value("belay.releases.received"), "it is announced, and it is seen");
    assertEquals(1, value("belay.revisions.judged", "judgement", "good"));
    assertEquals(1, value("belay.revisions.judged", "judgement", "bad"));
    assertEquals(1, value("belay.decisions", "act", "true", "reason", "release_to_blame"));
    assertEquals(1, value("belay.actions", "action", "rollback", "outcome", "applied"));
  }

  @Test
  void countsTheUndoingOfALease() {
    engine.alert(Map.of("alertname", "HighLatency", "namespace", "covet"), true).obey();
    engine.handle(new Event.Approved("covet-1", engine.runningAction(), Optional.empty(), "ada"));
    engine.obey().pass(Duration.ofSeconds(2)).obey();
    engine.alert(Map.of("alertname", "HighLatency", "namespace", "covet"), false);
    engine.pass(Duration.ofMinutes(31)).obey();
    meters.accept(engine.entries);
    assertEquals(1, value("belay.actions", "action", "flags", "outcome", "applied"));
    assertEquals(1, value("belay.actions", "action", "restore_flags", "outcome", "applied"));
  }

  @Test
  void countsADoubtOnceHoweverOftenTheClusterIsAsked() {
    engine.badRelease().obey().pass(Duration.ofSeconds(30)).obeyUntilApplied();
    ActionId action = engine.runningAction();
    engine.handle(new Event.ActionFinished("covet", action, new Outcome.Doubtful("lost")));
    engine.pass(Duration.ofSeconds(5)).pass(Duration.ofSeconds(5));
    meters.accept(engine.entries);
    assertEquals(1, value("belay.actions", "action", "rollback", "outcome", "doubtful"));
  }

  @Test
  void knowsAfterARestartWhatIsUnderWay() {
    engine.badRelease().obey().pass(Duration.ofSeconds(30)).obeyUntilApplied();
    ActionId action = engine.runningAction();
    meters.sample(engine).toCompletableFuture().join();
    meters.accept(
        List.of(
            new Journal.Entry(
                FakeEngine.START,
                List.of(
                    new Fact.ActionEnded(
                        "covet",
                        "covet-1",
                        action,
                        new Outcome.Refused(Reason.FORBIDDEN, ""),
                        FakeEngine.START)))));
    assertEquals(1, value("belay.actions", "action", "rollback", "outcome", "refused"));
  }

  @Test
  void showsTheLevelsOfTheLastSample() {
    engine.alert(Map.of("alertname", "Odd", "namespace", "covet"), true);
    engine.handle(new Event.HoldAsked("ada", "migration"));
    meters.sample(engine).toCompletableFuture().join();
    String text = registry.scrape();
    assertTrue(text.contains("belay_incidents_open 1.0"), text);
    assertTrue(text.contains("belay_hold 1.0"), text);
    assertTrue(text.contains("belay_brake_engaged 0.0"), text);
    assertTrue(text.contains("belay_leases 0.0"), text);
  }

  @Test
  void labelsNeverHoldWhatArrives() {
    engine.alert(Map.of("alertname", "Secret\"} 1\nforged 1", "namespace", "covet"), true);
    engine.release("rel-odd", "stranger");
    meters.accept(engine.entries);
    String text = registry.scrape();
    for (String foreign : List.of("Secret", "forged", "covet", "rel-odd", "stranger")) {
      assertFalse(text.contains(foreign), foreign);
    }
  }

  private double gauge(String name) {
    return registry.get(name).tags("channel", "slack").gauge().value();
  }

  @Test
  void saysHowMuchAChannelHasYetToTakeAndSinceWhen() {
    engine.handle(new Event.Started());
    meters.sample(engine).toCompletableFuture().join();
    assertEquals(0, gauge("belay.notices.owed"));
    assertEquals(0, gauge("belay.notices.owed.since"));
    engine.handle(new Event.HoldAsked("ann", "because"));
    engine.pass(Duration.ofMinutes(5)).handle(new Event.HoldEnded("ann"));
    meters.sample(engine).toCompletableFuture().join();
    assertEquals(2, gauge("belay.notices.owed"));
    assertEquals((double) FakeEngine.START.getEpochSecond(), gauge("belay.notices.owed.since"));
    engine.handle(new Event.NoticeDelivered("belay", 1, "slack", Optional.empty()));
    meters.sample(engine).toCompletableFuture().join();
    assertEquals(1, gauge("belay.notices.owed"));
    assertEquals(
        (double) FakeEngine.START.plusSeconds(300).getEpochSecond(),
        gauge("belay.notices.owed.since"));
  }

  @Test
  void countsWhatIsGivenUp() {
    engine.handle(new Event.Started());
    engine.handle(new Event.HoldAsked("ann", "because"));
    engine.pass(Duration.ofDays(8));
    meters.accept(engine.entries);
    assertEquals(1, value("belay.notices.given.up", "channel", "slack"));
  }

  @Test
  void countsWhatIsGivenUpBecauseMoreIsOwedThanIsKept() {
    engine.handle(new Event.Started());
    for (int i = 0; i < 503; i++) {
      engine.handle(new Event.HoldAsked("ann", "because"));
      engine.handle(new Event.HoldEnded("ann"));
    }
    meters.sample(engine).toCompletableFuture().join();
    meters.accept(engine.entries);
    assertEquals(1_000, gauge("belay.notices.owed"));
    assertEquals(6, value("belay.notices.given.up", "channel", "slack"));
  }

  @Test
  void tellsWhenAChannelLastTookSomething() {
    String series = "belay_notices_last_sent_timestamp_seconds{channel=\"slack\"} ";
    assertTrue(registry.scrape().contains(series + "0.0\n"), registry::scrape);
    meters.accept(
        List.of(
            new Journal.Entry(
                FakeEngine.START,
                List.of(
                    new Fact.NoticeSent(
                        "covet-1", 1, "slack", Optional.empty(), FakeEngine.START)))));
    double at = registry.get("belay.notices.last.sent.timestamp").gauge().value();
    assertEquals(FakeEngine.START.toEpochMilli() / 1e3, at);
  }

  @Test
  void tellsByWhichRulesItDecides() {
    String text = registry.scrape();
    assertTrue(text.contains("belay_rules_info{digest=\"0123456789ab\"} 1"), text);
  }

  @Test
  void countsAChannelThatNobodyAnnounced() {
    meters.accept(
        List.of(
            new Journal.Entry(
                FakeEngine.START,
                List.of(
                    new Fact.NoticeSent(
                        "covet-1", 1, "pagerduty", Optional.empty(), FakeEngine.START)))));
    assertEquals(1, value("belay.notices.sent", "channel", "pagerduty"));
  }

  @Test
  void isServedAsTheClientPrefers() {
    try (Caller caller = new Caller(new MetricsRoute(registry)::mount)) {
      HttpResponse<String> text = caller.get("/metrics");
      assertEquals(200, text.statusCode());
      assertEquals(
          "text/plain; version=0.0.4; charset=utf-8",
          text.headers().firstValue("Content-Type").orElse(""));
      HttpResponse<String> open =
          caller.get(
              "/metrics",
              "Accept",
              "application/vnd.google.protobuf;q=0.6,application/openmetrics-text;version=1.0.0;"
                  + "q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1");
      assertEquals(
          "application/openmetrics-text; version=1.0.0; charset=utf-8",
          open.headers().firstValue("Content-Type").orElse(""));
      assertTrue(open.body().endsWith("# EOF\n"), open.body());
      assertEquals(405, caller.call("POST", "/metrics", "").statusCode());
    }
  }
}
