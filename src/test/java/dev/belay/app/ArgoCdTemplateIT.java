package dev.belay.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.intake.http.Authentication;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The template and the trigger that {@code docs/integrations/argocd.md} gives, on Applications as
 * Argo CD has them, by the engines that Argo CD uses; and what the daemon makes of what is sent.
 */
class ArgoCdTemplateIT {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Path DOCUMENT = Path.of("docs/integrations/argocd.md");
  private static final Pattern BLOCK = Pattern.compile("(?s)```yaml\n(.*?)```");

  /** Which condition of the trigger holds. */
  private static final int BEGINS = 0;

  private static final int IS_DONE = 1;

  private static final String APPLICATION =
      """
      {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
       "metadata": {"name": "covet", "namespace": "argocd", "uid": "0f5e1b9c"},
       "spec": {"project": "default",
                "source": {"repoURL": "https://github.com/acme/covet", "path": "deploy",
                           "targetRevision": "main"},
                "destination": {"server": "https://kubernetes.default.svc", "namespace": "covet"},
                "syncPolicy": {"automated": {"prune": true}}},
       "status": {"sync": {"status": "Synced", "revision": "53d5f06a4ab8"},
                  "health": {"status": "Progressing"},
                  "summary": {"images": ["ghcr.io/acme/covet:1.2.4"]},
                  "operationState": {
                    "operation": {"sync": {"revision": "53d5f06a4ab8"},
                                  "initiatedBy": {"username": "ada"}},
                    "phase": "Running", "message": "waiting for healthy state",
                    "startedAt": "2026-11-24T11:55:00Z",
                    "syncResult": {
                      "revision": "53d5f06a4ab8",
                      "source": {"repoURL": "https://github.com/acme/covet"},
                      "resources": [
                        {"group": "", "version": "v1", "kind": "Service", "namespace": "covet",
                         "name": "app", "status": "Synced", "message": "service/app configured"},
                        {"group": "apps", "version": "v1", "kind": "Deployment",
                         "namespace": "covet", "name": "worker", "status": "Synced",
                         "message": "deployment.apps/worker unchanged"},
                        {"group": "apps", "version": "v1", "kind": "Deployment",
                         "namespace": "covet", "name": "app", "status": "Synced",
                         "message": "deployment.apps/app configured"},
                        {"group": "apps", "version": "v1", "kind": "StatefulSet",
                         "namespace": "covet", "name": "db", "status": "Synced"}]}}}}
      """;

  @TempDir Path folder = Path.of("");

  private final HttpClient client = HttpClient.newHttpClient();
  private Daemon daemon;

  @BeforeEach
  void start() throws IOException {
    daemon = Daemons.start(folder, Authentication.none(), new NoCluster());
  }

  @AfterEach
  void stop() {
    daemon.close();
    client.close();
  }

  /** What the notifications' controller finds of an Application. */
  private record Notified(List<Boolean> when, List<String> oncePer, JsonNode body) {}

  private static Notified notified(JsonNode application) throws Exception {
    JsonNode keys = yaml(block()).path("data");
    ObjectNode asked = JSON.createObjectNode();
    JsonNode template = yaml(keys.path("template.belay-release").asString());
    asked.set("body", template.at("/webhook/belay/body"));
    for (JsonNode condition : yaml(keys.path("trigger.on-belay-release").asString())) {
      asked.withArray("when").add(condition.path("when"));
      asked.withArray("oncePer").add(condition.path("oncePer"));
    }
    asked.set("app", application);
    JsonNode answer = JSON.readTree(ran(program(), asked.toString()));
    return new Notified(
        answer.get("when").valueStream().map(JsonNode::asBoolean).toList(),
        answer.get("oncePer").valueStream().map(JsonNode::asString).toList(),
        JSON.readTree(answer.get("body").asString()));
  }

  private static String block() throws IOException {
    Matcher block = BLOCK.matcher(Files.readString(DOCUMENT));
    assertTrue(block.find());
    return block.group(1);
  }

