package dev.belay.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.belay.Described;
import dev.belay.console.HealthRoutes.Check;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the API really answers is what the OpenAPI document says. */
class ApiAnswersTest {
  private static final String V1 = "/api/v1/";

  private static final Map<String, String> ERRORS =
      Map.of("alertname", "HighErrorRate", "namespace", "covet");

  /** What is answered though the engine takes nothing. The stream has a test of its own. */
  private static final Set<String> WITHOUT_ENGINE =
      Set.of(
          V1 + "events",
          V1 + "rules",
          V1 + "rules/source",
          V1 + "audit",
          V1 + "records",
          V1 + "me",
          V1 + "health",
          V1 + "services/{name}/readings",
          V1 + "stream",
          V1 + "services/{name}/report");

  private static final Map<String, String> LATENCY =
      Map.of("alertname", "HighLatency", "namespace", "covet");

  private final FakeEngine engine = new FakeEngine();
  private Duration sinceProgress = Duration.ZERO;
  private Optional<String> trouble = Optional.empty();
  private final Readings readings =
      new Readings(_ -> Optional.of(FakeEngine.RULES.services().getFirst()), engine.clock());
  private SourceRoute.Source source =
      new SourceRoute.Source("0123456789ab", FakeEngine.START, Optional.empty(), true);
  private final Described api;
  private final Caller caller =
      new Caller(
          router -> {
            HealthRoutes health =
                new HealthRoutes(
                    () -> sinceProgress, List.of(new Check("journal", true, () -> trouble)), false);
            health.mount(router);
            health.mountApi(router);
            new Memory(engine::history, engine.clock().instant().plus(Duration.ofDays(1)))
                .mount(router);
            readings.mount(router);
            new SourceRoute(() -> source).mount(router);
            new WhoRoute(_ -> Optional.of("ada"), _ -> "viewer").mount(router);
            new ApiRoutes(
                    engine,
                    engine,
                    FakeEngine.RULES,
                    engine.clock(),
                    "0.1.0",
                    _ -> Optional.empty())
                .mount(router);
            new MetricsRoute(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)).mount(router);
          });

  ApiAnswersTest() throws IOException {
    this.api = Described.by("openapi.yaml");
  }

  @AfterEach
  void close() {
    caller.close();
  }

  @Test
  void everyAnswerOfTheApiIsDescribed() {
    engine.badRelease().obey().pass(Duration.ofSeconds(10));
    everyRead();
    post("incidents/{id}/approve", "covet-1", "{\"person\":\"ada\"}", 400);
    post("incidents/{id}/approve", "covet-1", engine.shown(), 200);
    engine.obey().pass(Duration.ofSeconds(2));
    everyRead();
    post("incidents/{id}/approve", "covet-1", "{}", 409);
    post("incidents/{id}/acknowledge", "covet-1", "{\"person\":\"ada\"}", 200);
    post("incidents/{id}/snooze", "covet-1", "{\"person\":\"ada\",\"for\":\"1h\"}", 200);
    everyRead();
    engine.obey().pass(Duration.ofMinutes(1)).alert(ERRORS, false).pass(Duration.ofMinutes(5));
    post("incidents/{id}/snooze", "covet-1", "{}", 409);
    post("incidents/{id}/acknowledge", "covet-1", "{}", 409);
    post("incidents/{id}/veto", "covet-1", "{}", 409);
    everyRead();
    errors();
    engine.fill();
    for (String operation : new TreeSet<>(api.operations())) {
      String path = operation.substring(operation.indexOf(' ') + 1);
      if (path.startsWith(V1) && !WITHOUT_ENGINE.contains(path)) {
        call(
            operation,
            path.replace("{id}", "covet-1").replace("{subject}", "x").replace("{name}", "covet"),
            "{\"why\":\"w\"}",
            503);
      }
    }
    // One incident cannot be both approved and vetoed, and no month here takes long to read.
    assertEquals(
        Set.of(
            "GET /api/v1/audit 503",
            "GET /api/v1/records 503",
            "POST /api/v1/incidents/{id}/veto 200"),
        notSeen());
  }

  @Test
  void whatAReloadFailedAtIsSaidHarmlessly() {
    source =
        new SourceRoute.Source(
            "0123456789ab", FakeEngine.START, Optional.of("pay.yml:2: no such key\u001b[2J"), true);
    HttpResponse<String> said = caller.get(V1 + "rules/source");
    assertEquals(
        "{\"digest\":\"0123456789ab\",\"readAt\":\"2026-11-24T10:00:00Z\","
            + "\"trouble\":\"pay.yml:2: no such key\\\\u001b[2J\",\"reloads\":true}",
        said.body().strip());
  }

  /** The gate's answers are looked at elsewhere, and no request makes Belay fail. */
  private Set<String> notSeen() {
    Set<String> missing = new TreeSet<>(api.answers());
    missing.removeAll(api.seen());
    missing.removeIf(
        answer ->
            !answer.contains(V1)
                || answer.contains("/events")
                || answer.contains("/stream")
                || answer.endsWith("{name}/report 503")
                || answer.matches(".* (401|403|500)"));
    return missing;
  }

  @Test
  void leasesAndObjectionsAreDescribed() {
    engine.badRelease().obey().pass(Duration.ofSeconds(10));
    post("incidents/{id}/veto", "covet-1", "{}", 200);
    engine.alert(LATENCY, true).obey().pass(Duration.ofSeconds(2)).obey();
    everyRead();
    engine.alert(LATENCY, false).pass(Duration.ofMinutes(40)).obey();
    everyRead();
  }

  @Test
  void healthAndMetricsAreDescribed() {
    for (String path : List.of("/-/healthy", "/livez", "/-/ready", "/readyz")) {
      call("GET " + path, path, "", 200);
    }
    call("GET /readyz", "/readyz?verbose&exclude=journal", "", 200);
    call("GET /metrics", "/metrics", "", 200);
    HttpResponse<String> open = caller.get("/metrics", "Accept", "application/openmetrics-text");
    api.assertAnswer("GET /metrics", open.statusCode(), type(open), open.body());
    sinceProgress = Duration.ofMinutes(1);
    trouble = Optional.of("it is full");
    for (String path : List.of("/-/healthy", "/livez", "/-/ready", "/readyz")) {
      call("GET " + path, path, "", 503);
    }
  }

  private void everyRead() {
    for (String read : List.of("incidents", "releases", "decisions", "leases", "services")) {
      call("GET " + V1 + read, V1 + read, "", 200);
    }
    for (String read : List.of("rules", "status", "hold")) {
      call("GET " + V1 + read, V1 + read, "", 200);
    }
    for (String read : List.of("audit", "records", "me", "health")) {
      call("GET " + V1 + read, V1 + read, "", 200);
    }
    call("GET " + V1 + "incidents", V1 + "incidents?order=urgent", "", 200);
    call("GET " + V1 + "decisions", V1 + "decisions?before=2026-11-25T00:00:00Z", "", 200);
    call("GET " + V1 + "services", V1 + "services?query=COV&order=trouble&limit=1", "", 200);
    call("GET " + V1 + "rules/source", V1 + "rules/source", "", 200);
    call("GET " + V1 + "services/{name}/readings", V1 + "services/covet/readings", "", 200);
    call("GET " + V1 + "incidents/{id}", V1 + "incidents/covet-1", "", 200);
    call("GET " + V1 + "incidents/{id}/report", V1 + "incidents/covet-1/report", "", 200);
    call("GET " + V1 + "services/{name}/report", V1 + "services/covet/report", "", 200);
    call("GET " + V1 + "explain/{subject}", V1 + "explain/covet-1", "", 200);
    HttpResponse<String> text = caller.get(V1 + "explain/covet-1", "Accept", "text/plain");
    api.assertAnswer("GET " + V1 + "explain/{subject}", text.statusCode(), type(text), text.body());
  }

  private void errors() {
    for (String read : List.of("incidents", "releases", "decisions", "services", "audit")) {
      call("GET " + V1 + read, V1 + read + "?limit=0", "", 400);
    }
    call("GET " + V1 + "incidents/{id}", V1 + "incidents/none", "", 404);
    call("GET " + V1 + "incidents/{id}/report", V1 + "incidents/none/report", "", 404);
    call("GET " + V1 + "services/{name}/report", V1 + "services/none/report", "", 404);
    call("GET " + V1 + "services/{name}/report", V1 + "services/covet/report?to=x", "", 400);
    call("GET " + V1 + "explain/{subject}", V1 + "explain/none", "", 404);
    call("GET " + V1 + "explain/{subject}", V1 + "explain/none?from=now", "", 400);
    post("incidents/{id}/approve", "none", "{}", 404);
    post("incidents/{id}/veto", "none", "{}", 404);
    post("incidents/{id}/snooze", "none", "{}", 404);
    post("incidents/{id}/acknowledge", "none", "{}", 404);
    post("incidents/{id}/snooze", "covet-1", "{\"for\":\"soon\"}", 400);
    for (String what : List.of("approve", "veto", "snooze", "acknowledge")) {
      post("incidents/{id}/" + what, "covet-1", "[", 400);
      post("incidents/{id}/" + what, "covet-1", "{\"person\":\"" + "a".repeat(20_000) + "\"}", 413);
      typed("POST " + V1 + "incidents/{id}/" + what, V1 + "incidents/covet-1/" + what);
    }
    for (String method : List.of("POST", "DELETE")) {
      call(method + " " + V1 + "hold", V1 + "hold", "[", 400);
      call(
          method + " " + V1 + "hold", V1 + "hold", "{\"why\":\"" + "a".repeat(20_000) + "\"}", 413);
      typed(method + " " + V1 + "hold", V1 + "hold");
    }
    call("POST " + V1 + "hold", V1 + "hold", "{\"person\":\"ada\",\"why\":\"a move\"}", 200);
    call("GET " + V1 + "status", V1 + "status", "", 200);
    call("DELETE " + V1 + "hold", V1 + "hold", "{\"person\":\"ada\"}", 200);
  }

  private void post(String operation, String id, String body, int status) {
    call("POST " + V1 + operation, V1 + operation.replace("{id}", id), body, status);
  }

  private void typed(String operation, String path) {
    String method = operation.substring(0, operation.indexOf(' '));
    HttpResponse<String> response = caller.call(method, path, "why", "Content-Type", "text/plain");
    assertEquals(415, response.statusCode(), operation);
    api.assertAnswer(operation, 415, type(response), response.body());
  }

  private void call(String operation, String path, String body, int status) {
    String method = operation.substring(0, operation.indexOf(' '));
    HttpResponse<String> response =
        method.equals("GET")
            ? caller.get(path)
            : caller.call(method, path, body, "Content-Type", "application/json");
    assertEquals(status, response.statusCode(), () -> operation + ": " + response.body());
    api.assertAnswer(operation, status, type(response), response.body());
  }

  private static String type(HttpResponse<String> response) {
    return response.headers().firstValue("Content-Type").orElse("");
  }
}
