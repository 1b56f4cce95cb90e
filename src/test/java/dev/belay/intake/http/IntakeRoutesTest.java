package dev.belay.intake.http;

import static dev.belay.intake.Bodies.NOW;
import static dev.belay.intake.Bodies.webhook;
import static java.util.Locale.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.alert.Door;
import dev.belay.core.engine.Event.AlertsReceived;
import dev.belay.core.engine.Event.ReleaseReceived;
import dev.belay.core.engine.Event.ShipmentReceived;
import dev.belay.core.release.Shipper;
import dev.belay.intake.Bodies;
import dev.belay.intake.IntakeLimits;
import dev.belay.port.InboxFull;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class IntakeRoutesTest {
  private static final String HOOK = "/webhooks/alertmanager";
  private static final String V2 = "/api/v2/alerts";
  private static final String EVENTS = "/api/v1/events";
  private static final byte[] FLUX_BODY = Bodies.of("flux/progressing.json");
  private static final String ALERT =
      "{\"status\":\"firing\",\"labels\":{\"alertname\":\"HighErrorRate\"}}";

  private final RecordingInbox inbox = new RecordingInbox();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Vertx vertx = Vertx.vertx();
  private int port;

  @BeforeEach
  void listen() throws Exception {
    port = serve(Authentication.none());
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @ValueSource(strings = {HOOK, HOOK + "/", HOOK + "/team/pay", HOOK + "?source=one"})
  void takesAWebhookAtAnySuffix(String path) throws Exception {
    HttpResponse<String> response =
        send(request(path, Bodies.of("alertmanager/0.34-route-labels.json")));
    assertEquals(200, response.statusCode());
    assertEquals(1, inbox.events.size());
    assertEquals(1.0, count("belay.alerts.received", "door", "webhook", "status", "firing"));
    assertEquals(1.0, count("belay.intake.requests", "door", "webhook", "code", "200"));
  }

  @Test
  void takesAWebhookByPut() throws Exception {
    HttpRequest put =
        HttpRequest.newBuilder(uri(HOOK))
            .PUT(BodyPublishers.ofByteArray(Bodies.of("alertmanager/grafana.json")))
            .build();
    assertEquals(200, send(put).statusCode());
  }

  @Test
  void countsWhatWasCutOff() throws Exception {
    send(request(HOOK, Bodies.of("alertmanager/0.31-resolved.json")));
    assertEquals(7.0, registry.counter("belay.alerts.truncated").count());
    assertEquals(7, ((AlertsReceived) inbox.events.getFirst()).truncated());
  }

  @Test
  void answersApiV2WithExactly200AndNothing() throws Exception {
    HttpResponse<String> response = send(request(V2, "[" + ALERT + "]"));
    assertEquals(200, response.statusCode());
    assertEquals("", response.body());
    assertEquals(Door.API_V2, ((AlertsReceived) inbox.events.getFirst()).door());
  }

  @Test
  void stores255Of256AndThenSays400() throws Exception {
    String body = "[" + (ALERT + ",").repeat(100) + "{\"labels\":{}}" + ("," + ALERT).repeat(155);
    HttpResponse<String> response = send(request(V2, body + "]"));
    assertEquals(400, response.statusCode());
    assertEquals("\"alerts[100]: at least one label with a value is required\"", response.body());
    assertEquals(255, ((AlertsReceived) inbox.events.getFirst()).alerts().size());
  }

  @Test
  void takesReleaseEventsInEveryWrapping() throws Exception {
    assertEquals(200, send(request(EVENTS, Bodies.of("cdevents/0.5-upgraded.json"))).statusCode());
    assertEquals(
        200,
        send(HttpRequest.newBuilder(uri(EVENTS))
                .header("Content-Type", "application/cloudevents+json; charset=UTF-8")
                .POST(BodyPublishers.ofByteArray(Bodies.of("cdevents/structured.json")))
                .build())
            .statusCode());
    assertEquals(
        200,
        send(HttpRequest.newBuilder(uri(EVENTS))
                .header("Ce-Id", "ce-1")
                .header("ce-source", "/ci")
                .header("ce-specversion", "1.0")
                .header("ce-type", "release")
                .POST(BodyPublishers.ofString("{\"service\":\"covet\"}"))
                .build())
            .statusCode());
    assertEquals(3, inbox.events.size());
    assertEquals("ce-1", ((ReleaseReceived) inbox.events.getLast()).release().id());
  }

  @Test
  void ignoresEventsOfNoInterestAndCountsThem() throws Exception {
    HttpResponse<String> response = send(request(EVENTS, Bodies.of("cdevents/0.5-published.json")));
    assertEquals(200, response.statusCode());
    assertEquals("{\"status\":\"ignored\"}", response.body());
    assertTrue(inbox.events.isEmpty());
    assertEquals(1.0, count("belay.intake.ignored", "door", "events", "reason", "irrelevant"));
  }

  @Test
  void countsAReleaseThatNoRuleIsAboutAsIgnoredOnceItIsDurable() throws Exception {
    String release = "{\"id\":\"1\",\"source\":\"ci\",\"service\":\"%s\"}";
    HttpResponse<String> response = send(request(EVENTS, release.formatted("strange")));
    assertEquals("{\"status\":\"ignored\",\"reason\":\"who?\"}", response.body());
    assertEquals(1, inbox.events.size(), "the journal tells of it");
    assertEquals(1.0, count("belay.intake.ignored", "door", "events", "reason", "of_no_service"));
    send(request(EVENTS, release.formatted("covet")));
    assertEquals(1.0, count("belay.intake.ignored", "door", "events", "reason", "of_no_service"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        HOOK
            + "|{\"text\":\"template\"}|unrecognized|{\"error\":\"the body does not look like an"
            + " Alertmanager webhook of payload version 4: the field \\\"alerts\\\" is missing",
        HOOK
            + "|{\"alerts\":[{\"labels\":{\"a\":\"b\"}}]}|invalid|{\"error\":\"the body does not"
            + " look like an Alertmanager webhook of payload version 4: alerts[0]: the field"
            + " \\\"status\\\"",
        HOOK + "|<html>|malformed|{\"error\":\"the body is not JSON that can be read at line 1,",
        V2 + "|{\"alerts\":[]}|unrecognized|\"the body must be a JSON array of alerts",
        V2 + "|[{]|malformed|\"the body is not JSON",
        EVENTS + "|{\"id\":\"1\"}|invalid|{\"error\":\"the field \\\"source\\\" is missing",
        EVENTS + "|not json|malformed|{\"error\":\"the body is not JSON"
      })
  void says400InOneClearLineAndGoesOn(String path, String body, String reason, String answer)
      throws Exception {
    HttpResponse<String> response = send(request(path, body));
    assertEquals(400, response.statusCode());
    assertTrue(response.body().startsWith(answer), response.body());
    assertFalse(response.body().contains("\n"));
    double rejected =
        registry.get("belay.intake.rejected").tag("reason", reason).counters().stream()
            .mapToDouble(Counter::count)
            .sum();
    assertEquals(1.0, rejected);
    assertTrue(inbox.events.isEmpty());
    assertEquals(200, send(request(HOOK, webhook(ALERT))).statusCode());
  }

  @Test
  void refusesAnEmptyBody() throws Exception {
    for (String path : List.of(HOOK, V2, EVENTS)) {
      assertEquals(400, send(request(path, "")).statusCode(), path);
    }
  }

  @Test
  void says413ToABodyThatDeclaresTooMuch() throws Exception {
    HttpResponse<String> response = send(request(HOOK, new byte[(8 << 20) + 1]));
    assertEquals(413, response.statusCode());
    assertTrue(response.body().contains("larger than 8388608 bytes"), response.body());
  }

  @Test
  void says413ToAStreamThatGrowsTooLong() throws Exception {
    HttpRequest chunked =
        HttpRequest.newBuilder(uri(V2))
            .POST(BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(new byte[(8 << 20) + 1])))
            .build();
    assertEquals(413, send(chunked).statusCode());
    assertEquals(1.0, count("belay.intake.rejected", "door", "api_v2", "reason", "too_large"));
  }

  @Test
  void readsABigBodyOffTheEventLoop() throws Exception {
    String body = "[" + (ALERT + ",").repeat(9_999) + ALERT + "]";
    assertEquals(200, send(request(V2, body)).statusCode());
    assertEquals(10_000, ((AlertsReceived) inbox.events.getFirst()).alerts().size());
    assertEquals(413, send(request(V2, "[" + ALERT + "," + body.substring(1))).statusCode());
  }

  @Test
  void says405WithWhatIsAllowed() throws Exception {
    HttpResponse<String> response = send(HttpRequest.newBuilder(uri(HOOK)).GET().build());
    assertEquals(405, response.statusCode());
    assertEquals("POST, PUT", response.headers().firstValue("Allow").orElseThrow());
    assertEquals(405, send(HttpRequest.newBuilder(uri(V2)).GET().build()).statusCode());
    assertEquals(405, send(HttpRequest.newBuilder(uri(EVENTS)).DELETE().build()).statusCode());
  }

  @ParameterizedTest
  @CsvSource({
    "application/x-www-form-urlencoded, 415",
    "multipart/form-data; boundary=x, 415",
    "application/xml, 415",
    "application/json; charset=utf-8, 200",
    "text/plain, 200"
  })
  void says415WhereItIsClearlyNoJson(String type, int code) throws Exception {
    HttpRequest typed =
        HttpRequest.newBuilder(uri(HOOK))
            .header("Content-Type", type)
            .POST(BodyPublishers.ofByteArray(webhook(ALERT)))
            .build();
    assertEquals(code, send(typed).statusCode());
  }

  @Test
  void says415ToCompressedBodiesAndBatches() throws Exception {
    HttpRequest zipped =
        HttpRequest.newBuilder(uri(V2))
            .header("Content-Encoding", "gzip")
            .POST(BodyPublishers.ofString("[]"))
            .build();
    assertEquals(415, send(zipped).statusCode());
    HttpRequest batch =
        HttpRequest.newBuilder(uri(EVENTS))
            .header("Content-Type", "application/cloudevents-batch+json")
            .POST(BodyPublishers.ofString("[]"))
            .build();
    assertEquals(415, send(batch).statusCode());
  }

  @Test
  void says503AndWhenToRetryWhereTheInboxIsFull() throws Exception {
    inbox.answer = CompletableFuture.failedFuture(new InboxFull("the mailbox is full"));
    HttpResponse<String> response = send(request(HOOK, webhook(ALERT)));
    assertEquals(503, response.statusCode());
    assertEquals("5", response.headers().firstValue("Retry-After").orElseThrow());
    assertEquals("{\"error\":\"the mailbox is full; send it again later\"}", response.body());
    assertEquals(0.0, count("belay.alerts.received", "door", "webhook", "status", "firing"));
    inbox.answer = CompletableFuture.failedFuture(new CompletionException(new InboxFull("full")));
    assertEquals(503, send(request(V2, "[" + ALERT + "]")).statusCode());
  }

  @Test
  void says500WithoutDetailWhereSomethingBroke() throws Exception {
    inbox.answer = CompletableFuture.failedFuture(new IllegalStateException("secret detail"));
    HttpResponse<String> response = send(request(HOOK, webhook(ALERT)));
    assertEquals(500, response.statusCode());
    assertFalse(response.body().contains("secret"));
  }

  @Test
  void answersOnlyWhenItIsDurable() throws Exception {
    CompletableFuture<@Nullable Void> durable = new CompletableFuture<>();
    inbox.answer = durable;
    CompletableFuture<HttpResponse<String>> response =
        client.sendAsync(request(HOOK, webhook(ALERT)), BodyHandlers.ofString());
    assertNotNull(inbox.arrivals.poll(30, TimeUnit.SECONDS));
    inbox.answer = CompletableFuture.completedFuture(null);
    // A whole other exchange goes through meanwhile, so the first had every chance to be answered.
    assertEquals(200, send(request(V2, "[" + ALERT + "]")).statusCode());
    assertFalse(response.isDone());
    durable.complete(null);
    assertEquals(200, response.get(30, TimeUnit.SECONDS).statusCode());
  }

  @Test
  void asksForCredentialsAndEchoesNothing() throws Exception {
    port = serve(Authentication.of(List.of("old-token", "new-token"), Map.of("ada", "love:lace")));
    for (String header :
        List.of(
            "Bearer wrong",
            "Bearer ",
            "Basic ???",
            basic("ada:wrong"),
            basic("eve:love:lace"),
            "x")) {
      HttpResponse<String> response = send(authorized(header));
      assertEquals(401, response.statusCode(), header);
      assertEquals("{\"error\":\"authentication is required\"}", response.body());
      assertEquals(
          List.of("Bearer realm=\"belay\"", "Basic realm=\"belay\", charset=\"UTF-8\""),
          response.headers().allValues("WWW-Authenticate"));
    }
    assertEquals(401, send(request(HOOK, "no json, and nobody looks")).statusCode());
    assertEquals(
        7.0, count("belay.intake.rejected", "door", "webhook", "reason", "unauthenticated"));
    assertTrue(inbox.events.isEmpty());
    for (String header : List.of("Bearer old-token", "bearer new-token", basic("ada:love:lace"))) {
      assertEquals(200, send(authorized(header)).statusCode(), header);
    }
    assertEquals(401, send(HttpRequest.newBuilder(uri("/api/v2/status")).build()).statusCode());
  }

  @Test
  void takesWhatToolsSayThatTheyShipped() throws Exception {
    assertEquals(
        "{\"status\":\"accepted\"}",
        send(request("/webhooks/argocd", Bodies.of("argocd/deployed.json"))).body());
    assertEquals(
        "{\"status\":\"accepted\"}",
        send(request("/webhooks/flux", Bodies.of("flux/progressing.json"))).body());
    assertEquals(
        "{\"status\":\"accepted\"}",
        send(github("deployment_status", "github/success.json", "")).body());
    assertEquals(
        List.of(Shipper.ARGOCD, Shipper.FLUX, Shipper.GITHUB),
        inbox.events.stream().map(event -> ((ShipmentReceived) event).shipment().by()).toList());
  }

  @Test
  void saysWhyAToolIsNotHeeded() throws Exception {
    HttpResponse<String> ping = send(github("ping", "github/ping.json", ""));
    assertEquals(200, ping.statusCode());
    assertEquals("{\"status\":\"ignored\",\"reason\":\"Belay hears this webhook\"}", ping.body());
    send(request("/webhooks/flux", Bodies.of("flux/upgrade-failed.json")));
    assertEquals(1.0, count("belay.intake.ignored", "door", "flux", "reason", "nothing_shipped"));
    HttpResponse<String> bare = send(request("/webhooks/github", "{}"));
    assertEquals(400, bare.statusCode());
    assertTrue(bare.body().contains("X-GitHub-Event is missing"), bare.body());
    HttpRequest form =
        HttpRequest.newBuilder(uri("/webhooks/github"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("payload={}"))
            .build();
    assertEquals(415, send(form).statusCode());
    assertTrue(inbox.events.isEmpty());
  }

  @Test
  void aSignatureStandsInForCredentialsAtItsOwnDoorOnly() throws Exception {
    port =
        serve(
            Authentication.of(List.of("token"), Map.of())
                .signing(
                    Map.of(Shipper.FLUX, List.of("old", "new"), Shipper.GITHUB, List.of("key"))));
    for (String secret : List.of("old", "new")) {
      assertEquals(200, send(flux("sha256=" + hmac(secret, FLUX_BODY))).statusCode(), secret);
    }
    assertEquals(
        200, send(flux("SHA256=" + hmac("old", FLUX_BODY).toUpperCase(ROOT))).statusCode());
    String good = "sha256=" + hmac("key", Bodies.of("github/success.json"));
    assertEquals(200, send(github("deployment_status", "github/success.json", good)).statusCode());
    inbox.events.clear();
    for (String wrong :
        List.of(
            "",
            "sha256=",
            "sha256=zz",
            "sha256=00",
            hmac("old", FLUX_BODY),
            "sha1=" + hmac("old", FLUX_BODY),
            "sha256=" + hmac("key", FLUX_BODY),
            "sha256=" + hmac("old", Bodies.bytes("other")),
            "sha256=" + hmac("old", FLUX_BODY) + "00")) {
      HttpResponse<String> response = send(flux(wrong));
      assertEquals(401, response.statusCode(), wrong);
      assertEquals(
          "{\"error\":\"the signature in X-Signature is missing or wrong\"}", response.body());
    }
    HttpRequest token =
        HttpRequest.newBuilder(uri("/webhooks/flux"))
            .header("Authorization", "Bearer token")
            .POST(BodyPublishers.ofByteArray(FLUX_BODY))
            .build();
    assertEquals(401, send(token).statusCode());
    assertEquals(401, send(request("/webhooks/argocd", "{}")).statusCode());
    assertEquals(401, send(request(EVENTS, "{}")).statusCode());
    assertTrue(inbox.events.isEmpty());
    assertEquals(10.0, count("belay.intake.rejected", "door", "flux", "reason", "unauthenticated"));
  }

  @Test
  void whatIsSignedWronglyIsNotLookedAt() throws Exception {
    port = serve(Authentication.none().signing(Map.of(Shipper.FLUX, List.of("secret"))));
    HttpRequest garbled =
        HttpRequest.newBuilder(uri("/webhooks/flux"))
            .header("X-Signature", "sha256=" + hmac("guess", Bodies.bytes("{]")))
            .POST(BodyPublishers.ofString("{]"))
            .build();
    assertEquals(401, send(garbled).statusCode());
    HttpRequest signed =
        HttpRequest.newBuilder(uri("/webhooks/flux"))
            .header("X-Signature", "sha256=" + hmac("secret", Bodies.bytes("{]")))
            .POST(BodyPublishers.ofString("{]"))
            .build();
    assertEquals(400, send(signed).statusCode());
  }

  @Test
  void answersTheRestOfAlertmanagersApi() throws Exception {
    HttpResponse<String> status = send(HttpRequest.newBuilder(uri("/api/v2/status")).build());
    assertEquals(200, status.statusCode());
    assertTrue(status.body().contains("\"cluster\":{\"status\":\"disabled\"}"), status.body());
    HttpResponse<String> silences = send(request("/api/v2/silences", "{}"));
    assertEquals(404, silences.statusCode());
    assertTrue(silences.body().contains("Belay keeps no silences"));
  }

  @Test
  void hasEverySeriesFromTheStart() {
    for (String name :
        List.of(
            "belay.alerts.received",
            "belay.intake.requests",
            "belay.intake.rejected",
            "belay.intake.ignored",
            "belay.alerts.truncated")) {
      assertTrue(
          registry.get(name).counters().stream().allMatch(counter -> counter.count() == 0), name);
    }
    assertEquals(48, registry.get("belay.intake.requests").counters().size());
    assertEquals(4, registry.get("belay.alerts.received").counters().size());
  }

  private HttpRequest flux(String signature) {
    return HttpRequest.newBuilder(uri("/webhooks/flux"))
        .header("Gotk-Component", "kustomize-controller")
        .header("X-Signature", signature)
        .POST(BodyPublishers.ofByteArray(FLUX_BODY))
        .build();
  }

  private HttpRequest github(String event, String file, String signature) {
    return HttpRequest.newBuilder(uri("/webhooks/github"))
        .header("Content-Type", "application/json")
        .header("X-GitHub-Event", event)
        .header("X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958")
        .header("X-Hub-Signature-256", signature)
        .POST(BodyPublishers.ofByteArray(Bodies.of(file)))
        .build();
  }

  private static String hmac(String secret, byte[] body) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Bodies.bytes(secret), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(body));
  }

  private int serve(Authentication gate) throws Exception {
    Router router = Router.router(vertx);
    new IntakeRoutes(
            inbox,
            event ->
                event instanceof ReleaseReceived(var release) && release.service().equals("strange")
                    ? Optional.of("who?")
                    : Optional.empty(),
            () -> NOW,
            () -> NOW,
            IntakeLimits.standard(),
            gate,
            registry)
        .mount(router);
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
    return server.actualPort();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private HttpRequest request(String path, String body) {
    return request(path, Bodies.bytes(body));
  }

  private HttpRequest request(String path, byte[] body) {
    return HttpRequest.newBuilder(uri(path))
        .timeout(Duration.ofSeconds(60))
        .POST(BodyPublishers.ofByteArray(body))
        .build();
  }

  private HttpRequest authorized(String header) {
    return HttpRequest.newBuilder(uri(HOOK))
        .header("Authorization", header)
        .POST(BodyPublishers.ofByteArray(webhook(ALERT)))
        .build();
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(Bodies.bytes(pair));
  }

  private HttpResponse<String> send(HttpRequest request) throws Exception {
    return client.send(request, BodyHandlers.ofString());
  }

  private double count(String name, String... tags) {
    return registry.get(name).tags(tags).counter().count();
  }
}
