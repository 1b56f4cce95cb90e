package dev.belay.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.console.Endpoints;
import dev.belay.console.Endpoints.Endpoint;
import dev.belay.core.release.Shipper;
import dev.belay.intake.http.Authentication;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole daemon with credentials configured, asked at every route that it has. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class GateTest {
  private static final int PATIENCE_MILLIS = 60_000;
  private static final Set<String> OPEN = Set.of("/-/healthy", "/-/ready", "/livez", "/readyz");

  /** Slack knows no other way. */
  private static final Endpoint SIGNED = new Endpoint(HttpMethod.POST, "/webhooks/slack");

  private static final Pattern HELD = Pattern.compile("\"hold\":\"([^\"]+)\"");

  @TempDir Path folder = Path.of("");

  private Daemon daemon;
  private Set<Endpoint> endpoints;

  @BeforeEach
  void start() throws Exception {
    daemon =
        Daemons.start(
            folder,
            Authentication.of(List.of("old-token", "new-token"), Map.of("ada", "secret")),
            new NoCluster());
    Vertx vertx = Vertx.vertx();
    try {
      Router router = Router.router(vertx);
      daemon.mount(router);
      endpoints = Endpoints.all(router);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
  }

  @AfterEach
  void stop() {
    daemon.close();
  }

  @Test
  void everyRouteIsFound() {
    Set<String> paths = endpoints.stream().map(Endpoint::path).collect(Collectors.toSet());
    for (String path :
        List.of(
            "/-/healthy",
            "/-/ready",
            "/livez",
            "/readyz",
            "/webhooks/alertmanager",
            "/webhooks/alertmanager/x",
            "/webhooks/argocd",
            "/webhooks/flux",
            "/webhooks/github",
            "/api/v2/alerts",
            "/api/v2/status",
            "/api/v2/silences",
            "/api/v2/silence/x",
            "/api/v1/events",
            "/api/v1/incidents",
            "/api/v1/incidents/x/veto",
            "/api/v1/explain/x",
            "/api/v1/hold",
            "/api/x",
            "/metrics",
            "/a/page")) {
      assertTrue(paths.contains(path), path + " is not among " + paths);
    }
  }

  @Test
  void onlyHealthAnswersWithoutCredentials() throws IOException {
    assertEquals(Map.of(), answersOtherThan401(""));
    for (String path : List.of("/", "/favicon.ico", "/api/v1/%69ncidents", "/api/v3", "/..%2fx")) {
      assertEquals(401, status(new Endpoint(HttpMethod.GET, path), "", "", ""), path);
    }
    for (String path : OPEN) {
      int status = status(new Endpoint(HttpMethod.GET, path), "", "", "");
      assertTrue(status == 200 || status == 503, path + " " + status);
    }
  }

  @Test
  void wrongCredentialsAreAsGoodAsNone() throws IOException {
    for (String wrong :
        List.of(
            "Bearer",
            "Bearer ",
            "Bearer old-toke",
            "Bearer old-token2",
            "Bearer ada:secret",
            "Bearer " + base64("ada:secret"),
            "old-token",
            "Token old-token",
            "Basic " + base64("ada:wrong"),
            "Basic " + base64("ada"),
            "Basic " + base64("old-token"),
            "Basic no base64",
            "Digest username=ada")) {
      assertEquals(Map.of(), answersOtherThan401(wrong), wrong);
    }
  }

  @Test
  void rightCredentialsPassEverywhere() throws IOException {
    for (String right :
        List.of("Bearer old-token", "bearer new-token", "Basic " + base64("ada:secret"))) {
      for (Endpoint endpoint : endpoints) {
        if (!endpoint.equals(SIGNED)) {
          assertNotEquals(401, status(endpoint, right, "", ""), right + " " + endpoint);
        }
      }
      assertEquals(200, status(new Endpoint(HttpMethod.GET, "/metrics"), right, "", ""));
      assertEquals(200, status(new Endpoint(HttpMethod.GET, "/a/page"), right, "", ""));
    }
  }

  /** The headers promise a body that never comes: whoever waits for it does not answer. */
  @Test
  void nobodyUnknownIsListenedTo() throws IOException {
    for (Endpoint endpoint : endpoints) {
      if (!OPEN.contains(endpoint.path())) {
        assertEquals(401, status(endpoint, "", "Content-Length: 1000\r\n", ""), endpoint::toString);
      }
    }
  }

  @Test
  void toolsThatSignAreUnknownWithoutTheirSignatureWhateverElseTheyShow() throws Exception {
    daemon.close();
    daemon =
        Daemons.start(
            folder,
            Authentication.of(List.of("old-token"), Map.of())
                .signing(
                    Map.of(Shipper.FLUX, List.of("secret"), Shipper.GITHUB, List.of("secret"))),
            new NoCluster());
    Map<String, String> headers =
        Map.of("/webhooks/flux", "X-Signature", "/webhooks/github", "X-Hub-Signature-256");
    for (Map.Entry<String, String> door : headers.entrySet()) {
      Endpoint endpoint = new Endpoint(HttpMethod.POST, door.getKey());
      String promise = "Content-Type: application/json\r\nContent-Length: 1000\r\n";
      assertEquals(401, status(endpoint, "Bearer old-token", promise, ""), "it is not awaited");
      String garbled = "Content-Type: application/json\r\nContent-Length: 2\r\n";
      for (String wrong : List.of("", "sha256=", "sha256=" + "00".repeat(32))) {
        assertEquals(
            401,
            status(
                endpoint,
                "Bearer old-token",
                garbled + door.getValue() + ": " + wrong + "\r\n",
                "{]"),
            door + " " + wrong);
      }
    }
    assertEquals(Map.of(), answersOtherThan401(""));
  }

  @Test
  void whatIsNoJsonIsNotLookedAt() throws IOException {
    for (Endpoint endpoint : endpoints) {
      if (!OPEN.contains(endpoint.path())) {
        assertEquals(
            401,
            status(
                endpoint,
                "Bearer wrong",
                "Content-Type: application/json\r\nContent-Length: 2\r\n",
                "{]"),
            endpoint::toString);
      }
    }
  }

  @Test
  void a401SaysHowToAuthenticateAndNothingElse() throws IOException {
    Endpoint endpoint = new Endpoint(HttpMethod.GET, "/api/v1/status");
    try (Socket socket = ask(endpoint, "Bearer guess", "", "")) {
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(answer.contains("Bearer realm=\"belay\""), answer);
      assertTrue(answer.contains("Basic realm=\"belay\""), answer);
      assertTrue(answer.endsWith("{\"error\":\"authentication is required\"}"), answer);
      assertFalse(answer.contains("guess"), answer);
    }
  }

  @Test
  void aPasswordProvesAPersonAndATokenDoesNot() throws IOException {
    Endpoint hold = new Endpoint(HttpMethod.POST, "/api/v1/hold");
    String body = "{\"person\":\"grace\",\"why\":\"a move\"}";
    String headers = "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n";
    for (String credentials : List.of("Bearer new-token", "Basic " + base64("ada:secret"))) {
      try (Socket socket = ask(hold, credentials, headers, body)) {
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String person = credentials.startsWith("Basic") ? "ada" : "grace (claimed)";
        assertTrue(answer.contains("\"hold\":\"" + person + ": a move\""), answer);
      }
    }
  }

  @Test
  void aPressThatSlackSignedNeedsNothingElse() throws Exception {
    String hold =
        "{\"type\":\"block_actions\",\"user\":{\"id\":\"U0BOB\",\"username\":\"bob\"},\"actions\":[{\"action_id\":\"hold\",\"value\":\"0123456789abcdef"
            + " 00112233445566778899aabbccddeeff covet-1\"}]}";
    String body = "payload=" + URLEncoder.encode(hold, StandardCharsets.UTF_8);
    String now = Long.toString(Instant.now().getEpochSecond());
    assertEquals(401, press(body, now, "another secret"));
    assertEquals("", held());
    assertEquals(200, press(body, now, Daemons.SIGNING_SECRET));
    assertTrue(held().contains("(Slack U0BOB)"), held());
  }

  private int press(String body, String at, String secret) throws Exception {
    return status(
        SIGNED,
        "",
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
            + body.length()
            + "\r\nX-Slack-Request-Timestamp: "
            + at
            + "\r\nX-Slack-Signature: "
            + SlackAnswersTest.sign(secret, body, at)
            + "\r\n",
        body);
  }

  private String held() throws IOException {
    Endpoint hold = new Endpoint(HttpMethod.GET, "/api/v1/hold");
    try (Socket socket = ask(hold, "Bearer new-token", "", "")) {
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher held = HELD.matcher(answer);
      return held.find() ? held.group(1) : "";
    }
  }

  private Map<String, Integer> answersOtherThan401(String credentials) throws IOException {
    Map<String, Integer> others = new TreeMap<>();
    for (Endpoint endpoint : endpoints) {
      if (!OPEN.contains(endpoint.path())) {
        int status = status(endpoint, credentials, "", "");
        if (status != 401) {
          others.put(endpoint.toString(), status);
        }
      }
    }
    return others;
  }

  private int status(Endpoint endpoint, String credentials, String headers, String body)
      throws IOException {
    try (Socket socket = ask(endpoint, credentials, headers, body)) {
      return RawHttp.status(socket);
    }
  }

  private Socket ask(Endpoint endpoint, String credentials, String headers, String body)
      throws IOException {
    String request =
        endpoint.method().name()
            + " "
            + endpoint.path()
            + " HTTP/1.1\r\nHost: belay\r\nConnection: close\r\n"
            + headers
            + (credentials.isEmpty() ? "" : "Authorization: " + credentials + "\r\n")
            + "\r\n"
            + body;
    return RawHttp.send(daemon.port(), request, PATIENCE_MILLIS);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
