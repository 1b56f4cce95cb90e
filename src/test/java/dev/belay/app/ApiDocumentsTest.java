package dev.belay.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.belay.Described;
import dev.belay.core.release.Shipper;
import dev.belay.intake.http.Authentication;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The documents of the API say what the whole daemon does. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ApiDocumentsTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Path BODIES = Path.of("src/test/resources/intake");

  /** Whatever is asked for there, the answer is that there are no silences. */
  private static final Set<String> ANY_METHOD = Set.of("/api/v2/silences", "/api/v2/silence/{id}");

  private static final List<HttpMethod> METHODS =
      List.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE);

  @TempDir Path folder = Path.of("");

  private final HttpClient client = HttpClient.newHttpClient();
  private final Described api;
  private Daemon daemon;

  ApiDocumentsTest() throws IOException {
    this.api = Described.by("openapi.yaml");
  }

  @BeforeEach
  void start() throws IOException {
    daemon = Daemons.start(folder, Authentication.none(), new NoCluster());
  }

  @AfterEach
  void stop() {
    daemon.close();
    client.close();
  }

  // ---- the documents themselves

  @Test
  void theDocumentIsOpenApi() throws IOException {
    Map<String, String> known = new TreeMap<>();
    for (String name :
        List.of("schema/2022-10-07", "schema-base/2022-10-07", "dialect/base", "meta/base")) {
      String address = "https://spec.openapis.org/oas/3.1/" + name;
      try (InputStream in =
          Objects.requireNonNull(
              ApiDocumentsTest.class.getResourceAsStream("/spec.openapis.org/oas/3.1/" + name),
              name)) {
        known.put(address, new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    Schema openApi =
        SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(known))
            .getSchema(SchemaLocation.of("https://spec.openapis.org/oas/3.1/schema/2022-10-07"));
    assertEquals(List.of(), openApi.validate(api.document()));
    assertFalse(openApi.validate(JSON.readTree("{\"openapi\":\"3.1.0\"}")).isEmpty());
  }

  @Test
  void theTopicsDocumentIsAsyncApi() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            ApiDocumentsTest.class.getResourceAsStream("/asyncapi/3.1.0.json"))) {
      Schema asyncApi =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(in);
      String document = Described.by("asyncapi.yaml").document().toString();
      assertEquals(List.of(), asyncApi.validate(JSON.readTree(document)));
      for (String wrong : List.of("\"receive\"", "\"groupId\"", "\"payload\"", "\"messages\"")) {
        String broken = document.replace(wrong, "\"other\"");
        assertFalse(asyncApi.validate(JSON.readTree(broken)).isEmpty(), wrong);
      }
    }
  }

  @Test
  void everySchemaIsASchemaAndEveryReferenceLeadsSomewhere() throws IOException {
    Schema meta =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));
    for (Described described : List.of(api, Described.by("asyncapi.yaml"))) {
      described
          .document()
          .findValues("$ref")
          .forEach(reference -> described.resolved(JSON.createObjectNode().set("$ref", reference)));
      for (JsonNode schema : described.document().get("components").get("schemas").values()) {
        assertEquals(List.of(), meta.validate(schema));
      }
    }
  }

  @Test
  void theTopicsFormatsAreThoseOfTheDoor() throws IOException {
    JsonNode topics = Described.by("asyncapi.yaml").document().get("components").get("schemas");
    for (String name : List.of("SimpleRelease", "CdEvent", "CloudEvent")) {
      assertEquals(api.document().get("components").get("schemas").get(name), topics.get(name));
    }
  }

  @Test
  void bothDocumentsAreServed() throws Exception {
    for (String name : List.of("openapi", "asyncapi")) {
      String path = "/api/" + name + ".json";
      HttpResponse<String> response = exchange("GET " + path, path, _ -> {}, 200);
      assertEquals(Described.by(name + ".yaml").document().toString(), response.body(), name);
    }
  }

  // ---- the routes

  @Test
  void everyRouteIsDescribedAndEveryDescriptionIsARoute() throws Exception {
    Set<String> mounted = new TreeSet<>();
    for (Route route : routes()) {
      String path = route.getPath();
      if (path == null || path.equals("/api/") || path.equals("/a/page")) {
        continue;
      }
      // Vert.x leaves out the star at the end of a path.
      String described =
          path.replaceAll(":([^/]+)", "{$1}")
              .replaceFirst("^/webhooks/alertmanager/$", "/webhooks/alertmanager/{sender}")
              .replaceFirst("^/api/v2/silence/$", "/api/v2/silence/{id}")
              .replaceFirst("^/console/\\{digest}/$", "/console/{digest}/{file}");
      Set<HttpMethod> methods = route.methods();
      for (HttpMethod method : METHODS) {
        boolean takes =
            (methods == null || methods.isEmpty())
                ? taken(method, described)
                : methods.contains(method);
        if (takes && !ANY_METHOD.contains(described)) {
          mounted.add(method + " " + described);
        }
      }
    }
    Set<String> documented = new TreeSet<>(api.operations());
    for (String path : ANY_METHOD) {
      assertTrue(documented.removeIf(operation -> operation.endsWith(" " + path)), path);
    }
    assertEquals(documented, mounted);
  }

  /** Where the route takes any method, the answer tells. */
  private boolean taken(HttpMethod method, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri(path.replaceAll("\\{[^}]+}", "x")))
            .method(method.name(), BodyPublishers.ofString("{}"))
            .build();
    // An answer may have no end.
    HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
    response.body().close();
    return response.statusCode() != 405;
  }

  private List<Route> routes() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      Router router = Router.router(vertx);
      daemon.mount(router);
      return router.getRoutes();
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
  }

  // ---- what is sent

  @Test
  void whatSendersSendIsDescribed() throws IOException {
    bodies("alertmanager", "POST /webhooks/alertmanager");
    bodies("flux", "POST /webhooks/flux");
    bodies("github", "POST /webhooks/github");
    for (String name : List.of("running", "deployed", "failed", "several-sources")) {
      body(BODIES.resolve("argocd/" + name + ".json"), "POST /webhooks/argocd");
    }
    try (var files = Files.list(BODIES.resolve("cdevents"))) {
      for (Path file : files.sorted().toList()) {
        boolean structured = file.endsWith("structured.json");
        api.assertRequest(
            "POST /api/v1/events",
            structured ? "application/cloudevents+json" : "application/json",
            Files.readString(file));
      }
    }
  }

  private void bodies(String kind, String operation) throws IOException {
    try (var files = Files.list(BODIES.resolve(kind))) {
      for (Path file : files.sorted().toList()) {
        body(file, operation);
      }
    }
  }

  private void body(Path file, String operation) throws IOException {
    api.assertRequest(operation, "application/json", Files.readString(file));
  }

  // ---- what is answered

  @Test
  void everyAnswerOfADoorIsDescribed() throws Exception {
    for (String path : List.of("/webhooks/alertmanager", "/webhooks/alertmanager/{sender}")) {
      for (String method : List.of("POST", "PUT")) {
        door(method + " " + path, "{\"alerts\":[]}", "{\"text\":\"no\"}");
      }
    }
    String alert = "[{\"labels\":{\"alertname\":\"A\"}}]";
    door("POST /api/v2/alerts", alert, "[{}]");
    String release = "{\"id\":\"1\",\"source\":\"ci\",\"service\":\"%s\"}";
    door("POST /api/v1/events", release.formatted("covet"), "{}");
    HttpResponse<String> ignored =
        exchange(
            "POST /api/v1/events",
            "/api/v1/events",
            request -> post(request, release.formatted("cove")),
            200);
    assertTrue(ignored.body().contains("did you mean"), ignored.body());
    door("POST /webhooks/argocd", file("argocd/deployed.json"), "{}");
    door("POST /webhooks/flux", file("flux/progressing.json"), "{}");
    door("POST /webhooks/github", file("github/success.json"), "{}");
    for (String path : ANY_METHOD) {
      for (String method : path.endsWith("}") ? List.of("GET", "DELETE") : List.of("GET", "POST")) {
        exchange(
            method + " " + path,
            path.replace("{id}", "x"),
            request -> request.method(method, BodyPublishers.noBody()),
            404);
      }
    }
    exchange("GET /api/v2/status", "/api/v2/status", _ -> {}, 200);
  }

  @Test
  void whoIsUnknownIsAnsweredAsIsDescribedEverywhere() throws Exception {
    daemon.close();
    daemon =
        Daemons.start(
            folder,
            Authentication.of(List.of("token"), Map.of())
                .signing(Map.of(Shipper.FLUX, List.of("s"), Shipper.GITHUB, List.of("s"))),
            new NoCluster());
    for (String operation : api.operations()) {
      String method = operation.substring(0, operation.indexOf(' '));
      String path = operation.substring(method.length() + 1);
      if (!path.startsWith("/-/") && !path.endsWith("z")) {
        exchange(
            operation,
            path.replaceAll("\\{[^}]+}", "x"),
            request -> request.method(method, BodyPublishers.ofString("{}")),
            401);
        if (!method.equals("GET")) {
          exchange(
              operation,
              path.replaceAll("\\{[^}]+}", "x"),
              request ->
                  request
                      .header("Sec-Fetch-Site", "cross-site")
                      .method(method, BodyPublishers.ofString("{}")),
              403);
        }
      }
    }
  }

  private void door(String operation, String good, String bad) throws Exception {
    String method = operation.substring(0, operation.indexOf(' '));
    String path = operation.substring(method.length() + 1).replace("{sender}", "team/pay");
    exchange(operation, path, request -> send(request, method, good), 200);
    exchange(operation, path, request -> send(request, method, bad), 400);
    exchange(operation, path, request -> send(request, method, "no json"), 400);
    exchange(operation, path, request -> send(request, method, " ".repeat((8 << 20) + 1)), 413);
    exchange(
        operation,
        path,
        request ->
            request
                .header("Content-Type", "application/xml")
                .method(method, BodyPublishers.ofString("<a/>")),
        415);
  }

  private static void post(HttpRequest.Builder request, String body) {
    send(request, "POST", body);
  }

  private static void send(HttpRequest.Builder request, String method, String body) {
    request
        .header("Content-Type", "application/json")
        .header("X-GitHub-Event", "deployment_status")
        .method(method, BodyPublishers.ofString(body));
  }

  private HttpResponse<String> exchange(
      String operation, String path, Consumer<HttpRequest.Builder> asks, int status)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    asks.accept(request);
    HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
    assertEquals(status, response.statusCode(), () -> operation + ": " + response.body());
    api.assertAnswer(
        operation,
        status,
        response.headers().firstValue("Content-Type").orElse(""),
        response.body());
    return response;
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + daemon.port() + path);
  }

  private static String file(String name) throws IOException {
    return Files.readString(BODIES.resolve(name));
  }
}
