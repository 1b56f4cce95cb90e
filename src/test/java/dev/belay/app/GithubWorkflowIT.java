package dev.belay.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.intake.http.Authentication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The workflow in {@code docs/integrations/github.md}: its steps are run as GitHub's runner does.
 */
class GithubWorkflowIT {
  private static final Path DOCUMENT = Path.of("docs/integrations/github.md");
  private static final Pattern WORKFLOW =
      Pattern.compile("(?s)```yaml\n(# \\.github/workflows/.*?)```");

  @TempDir Path folder = Path.of("");

  @Test
  void theStepsAnnounceOneReleaseThatIsUnderWayAndThenDone() throws Exception {
    Assumptions.assumeTrue(
        bash("command -v curl", Map.of()) == 0, "curl is not on the PATH; apt-get install curl");
    List<String> scripts = scripts();
    assertEquals(2, scripts.size(), scripts::toString);
    Path variables = folder.resolve("variables");
    try (Daemon daemon =
        Daemons.start(folder, Authentication.of(List.of("t0ken"), Map.of()), new NoCluster())) {
      String belay = "http://127.0.0.1:" + daemon.port();
      assertEquals(0, bash(scripts.getFirst(), environment(belay, variables)));
      JsonNode release = release(belay);
      assertEquals("17.1", release.path("id").asString());
      assertEquals("github.com/acme/covet", release.path("source").asString());
      assertEquals("53d5f06a4ab8", release.path("version").asString());
      assertEquals("ada", release.path("actor").asString());
      assertTrue(release.path("finishedAt").isMissingNode(), release::toString);

      String started = Files.readString(variables).strip();
      assertTrue(started.startsWith("STARTED="), started);
      assertEquals(
          0, bash("export " + started + "\n" + scripts.getLast(), environment(belay, variables)));
      assertTrue(release(belay).hasNonNull("finishedAt"));
    }
  }

  /** What the steps run that have to do with Belay. */
  private static List<String> scripts() throws Exception {
    Matcher block = WORKFLOW.matcher(Files.readString(DOCUMENT));
    assertTrue(block.find());
    JsonNode workflow =
        JsonMapper.shared()
            .valueToTree(new Load(LoadSettings.builder().build()).loadFromString(block.group(1)));
    return workflow
        .at("/jobs/ship/steps")
        .valueStream()
        .map(step -> step.path("run").asString(""))
        .filter(script -> script.contains("$BELAY"))
        .toList();
  }

  private static Map<String, String> environment(String belay, Path variables) {
    return Map.of(
        "BELAY",
        belay,
        "BELAY_TOKEN",
        "t0ken",
        "GITHUB_ENV",
        variables.toString(),
        "GITHUB_RUN_ID",
        "17",
        "GITHUB_RUN_ATTEMPT",
        "1",
        "GITHUB_REPOSITORY",
        "acme/covet",
        "GITHUB_SHA",
        "53d5f06a4ab8",
        "GITHUB_ACTOR",
        "ada");
  }

  /** As GitHub's runner runs a step. */
  private int bash(String script, Map<String, String> environment) throws Exception {
    Path file = Files.writeString(folder.resolve("step.sh"), script);
    ProcessBuilder builder =
        new ProcessBuilder("bash", "--noprofile", "--norc", "-eo", "pipefail", file.toString())
            .inheritIO();
    builder.environment().putAll(environment);
    return builder.start().waitFor();
  }

  private static JsonNode release(String belay) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      String body =
          client
              .send(
                  HttpRequest.newBuilder(URI.create(belay + "/api/v1/releases?service=covet"))
                      .header("Authorization", "Bearer t0ken")
                      .build(),
                  BodyHandlers.ofString())
              .body();
      JsonNode releases = JsonMapper.shared().readTree(body).path("releases");
      assertEquals(1, releases.size(), body);
      return releases.get(0);
    }
  }
}
