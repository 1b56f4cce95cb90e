package dev.belay.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.belay.console.Endpoints;
import dev.belay.console.Endpoints.Endpoint;
import dev.belay.intake.http.Authentication;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole daemon, asked at every route by web pages of other sites. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SiteTest {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final Set<String> HEALTH = Set.of("/-/healthy", "/-/ready", "/livez", "/readyz");
  private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);
  private static final Endpoint STATUS = new Endpoint(HttpMethod.GET, "/api/v1/status");
  private static final Endpoint HOLD = new Endpoint(HttpMethod.DELETE, "/api/v1/hold");

  @TempDir Path folder = Path.of("");

  private Daemon start(Authentication authentication) throws IOException {
    return Daemons.start(folder, authentication, new NoCluster());
  }

  @Test
  void nothingIsToldToWhoeverCallsThisMachineByAForeignName() throws Exception {
    try (Daemon daemon = start(Authentication.none())) {
      for (String host :
          List.of(
              "evil.example",
              "evil.example:9096",
              "localhost.evil.example",
              "127.0.0.1.evil.example",
              "2130706433",
              "belay")) {
        for (Endpoint endpoint : all(daemon)) {
          int expected = HEALTH.contains(endpoint.path()) ? 0 : 403;
          int status = status(daemon, endpoint, "Host: " + host + "\r\n");
          assertEquals(expected == 403, status == 403, host + " " + endpoint + " " + status);
        }
        assertEquals(403, status(daemon, new Endpoint(HttpMethod.GET, "/"), "Host: " + host));
      }
    }
  }

  @Test
  void thisMachinesOwnNamesAreGoodAndThoseOfTheConfiguration() throws Exception {
    try (Daemon daemon = start(Authentication.none(Set.of("belay.internal")))) {
      for (String host :
          List.of(
              "localhost",
              "LocalHost:9096",
              "belay.localhost:9096",
              "127.0.0.1:9096",
              "127.1.2.3",
              "[::1]:9096",
              "belay.internal",
              "Belay.internal:80")) {
        assertEquals(200, status(daemon, STATUS, "Host: " + host + "\r\n"), host);
      }
    }
  }

  @Test
  void withCredentialsAnyNameIsGood() throws Exception {
    try (Daemon daemon = start(Authentication.of(List.of("token"), Map.of()))) {
      String token = "Authorization: Bearer token\r\n";
      assertEquals(200, status(daemon, STATUS, "Host: belay.example\r\n" + token));
    }
  }

  @Test
  void noPageOfAnotherSiteChangesOrSendsAnything() throws Exception {
    for (Authentication authentication :
        List.of(Authentication.none(), Authentication.of(List.of("token"), Map.of()))) {
      try (Daemon daemon = start(authentication)) {
        for (String page :
            List.of(
                "Sec-Fetch-Site: cross-site\r\n",
                "Sec-Fetch-Site: same-site\r\nOrigin: http://localhost:3000\r\n",
                "Origin: http://evil.example\r\n",
                "Origin: http://localhost:3000\r\n",
                "Origin: null\r\n")) {
          String headers = "Host: localhost:9096\r\nAuthorization: Bearer token\r\n" + page;
          for (Endpoint endpoint : all(daemon)) {
            boolean refused = status(daemon, endpoint, headers) == 403;
            boolean sends = !READING.contains(endpoint.method());
            assertEquals(
                sends && !HEALTH.contains(endpoint.path()), refused, page + " " + endpoint);
          }
        }
      }
    }
  }

  @Test
  void itsOwnPageAndPeopleMay() throws Exception {
    try (Daemon daemon = start(Authentication.none())) {
      for (String page :
          List.of(
              "",
              "Sec-Fetch-Site: none\r\n",
              "Sec-Fetch-Site: same-origin\r\nOrigin: http://localhost:9096\r\n",
              "Origin: http://localhost:9096\r\n")) {
        assertEquals(200, status(daemon, HOLD, "Host: localhost:9096\r\n" + page), page);
      }
    }
  }

  private static Set<Endpoint> all(Daemon daemon) throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      Router router = Router.router(vertx);
      daemon.mount(router);
      Set<Endpoint> endpoints = Endpoints.all(router);
      assertFalse(endpoints.isEmpty());
      return endpoints;
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
  }

  private static int status(Daemon daemon, Endpoint endpoint, String headers) throws IOException {
    String request =
        endpoint.method().name()
            + " "
            + endpoint.path()
            + " HTTP/1.1\r\nConnection: close\r\n"
            + (headers.endsWith("\r\n") || headers.isEmpty() ? headers : headers + "\r\n")
            + "\r\n";
    try (Socket socket = RawHttp.send(daemon.port(), request, PATIENCE_MILLIS)) {
      return RawHttp.status(socket);
    }
  }
}
