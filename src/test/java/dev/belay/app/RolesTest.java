package dev.belay.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.console.Endpoints;
import dev.belay.console.Endpoints.Endpoint;
import dev.belay.intake.http.AddressRange;
import dev.belay.intake.http.Authentication;
import dev.belay.intake.http.Credentials;
import dev.belay.intake.http.Credentials.Token;
import dev.belay.intake.http.Credentials.User;
import dev.belay.intake.http.Role;
import dev.belay.intake.http.TrustedProxy;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole daemon with callers of every role, asked at every route that it has. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RolesTest {
  private static final int PATIENCE_MILLIS = 60_000;
  private static final Set<String> OPEN = Set.of("/-/healthy", "/-/ready", "/livez", "/readyz");

  /** Slack knows no other way. */
  private static final Endpoint SIGNED = new Endpoint(HttpMethod.POST, "/webhooks/slack");

  @TempDir Path folder = Path.of("");

  private Daemon daemon;

  @BeforeEach
  void start() throws IOException {
    daemon = Daemons.start(folder, gate("127.0.0.0/8", "10.0.0.0/8"), new NoCluster());
  }

  @AfterEach
  void stop() {
    daemon.close();
  }

  private static Authentication gate(String... proxies) {
    return Authentication.of(
        new Credentials(
            Arrays.stream(Role.values()).map(role -> new Token(role.word(), role)).toList(),
            List.of(new User("ada", "secret", Role.OPERATOR)),
            Optional.of(
                new TrustedProxy(
                    "X-Forwarded-User",
                    Optional.of("X-Forwarded-Groups"),
                    Map.of("all", Role.VIEWER, "sre", Role.OPERATOR, "platform", Role.ADMIN),
                    Optional.empty(),
                    Arrays.stream(proxies).map(AddressRange::of).toList()))),
        Set.of("belay.example"));
  }

  private Set<Endpoint> endpoints() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      Router router = Router.router(vertx);
      daemon.mount(router);
      return Endpoints.all(router);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void eachRoleMayWhatItIsForAndNothingElse() throws Exception {
    for (Endpoint endpoint : endpoints()) {
      if (OPEN.contains(endpoint.path()) || endpoint.equals(SIGNED)) {
        continue;
      }
      Set<Role> allowed = new TreeSet<>(Set.of(Role.ADMIN));
      boolean reads = Set.of(HttpMethod.GET, HttpMethod.HEAD).contains(endpoint.method());
      String path = endpoint.path();
      boolean door = path.matches("/webhooks/.*|/api/v2/.*|/api/v1/events");
      if (reads) {
        allowed.addAll(Set.of(Role.VIEWER, Role.OPERATOR));
      }
      if (door) {
        allowed.add(Role.INTAKE);
      } else if (path.startsWith("/api/v1/incidents/x/")) {
        allowed.add(Role.OPERATOR);
      }
      Set<Role> passed = new TreeSet<>();
      for (Role role : Role.values()) {
        int status = status(endpoint, "Authorization: Bearer " + role.word() + "\r\n");
        if (status != 403) {
          passed.add(role);
        }
        assertTrue(status != 401, () -> endpoint + " does not know " + role);
      }
      assertEquals(allowed, passed, endpoint::toString);
    }
  }

  @Test
  void aRefusalNamesTheRoleThatIsNeeded() throws IOException {
    assertSays(
        "POST",
        "/api/v1/incidents/covet-1/approve",
        "viewer",
        "{\"error\":\"this needs the role operator, and these credentials have the role viewer\"}");
    assertSays(
        "POST",
        "/api/v1/hold",
        "operator",
        "{\"error\":\"this needs the role admin, and these credentials have the role operator\"}");
    assertSays(
        "POST",
        "/api/v1/events",
        "operator",
        "{\"error\":\"this needs the role intake, and these credentials have the role operator\"}");
    assertSays(
        "GET",
        "/api/v1/incidents",
        "intake",
        "{\"error\":\"this needs the role viewer, and these credentials have the role intake\"}");
  }

  @Test
  void aPathThatIsWrittenInAnotherWayAsksForNoLess() throws IOException {
    for (String path :
        List.of(
            "/api/v1/incidents/x/../../hold",
            "/webhooks/../api/v1/hold",
            "/api/v2/%2e%2e/v1/hold",
            "/api/v1//hold",
            "/api/v1/events/../hold")) {
      for (Role role : List.of(Role.INTAKE, Role.VIEWER, Role.OPERATOR)) {
        int status =
            status(
                new Endpoint(HttpMethod.DELETE, path),
                "Authorization: Bearer " + role.word() + "\r\n");
        assertTrue(status == 403 || status == 404 || status == 405, path + " " + status);
      }
    }
  }

  @Test
  void theProxyNamesWhoComesAndTheirGroupsSayHowFar() throws IOException {
    Endpoint read = new Endpoint(HttpMethod.GET, "/api/v1/status");
    Endpoint hold = new Endpoint(HttpMethod.POST, "/api/v1/hold");
    assertEquals(200, status(read, "X-Forwarded-User: ada\r\nX-Forwarded-Groups: x, all\r\n"));
    assertEquals(403, status(hold, "X-Forwarded-User: ada\r\nX-Forwarded-Groups: all,sre\r\n"));
    assertEquals(403, status(read, "X-Forwarded-User: ada\r\nX-Forwarded-Groups: others\r\n"));
    assertEquals(403, status(read, "X-Forwarded-User: ada\r\n"));
    String body = "{\"why\":\"a move\"}";
    String answer =
        answer(
            "POST",
            "/api/v1/hold",
            "X-Forwarded-User: ada\r\nX-Forwarded-Groups: sre,platform\r\n"
                + "Content-Type: application/json\r\nContent-Length: "
                + body.length()
                + "\r\n",
            body);
    assertTrue(answer.contains("\"hold\":\"ada: a move\""), answer);
  }

  @Test
  void whatIsNoClearWordOfTheProxyNamesNobody() throws IOException {
    Endpoint read = new Endpoint(HttpMethod.GET, "/api/v1/status");
    String groups = "X-Forwarded-Groups: platform\r\n";
    assertEquals(401, status(read, groups));
    assertEquals(401, status(read, "X-Forwarded-User: \r\n" + groups));
    assertEquals(401, status(read, "X-Forwarded-User: " + "a".repeat(101) + "\r\n" + groups));
    assertEquals(401, status(read, "X-Forwarded-User: a\r\nX-Forwarded-User: b\r\n" + groups));
    assertEquals(403, status(read, "X-Forwarded-User: a\r\n" + groups + groups));
  }

  @Test
  void fromElsewhereTheHeaderCountsForNothing() throws IOException {
    daemon.close();
    daemon = Daemons.start(folder, gate("10.0.0.0/8", "::1"), new NoCluster());
    Endpoint read = new Endpoint(HttpMethod.GET, "/api/v1/status");
    String named = "X-Forwarded-User: ada\r\nX-Forwarded-Groups: platform\r\n";
    assertEquals(401, status(read, named));
    assertEquals(403, status(read, "Authorization: Bearer intake\r\n" + named));
  }

  /** A page could have had its own name turned to this machine, and write any header. */
  @Test
  void byANameThatIsNotKnownTheProxyIsNotBelieved() throws IOException {
    String named = "X-Forwarded-User: ada\r\nX-Forwarded-Groups: platform\r\n";
    for (String host : List.of("belay.example", "localhost:9096")) {
      assertTrue(asked(host, named).startsWith("HTTP/1.1 200"), host);
    }
    String answer = asked("evil.example", named);
    assertTrue(answer.startsWith("HTTP/1.1 403"), answer);
    assertTrue(answer.contains("add the name by which you asked under hosts"), answer);
  }

  @Test
  void aPersonWithAPasswordIsKnownByNameAndRole() throws IOException {
    String basic =
        "Authorization: Basic "
            + Base64.getEncoder().encodeToString("ada:secret".getBytes(StandardCharsets.UTF_8))
            + "\r\n";
    assertEquals(200, status(new Endpoint(HttpMethod.GET, "/api/v1/status"), basic));
    assertEquals(403, status(new Endpoint(HttpMethod.POST, "/api/v1/hold"), basic));
    assertEquals(
        404, status(new Endpoint(HttpMethod.POST, "/api/v1/incidents/covet-9/veto"), basic));
  }

  private void assertSays(String method, String path, String token, String body)
      throws IOException {
    String answer = answer(method, path, "Authorization: Bearer " + token + "\r\n", "");
    assertTrue(answer.startsWith("HTTP/1.1 403"), answer);
    assertTrue(answer.endsWith(body), answer);
  }

  private String asked(String host, String headers) throws IOException {
    return send("GET /api/v1/status HTTP/1.1\r\nHost: " + host + "\r\n" + headers, "");
  }

  private String answer(String method, String path, String headers, String body)
      throws IOException {
    return send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers, body);
  }

  private String send(String head, String body) throws IOException {
    try (Socket socket =
        RawHttp.send(daemon.port(), head + "Connection: close\r\n\r\n" + body, PATIENCE_MILLIS)) {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private int status(Endpoint endpoint, String headers) throws IOException {
    String head =
        endpoint.method().name() + " " + endpoint.path() + " HTTP/1.1\r\nHost: localhost\r\n";
    try (Socket socket =
        RawHttp.send(
            daemon.port(), head + headers + "Connection: close\r\n\r\n", PATIENCE_MILLIS)) {
      return RawHttp.status(socket);
    }
  }
}
