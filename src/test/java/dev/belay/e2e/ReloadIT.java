package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.controlplane.Eventually;
import dev.belay.controlplane.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What people write is taken over by a running Belay, and what they mistype is not. */
class ReloadIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir private Path folder = Path.of("");

  @RegisterExtension final Opened opened = new Opened();

  private int port;

  private BelayProcess start() {
    port = FreePort.next();
    rule("shop");
    return opened.keep(BelayProcess.start(configuration(port, "enabled: false"), port));
  }

  private Path configuration(int listen, String cluster) {
    return BelayProcess.configuration(folder, listen, "cluster: { %s }\n".formatted(cluster));
  }

  private void rule(String service) {
    Programs.write(
        folder.resolve("rules"),
        service + ".yml",
        """
        service: %s
        match: { service: %s }
        remediations:
          - name: look
            when: [ 'alertname="Errors"' ]
            mode: observe
            ladder: [ { page: {} } ]
        """
            .formatted(service, service));
  }

  private HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private boolean answers(String path, String part) {
    return Http.get(port, path).filter(body -> body.contains(part)).isPresent();
  }

  @Test
  void newRulesAreTakenOverAndWhatFiresStaysAsItIs() throws Exception {
    BelayProcess belay = start();
    post("/api/v2/alerts", "[{\"labels\":{\"alertname\":\"Errors\",\"service\":\"shop\"}}]");
    Eventually.holds(
        "the incident is open", SOON, () -> answers("/api/v1/incidents?state=open", "shop-1"));
    rule("pay");
    HttpResponse<String> said = post("/-/reload", "");
    assertEquals(200, said.statusCode(), said.body());
    Eventually.holds(
        "the new service is known", SOON, () -> answers("/api/v1/services", "\"pay\""));
    assertTrue(answers("/api/v1/incidents?state=open", "shop-1"));
    assertTrue(answers("/metrics", "belay_config_last_reload_successful 1"));
    belay.hangUp();
    rule("cart");
    belay.hangUp();
    Eventually.holds("by the signal, too", SOON, () -> answers("/api/v1/services", "\"cart\""));
    Eventually.holds(
        "who asked is written down",
        SOON,
        () ->
            answers("/api/v1/audit", "api had configuration and rules read anew, and they are")
                && answers("/api/v1/audit", "\"person\":\"SIGHUP\",\"did\":\"reload_accepted\""));
    assertFalse(answers("/api/v1/status", "\"hold\""), "no reload counts as a crash");
  }

  @Test
  void whatIsMistypedKeepsWhatIsInForceAndIsSaidWithItsPlace() throws Exception {
    start();
    Programs.write(folder.resolve("rules"), "pay.yml", "service: pay\nremediation: []\n");
    HttpResponse<String> said = post("/-/reload", "");
    assertEquals(422, said.statusCode(), said.body());
    assertTrue(said.body().contains("pay.yml:2"), said.body());
    assertTrue(answers("/metrics", "belay_config_last_reload_successful 0"));
    assertTrue(answers("/readyz?verbose", "what was read last is not in force"));
    assertTrue(answers("/api/v1/rules/source", "pay.yml:2"));
    assertTrue(answers("/api/v1/audit", "\"did\":\"reload_refused\""));
    assertTrue(answers("/api/v1/audit", "pay.yml:2"));
    assertFalse(answers("/api/v1/services", "\"pay\""));
    Files.delete(folder.resolve("rules/pay.yml"));
    assertEquals(200, post("/-/reload", "").statusCode());
    Eventually.holds(
        "it is well again",
        SOON,
        () -> answers("/metrics", "belay_config_last_reload_successful 1"));
  }

  @Test
  void whatIsMistypedKeepsWhatIsInForceByTheSignalToo() throws Exception {
    BelayProcess belay = start();
    Programs.write(folder.resolve("rules"), "pay.yml", "service: pay\nremediation: []\n");
    belay.hangUp();
    Eventually.holds(
        "it is said", SOON, () -> answers("/metrics", "belay_config_last_reload_successful 0"));
    assertTrue(answers("/readyz?verbose", "what was read last is not in force"));
    assertTrue(belay.logTail().contains("pay.yml:2"), belay::logTail);
    assertTrue(answers("/api/v1/services", "\"shop\""));
    assertFalse(answers("/api/v1/services", "\"pay\""));
    post("/api/v2/alerts", "[{\"labels\":{\"alertname\":\"Errors\",\"service\":\"shop\"}}]");
    Eventually.holds(
        "what is in force is at work",
        SOON,
        () -> answers("/api/v1/incidents?state=open", "shop-1"));
    rule("pay");
    belay.hangUp();
    Eventually.holds(
        "it is well again",
        SOON,
        () ->
            answers("/metrics", "belay_config_last_reload_successful 1")
                && answers("/api/v1/services", "\"pay\""));
  }

  @Test
  void anAddressThatIsTakenIsNotMovedTo() throws Exception {
    start();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      configuration(taken.getLocalPort(), "enabled: false");
      assertEquals(200, post("/-/reload", "").statusCode());
      Eventually.holds(
          "it is back where it was, and says why",
          SOON,
          () ->
              answers("/metrics", "belay_config_last_reload_successful 0")
                  && answers("/readyz?verbose", "what was read last is not in force")
                  && answers("/api/v1/audit", "\"did\":\"reload_refused\"")
                  && answers("/api/v1/audit", "cannot listen on 127.0.0.1:"));
    }
  }

  @Test
  void aClusterThatIsNotInTheKubeconfigIsNotMovedTo() throws Exception {
    start();
    configuration(port, "kubeconfig: kubeconfig, context: nowhere");
    Programs.write(folder, "kubeconfig", "{ apiVersion: v1, kind: Config, contexts: [] }");
    int status = post("/-/reload", "").statusCode();
    assertTrue(status == 200 || status == 422, "it can be found out before or after: " + status);
    Eventually.holds(
        "it is as it was",
        SOON,
        () ->
            answers("/metrics", "belay_config_last_reload_successful 0")
                && answers("/api/v1/services", "\"shop\""));
  }
}
