package dev.belay.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.intake.Bodies;
import dev.belay.intake.http.Authentication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole daemon, told of releases by tools in their own words. */
@Timeout(120)
class ReleaseDoorsTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir Path folder = Path.of("");

  private final HttpClient client = HttpClient.newHttpClient();
  private Daemon daemon;

  @BeforeEach
  void start() throws Exception {
    daemon = Daemons.start(folder, Authentication.none(), new NoCluster());
  }

  @AfterEach
  void stop() {
    daemon.close();
    client.close();
  }

  @Test
  void whatToolsSayBecomesReleasesAndWhatTheySayAgainChangesNothing() throws Exception {
    List<String> files =
        List.of(
            "argocd/running",
            "argocd/deployed",
            "flux/progressing",
            "flux/reconciliation-succeeded");
    for (String file : files) {
      assertEquals("{\"status\":\"accepted\"}", post(file));
    }
    String releases = releases();
    JsonNode known = JSON.readTree(releases).get("releases");
    assertEquals(2, known.size(), releases);
    known.forEach(release -> assertTrue(release.has("finishedAt"), releases));
    for (String file : files.reversed()) {
      assertEquals("{\"status\":\"accepted\"}", post(file));
    }
    assertEquals(releases, releases());
    daemon.close();
    daemon = Daemons.start(folder, Authentication.none(), new NoCluster());
    assertEquals(releases, releases());
  }

  @Test
  void whatIsNobodysIsIgnoredAndTheAnswerSaysWhatToWriteWhere() throws Exception {
    assertEquals(
        "{\"status\":\"ignored\",\"reason\":\"no service of the rules is meant by"
            + " \\\"acme/covet\\\", by its name or its workload; write announced_as: { github:"
            + " acme/covet } into the rule of the service that it is\"}",
        post("github/success"));
    JsonNode decision = JSON.readTree(get("/api/v1/decisions")).get("decisions").get(0);
    assertEquals("release_of_no_service", decision.get("reason").get("label").stringValue());
  }

  private String releases() throws Exception {
    return get("/api/v1/releases");
  }

  private String post(String file) throws Exception {
    String door = file.substring(0, file.indexOf('/'));
    HttpRequest request =
        HttpRequest.newBuilder(uri("/webhooks/" + door))
            .header("Content-Type", "application/json")
            .header("X-GitHub-Event", "deployment_status")
            .POST(BodyPublishers.ofByteArray(Bodies.of(file + ".json")))
            .build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    assertEquals(200, response.statusCode(), response::body);
    return response.body();
  }

  private String get(String path) throws Exception {
    return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString()).body();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + daemon.port() + path);
  }
}
