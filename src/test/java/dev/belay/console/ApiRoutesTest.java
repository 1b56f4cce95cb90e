package dev.belay.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.alert.Labels;
import dev.belay.core.engine.Event;
import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.Outcome;
import io.vertx.core.http.HttpMethod;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ApiRoutesTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Map<String, String> ERRORS =
      Map.of("alertname", "HighErrorRate", "namespace", "covet");

  private final FakeEngine engine = new FakeEngine();

  /** What happens between what a person said and the answer to it. */
  private volatile Consumer<Event> meanwhile = _ -> {};

  private final Caller caller =
      new Caller(
          router ->
              new ApiRoutes(
                      engine,
                      event -> {
                        CompletionStage<@Nullable Void> taken = engine.offer(event);
                        meanwhile.accept(event);
                        return taken;
                      },
                      FakeEngine.RULES,
                      engine.clock(),
                      "0.1.0",
                      ctx -> Optional.ofNullable(ctx.request().getHeader("X-User")))
                  .mount(router));

  @AfterEach
  void close() {
    caller.close();
  }

  private JsonNode json(String path) {
    HttpResponse<String> response = caller.get(path);
    assertEquals(200, response.statusCode(), response.body());
    return JSON.readTree(response.body());
  }

  private static String error(HttpResponse<String> response) {
    return JSON.readTree(response.body()).path("error").asString();
  }

  private void countdown() {
    engine.badRelease().obey().pass(Duration.ofSeconds(10));
  }

  private void rolledBack() {
    engine.badRelease().obey().pass(Duration.ofSeconds(30)).obey().pass(Duration.ofSeconds(2));
    engine.obey();
  }

  @Test
  void listsIncidentsOpenFirstAndNewestFirst() {
    Map<String, String> odd = Map.of("alertname", "Odd", "namespace", "covet");
    for (int i = 0; i < 2; i++) {
      engine.alert(odd, true).pass(Duration.ofMinutes(1)).alert(odd, false);
      engine.pass(Duration.ofMinutes(1));
    }
    engine.alert(odd, true);

    List<String> ids = json("/api/v1/incidents").path("incidents").findValuesAsString("id");
    assertEquals(List.of("covet-3", "covet-2", "covet-1"), ids);
    assertEquals(1, json("/api/v1/incidents?state=open").path("incidents").size());
    assertEquals(2, json("/api/v1/incidents?state=closed").path("incidents").size());
    assertEquals(0, json("/api/v1/incidents?service=other").path("incidents").size());
    assertEquals(1, json("/api/v1/incidents?limit=1").path("incidents").size());
  }

  @Test
  void refusesParametersThatItCannotRead() {
    for (String query : List.of("limit=0", "limit=1001", "limit=x", "state=odd")) {
      HttpResponse<String> response = caller.get("/api/v1/incidents?" + query);
      assertEquals(400, response.statusCode(), query);
      assertFalse(error(response).isEmpty());
    }
    assertEquals(400, caller.get("/api/v1/explain/x?from=yesterday").statusCode());
  }

  @Test
  void showsAnIncidentWithItsCountdownPlanAndTimeline() {
    countdown();
    JsonNode detail = json("/api/v1/incidents/covet-1");
    JsonNode run = detail.path("incident").path("run");
    assertEquals("countdown", run.path("phase").asString());
    assertEquals(20, run.path("secondsLeft").asInt());
    assertEquals("veto 30s", run.path("mode").asString());
    assertEquals("1.4.2", run.path("blamed").asString());
    assertEquals("2026-11-24T10:25:30Z", run.path("deadline").asString());
    assertEquals("rollback", run.path("plan").path("kind").asString());
    assertEquals("covet:1.4.1", run.path("plan").path("toImages").path(0).asString());
    assertFalse(run.path("plan").has("flags"));

    List<String> kinds = detail.path("timeline").findValuesAsString("kind");
    assertTrue(kinds.contains("release_recorded"), kinds.toString());
    assertTrue(kinds.contains("incident_opened"), kinds.toString());
    JsonNode decided =
        detail
            .path("timeline")
            .valueStream()
            .filter(entry -> entry.path("kind").asString().equals("decided"))
            .findFirst()
            .orElseThrow();
    assertEquals("release_to_blame", decided.path("reason").path("label").asString());
    assertEquals("trouble", decided.path("evidence").path(0).path("what").asString());
  }

  @Test
  void saysOfAChangeWhatBecameOfIt() {
    engine.badRelease().obey().pass(Duration.ofSeconds(30)).obeyUntilApplied();
    assertEquals("not known yet", outcome());
    engine.handle(
        new Event.ActionFinished(
            "covet",
            engine.runningAction(),
            new Outcome.Refused(Reason.OWNED_BY_ANOTHER, "Argo CD keeps it")));
    assertTrue(outcome().startsWith("was refused, nothing was changed; "), outcome());
  }

  private String outcome() {
    return json("/api/v1/incidents/covet-1")
        .path("timeline")
        .valueStream()
        .filter(entry -> entry.path("kind").asString().equals("action_intended"))
        .findFirst()
        .orElseThrow()
        .path("outcome")
        .asString();
  }

  @Test
  void tellsOfALeaseThatEndedLongAfterTheIncident() {
    Map<String, String> latency = Map.of("alertname", "HighLatency", "namespace", "covet");
    engine.alert(latency, true).obey().pass(Duration.ofSeconds(31)).obey();
    engine.pass(Duration.ofSeconds(2)).obey().alert(latency, false);
    engine.pass(Duration.ofHours(3)).obey().pass(Duration.ofHours(3));
    String report = caller.get("/api/v1/incidents/covet-1/report").body();
    assertTrue(report.contains("The mitigation's lease ended."), report);
    assertTrue(report.contains("Nothing that Belay knows of."), report);
    assertTrue(
        json("/api/v1/incidents/covet-1")
            .path("timeline")
            .findValuesAsString("kind")
            .contains("lease_ended"));
  }

  @Test
  void showsLeasesWithTheirEnd() {
    engine.alert(Map.of("alertname", "HighLatency", "namespace", "covet"), true).obey();
    engine.handle(new Event.Approved("covet-1", engine.runningAction(), Optional.empty(), "ada"));
    engine.obey();
    JsonNode lease = json("/api/v1/leases").path("leases").path(0);
    assertEquals("covet", lease.path("service").asString());
    assertEquals("restore_flags", lease.path("undo").path("kind").asString());
    assertEquals("true", lease.path("undo").path("flags").path("ANALYTICS").path("to").asString());
    assertEquals(1800, lease.path("secondsLeft").asInt());
    assertEquals(1, json("/api/v1/incidents/covet-1").path("leases").size());
  }

  @Test
  void showsReleasesDecisionsServicesAndRules() {
    rolledBack();
    JsonNode release = json("/api/v1/releases?service=covet").path("releases").path(0);
    assertEquals("rel-42", release.path("id").asString());
    assertEquals("complete", release.path("stage").asString());
    assertEquals(2, release.path("revision").asInt());
    assertEquals("digest-2", release.path("digest").asString());
    assertEquals("set image", release.path("changeCause").asString());
    assertEquals("Helm", release.path("owner").asString());
    assertEquals(0, json("/api/v1/releases?service=other").path("releases").size());

    assertEquals(2, json("/api/v1/decisions?act=true").path("decisions").size());
    assertEquals(1, json("/api/v1/decisions?reason=release_to_blame").path("decisions").size());
    assertEquals(0, json("/api/v1/decisions?act=false&service=covet").path("decisions").size());

    JsonNode service = json("/api/v1/services").path("services").path(0);
    assertEquals("unhealthy", service.path("health").asString());
    assertEquals("bad", service.path("present").path("judgement").asString());
    assertEquals("covet-1", service.path("incident").asString());
    assertEquals("HighErrorRate", service.path("firing").path(0).asString());

    JsonNode rule = json("/api/v1/rules").path("services").path(0);
    assertEquals("error_rate > 5% for 2 minutes", rule.path("triggers").path(0).asString());
    JsonNode remediation = rule.path("remediations").path(0);
    assertEquals("rollback_triggers", remediation.path("when").path(0).asString());
    assertEquals("alertname=\"HighErrorRate\"", remediation.path("when").path(1).asString());
    assertEquals("veto 30s", remediation.path("mode").asString());
    assertEquals("rollback", remediation.path("ladder").path(0).path("action").asString());
    assertEquals(
        "veto 30s", json("/api/v1/rules").path("environments").path(0).path("mode").asString());
  }

  @Test
  void saysOfAServiceNeverSeenThatItsHealthIsUnknown() {
    JsonNode service = json("/api/v1/services").path("services").path(0);
    assertEquals("unknown", service.path("health").asString());
    assertFalse(service.has("present"));
  }

  @Test
  void takesAnApproval() {
    countdown();
    String path = "/api/v1/incidents/covet-1/approve";
    HttpResponse<String> nameless = caller.post(path, "{\"person\": \"ada\"}");
    assertEquals(400, nameless.statusCode(), "nothing is approved that was not shown");
    assertTrue(error(nameless).contains("belay approve"), nameless.body());
    HttpResponse<String> response =
        caller.post(path, engine.shown().replace("{", "{\"person\": \"ada\", "));
    assertEquals(200, response.statusCode(), response.body());
    assertEquals(
        "ada (claimed) approved it.", JSON.readTree(response.body()).path("said").asString());
    assertEquals(
        "preflight",
        JSON.readTree(response.body()).path("incident").path("run").path("phase").asString());
  }

  @Test
  void anAnswerToAnotherActionThanTheOneThatAsksIsRefused() {
    countdown();
    String asks = engine.runningAction().value();
    HttpResponse<String> old =
        caller.post("/api/v1/incidents/covet-1/veto", "{\"action\": \"0123456789abcdef\"}");
    assertEquals(409, old.statusCode(), old.body());
    assertTrue(old.body().contains(asks), old.body());
    HttpResponse<String> right =
        caller.post("/api/v1/incidents/covet-1/veto", "{\"action\": \"" + asks + "\"}");
    assertEquals(200, right.statusCode(), right.body());
  }

  @Test
  void takesAVetoInTheNameOfTheAuthenticatedUser() {
    countdown();
    HttpResponse<String> response =
        caller.call(
            "POST",
            "/api/v1/incidents/covet-1/veto",
            "{\"person\": \"mallory\"}",
            "Content-Type",
            "application/json",
            "X-User",
            "grace");
    assertEquals(200, response.statusCode(), response.body());
    assertEquals(
        "grace objected; it is not done.", JSON.readTree(response.body()).path("said").asString());
    assertFalse(JSON.readTree(response.body()).path("incident").has("run"));
  }

  @Test
  void takesAVetoOfWhatAHoldHasStopped() {
    countdown();
    objectsUnderAHold("{\"action\": \"" + engine.runningAction() + "\"}");
  }

  @Test
  void takesAVetoOfWhatAHoldHasStoppedThoughItIsNotNamed() {
    countdown();
    objectsUnderAHold("{}");
  }

  /** It was refused, for nothing is under way then; the countdown began anew after the hold. */
  private void objectsUnderAHold(String body) {
    String action = engine.runningAction().value();
    engine.handle(new Event.HoldAsked("grace", "a move"));
    String path = "/api/v1/incidents/covet-1/veto";
    HttpResponse<String> other = caller.post(path, "{\"action\": \"0123456789abcdef\"}");
    assertEquals(409, other.statusCode(), other.body());
    JsonNode held = json("/api/v1/incidents/covet-1").path("incident");
    assertFalse(held.has("run"));
    assertEquals(action, held.path("stopped").asString());
    HttpResponse<String> taken = caller.post(path, body);
    assertEquals(200, taken.statusCode(), taken.body());
    assertFalse(JSON.readTree(taken.body()).path("incident").has("stopped"));
    assertTrue(error(other).contains("would not begin again"), other.body());
    assertEquals(409, caller.post(path, body).statusCode(), "once");
    engine.handle(new Event.HoldEnded("grace"));
    engine.pass(Duration.ofMinutes(5)).obey();
    assertFalse(json("/api/v1/incidents/covet-1").path("incident").has("run"));
  }

  @Test
  void saysThatAnAnswerComesTooLateOrHasNothingToAnswer() {
    rolledBack();
    HttpResponse<String> late = caller.post("/api/v1/incidents/covet-1/veto", "");
    assertEquals(409, late.statusCode());
    assertEquals(
        "It is too late to veto: It is done; Belay watches whether it helps.", error(late));

    engine.pass(Duration.ofMinutes(1)).alert(ERRORS, false);
    HttpResponse<String> over = caller.post("/api/v1/incidents/covet-1/approve", "");
    assertEquals(409, over.statusCode());
    assertTrue(error(over).contains("is over"));
  }

  @Test
  void takesAnApprovalOfThePlanThatAsksAndOfNoOther() {
    engine.badRelease().obey().pass(Duration.ofSeconds(10));
    String path = "/api/v1/incidents/covet-1/approve";
    String action = "{\"action\": \"" + engine.runningAction() + "\", ";
    HttpResponse<String> other = caller.post(path, action + "\"plan\": \"0011\"}");
    assertEquals(409, other.statusCode());
    String asks =
        json("/api/v1/incidents/covet-1")
            .path("incident")
            .path("run")
            .path("plan")
            .path("digest")
            .asString();
    assertEquals("Plan 0011 does not ask now; " + asks + " does. Look at it.", error(other));
    assertEquals(200, caller.post(path, action + "\"plan\": \"" + asks + "\"}").statusCode());
  }

  @Test
  void letsAPersonTakeAnIncidentInHand() {
    engine.badRelease().obey().pass(Duration.ofSeconds(10));
    HttpResponse<String> response =
        caller.post("/api/v1/incidents/covet-1/snooze", "{\"person\": \"ada\", \"for\": \"10m\"}");
    assertEquals(200, response.statusCode(), response.body());
    JsonNode incident = JSON.readTree(response.body()).path("incident");
    assertEquals("ada (claimed)", incident.path("inHandsOf").asString());
    assertFalse(incident.has("run"));
    assertFalse(
        json("/api/v1/explain/covet-1").toString().contains("Nobody objected"), "and not yet");
    assertTrue(json("/api/v1/explain/covet-1").toString().contains("ada (claimed) has it in hand"));
  }

  @Test
  void knowsNoIncidentThatNeverWas() {
    assertEquals(404, caller.get("/api/v1/incidents/covet-9").statusCode());
    assertEquals(404, caller.post("/api/v1/incidents/covet-9/veto", "").statusCode());
    assertEquals(404, caller.get("/api/v1/explain/covet-9").statusCode());
  }

  @Test
  void holdsAndReleases() {
    HttpResponse<String> held =
        caller.post("/api/v1/hold", "{\"person\": \"ada\", \"why\": \"migration\"}");
    assertEquals(200, held.statusCode(), held.body());
    assertEquals("ada (claimed): migration", json("/api/v1/status").path("hold").asString());
    assertEquals(200, caller.call("DELETE", "/api/v1/hold", "").statusCode());
    JsonNode status = json("/api/v1/status");
    assertFalse(status.has("hold"));
    assertEquals("0.1.0", status.path("version").asString());
  }

  @Test
  void refusesBodiesThatItCannotRead() {
    assertEquals(400, caller.post("/api/v1/hold", "{}").statusCode());
    assertEquals(400, caller.post("/api/v1/hold", "[1]").statusCode());
    assertEquals(400, caller.post("/api/v1/hold", "{").statusCode());
    assertEquals(400, caller.post("/api/v1/hold", "{\"why\": 5}").statusCode());
    assertEquals(
        400, caller.post("/api/v1/hold", "{\"why\":\"" + "x".repeat(600) + "\"}").statusCode());
    assertEquals(
        413, caller.post("/api/v1/hold", "{\"why\":\"" + "x".repeat(20_000) + "\"}").statusCode());
    assertEquals(
        415,
        caller.call("POST", "/api/v1/hold", "why=x", "Content-Type", "text/plain").statusCode());
    assertFalse(json("/api/v1/status").has("hold"));
  }

  @Test
  void saysTryAgainWhereTheMailboxIsFull() {
    engine.fill();
    HttpResponse<String> response = caller.call("DELETE", "/api/v1/hold", "");
    assertEquals(503, response.statusCode());
    assertEquals("5", response.headers().firstValue("Retry-After").orElse(""));
    assertEquals("The mailbox is full; try again later.", error(response));
    assertEquals(503, caller.get("/api/v1/incidents").statusCode());
  }

  @Test
  void explainsAsTextAndAsJson() {
    engine.alert(Map.of("alertname", "DiskFull"), true);
    String fingerprint = Labels.of(Map.of("alertname", "DiskFull")).fingerprint().toString();
    HttpResponse<String> text =
        caller.get("/api/v1/explain/" + fingerprint, "Accept", "text/plain");
    assertEquals(200, text.statusCode(), text.body());
    assertEquals("text/plain; charset=utf-8", text.headers().firstValue("Content-Type").orElse(""));
    assertTrue(text.body().contains("No service in the rules matches"), text.body());
    JsonNode explanation = json("/api/v1/explain/DiskFull");
    assertEquals("alert_fired", explanation.path("lines").path(0).path("kind").asString());
  }

  @Test
  void answersInJsonForUnknownPathsAndWrongMethods() {
    HttpResponse<String> unknown = caller.get("/api/v1/nothing");
    assertEquals(404, unknown.statusCode());
    assertFalse(error(unknown).isEmpty());
    HttpResponse<String> wrong = caller.call("PUT", "/api/v1/hold", "");
    assertEquals(405, wrong.statusCode());
    assertEquals("GET, HEAD, POST, DELETE", wrong.headers().firstValue("Allow").orElse(""));
  }

  @Test
  void answersEveryRouteWithTheSameHeaders() {
    List<Endpoints.Endpoint> endpoints = new ArrayList<>(Endpoints.of(caller.router));
    assertTrue(
        endpoints.contains(new Endpoints.Endpoint(HttpMethod.POST, "/api/v1/incidents/x/veto")));
    assertTrue(endpoints.contains(new Endpoints.Endpoint(HttpMethod.GET, "/api/v1/incidents")));
    for (Endpoints.Endpoint endpoint : endpoints) {
      HttpResponse<String> response = caller.call(endpoint.method().name(), endpoint.path(), "");
      String where = endpoint + " " + response.statusCode();
      assertEquals("no-store", response.headers().firstValue("Cache-Control").orElse(""), where);
      assertEquals(
          "nosniff", response.headers().firstValue("X-Content-Type-Options").orElse(""), where);
      assertEquals(
          "application/json", response.headers().firstValue("Content-Type").orElse(""), where);
      if (endpoint.method().equals(HttpMethod.HEAD)) {
        assertEquals("", response.body(), where);
      } else {
        JSON.readTree(response.body());
      }
    }
  }

  @Test
  void whatTakesTooLongToReadIsAnsweredWithItsRemedy() {
    rolledBack();
    engine.slow(Duration.ofSeconds(11));
    for (String path :
        List.of(
            "/api/v1/explain/rel-42",
            "/api/v1/explain/covet-1?from=1970-01-01T00:00:00Z",
            "/api/v1/services/covet/report?from=1970-01-01T00:00:00Z")) {
      HttpResponse<String> late = caller.get(path);
      assertEquals(503, late.statusCode(), path);
      assertEquals(
          "To read the journal for this takes more than 10 s. Ask for a shorter time, by from"
              + " and to.",
          error(late),
          path);
      assertEquals(1, engine.read().size(), path);
    }
  }

  @Test
  void anIncidentsStoryThatTakesTooLongToReadIsGoneOnWithByWhoAsksAgain() {
    rolledBack();
    Duration third = Duration.ofSeconds(10).dividedBy(engine.entries.size() / 3);
    engine.slow(third);
    HttpResponse<String> late = caller.get("/api/v1/incidents/covet-1");
    assertEquals(503, late.statusCode());
    assertTrue(error(late).endsWith("Ask again: it goes on from where it stopped."), error(late));
    int asked = 1;
    while (caller.get("/api/v1/incidents/covet-1/report").statusCode() == 503) {
      asked++;
      assertTrue(asked <= 5, "it comes to its end");
    }
    engine.slow(Duration.ZERO);
    JsonNode kept = json("/api/v1/explain/covet-1").path("lines");
    JsonNode anew = json("/api/v1/explain/covet-1?from=1970-01-01T00:00:00Z").path("lines");
    assertEquals(anew, kept);
    assertTrue(kept.size() > 5, kept.toString());
  }

  @Test
  void anIncidentThatIsAskedForAgainCostsWhatIsNew() {
    rolledBack();
    json("/api/v1/incidents/covet-1");
    Instant last = engine.entries.getLast().at();
    engine.read();
    json("/api/v1/incidents/covet-1");
    json("/api/v1/explain/covet-1");
    caller.get("/api/v1/incidents/covet-1/report");
    assertEquals(Set.of(last), Set.copyOf(engine.read()));
  }

  @Test
  void noTextOfOthersTurnsTheDirectionOfWriting() {
    String turning = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069";
    engine.alert(Map.of("alertname", "Odd" + turning, "namespace", "covet"), true);
    JsonNode incident = json("/api/v1/incidents/covet-1").path("incident");
    assertEquals(
        "Odd\\u061c\\u200e\\u200f\\u202a\\u202b\\u202c\\u202d\\u202e\\u2066\\u2067\\u2068\\u2069",
        incident.path("cause").asString());
    for (String path : List.of("/incidents", "/incidents/covet-1", "/explain/covet-1")) {
      String body = caller.get("/api/v1" + path).body();
      assertTrue(body.contains("Odd"), body);
      assertTrue(turning.chars().noneMatch(c -> body.indexOf(c) >= 0), body);
    }
    assertEquals(
        "{\"said\":\"\\\\u202eא \uD83D\uDE00\\n\"}",
        Reply.json(Map.of("said", "\u202eא \uD83D\uDE00\n")));
  }

  @Test
  void anApprovalThatIsObjectedToBeforeItIsBegunIsAnsweredSo() {
    countdown();
    meanwhile =
        event -> {
          if (event instanceof Event.Approved(var incident, var action, _, _)) {
            engine.handle(new Event.Vetoed(incident, action, "ada"));
          }
        };
    HttpResponse<String> answer =
        caller.call(
            "POST",
            "/api/v1/incidents/covet-1/approve",
            engine.shown(),
            "Content-Type",
            "application/json",
            "X-User",
            "bob");
    assertEquals(409, answer.statusCode(), answer.body());
    assertEquals(
        "bob approved it, and somebody objected after that; it is not done.", error(answer));
  }
}