  private static JsonNode yaml(String text) {
    return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(text));
  }

  private static String program() throws Exception {
    String program = ran("src/test/argocd/build.sh", "", "--where").strip();
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of(program)),
        "nothing to render Argo CD's notifications: run src/test/argocd/build.sh once (half a"
            + " minute)");
    return program;
  }

  private static String ran(String program, String given, String... arguments) throws Exception {
    Process process =
        new ProcessBuilder(Stream.concat(Stream.of(program), Stream.of(arguments)).toList())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    process.getOutputStream().write(given.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), program);
    return printed;
  }

  private static ObjectNode application() {
    return (ObjectNode) JSON.readTree(APPLICATION);
  }

  private static ObjectNode operation(ObjectNode application) {
    return application.withObject("status").withObject("operationState");
  }

  private static ObjectNode done(ObjectNode application, String health) {
    operation(application).put("phase", "Succeeded").put("finishedAt", "2026-11-24T11:56:00Z");
    application.withObject("status").withObject("health").put("status", health);
    return application;
  }

  @Test
  void aSyncIsAReleaseThatIsUnderWayAndThenDone() throws Exception {
    Notified begins = notified(application());
    assertEquals(List.of(true, false), begins.when());
    assertEquals(
        JSON.readTree("[\"deployment/covet/app\", \"statefulset/covet/db\"]"),
        begins.body().get("workloads"));
    assertEquals("accepted", post(begins.body()));
    JsonNode release = releases().get(0);
    assertEquals("covet", release.path("service").asString());
    assertEquals("53d5f06a4ab8", release.path("version").asString());
    assertEquals("ada", release.path("actor").asString());
    assertTrue(release.path("finishedAt").isMissingNode(), release::toString);

    Notified progresses = notified(done(application(), "Progressing"));
    assertEquals(List.of(false, false), progresses.when());

    Notified isDone = notified(done(application(), "Healthy"));
    assertEquals(List.of(false, true), isDone.when());
    assertEquals(begins.oncePer().get(BEGINS), isDone.oncePer().get(IS_DONE));
    assertEquals("accepted", post(isDone.body()));
    assertEquals(1, releases().size());
    release = releases().get(0);
    assertEquals("2026-11-24T11:56:00Z", release.path("finishedAt").asString());
    assertEquals("ghcr.io/acme/covet:1.2.4", release.path("image").asString());
  }

  @Test
  void anApplicationThatLacksMuchIsAnnouncedAllTheSame() throws Exception {
    ObjectNode application = application();
    application.withObject("status").remove(List.of("summary", "health"));
    operation(application).remove("syncResult");
    operation(application).withObject("operation").remove("initiatedBy");
    Notified begins = notified(application);
    assertEquals(List.of(true, false), begins.when());
    assertEquals("accepted", post(begins.body()));
    assertEquals(1, releases().size());
  }

  @Test
  void severalSourcesAndAnAutomatedSyncAreOneReleaseToo() throws Exception {
    ObjectNode application = done(application(), "Healthy");
    ObjectNode result = operation(application).withObject("syncResult");
    result.remove("revision");
    result.withArray("revisions").add("1.4.0").add("53d5f06a4ab8");
    operation(application).withObject("operation").putObject("initiatedBy").put("automated", true);
    Notified isDone = notified(application);
    assertEquals(List.of(false, true), isDone.when());
    assertEquals("[<nil> [1.4.0 53d5f06a4ab8]]", isDone.oncePer().get(IS_DONE));
    assertEquals("accepted", post(isDone.body()));
    assertEquals("1.4.0 53d5f06a4ab8", releases().get(0).path("version").asString());
  }

  @Test
  void anApplicationThatWasNeverSyncedAnnouncesNothing() throws Exception {
    ObjectNode application = application();
    application.withObject("status").remove("operationState");
    assertEquals(List.of(false, false), notified(application).when());
  }

  private String post(JsonNode body) throws Exception {
    var response =
        client.send(
            HttpRequest.newBuilder(uri("/webhooks/argocd"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()))
                .build(),
            BodyHandlers.ofString());
    assertEquals(200, response.statusCode(), response.body());
    return JSON.readTree(response.body()).path("status").asString();
  }

  private JsonNode releases() throws Exception {
    var response =
        client.send(
            HttpRequest.newBuilder(uri("/api/v1/releases?service=covet")).build(),
            BodyHandlers.ofString());
    return JSON.readTree(response.body()).path("releases");
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + daemon.port() + path);
  }
}
