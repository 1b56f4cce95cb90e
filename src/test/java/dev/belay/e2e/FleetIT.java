package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.controlplane.ClusterNamespace;
import dev.belay.controlplane.ControlPlane;
import dev.belay.controlplane.Eventually;
import dev.belay.controlplane.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Services that nobody named: found by a selector, or by no rule at all. */
final class FleetIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final String GOOD = "covet/app:v1";

  @TempDir private Path folder = Path.of("");

  @RegisterExtension final Opened opened = new Opened();

  private final ControlPlane plane = ControlPlane.shared();
  private final ClusterNamespace namespace = new ClusterNamespace(plane, "fleet");
  private final int port = FreePort.next();

  @Test
  void whatASelectorFindsIsRolledBackUnlessItsTeamSaysOtherwise() throws Exception {
    managed("one");
    managed("two");
    namespace.createDeployment("unmanaged", 1, GOOD);
    writeRules();
    BelayProcess belay = opened.keep(BelayProcess.start(configuration(), port));
    try {
      awaitKnownGood("one");
      managed("three");
      awaitKnownGood("two");
      awaitKnownGood("three");
      assertEquals(
          List.of(name("one"), name("three"), name("two")),
          services().stream().map(service -> service.path("name").asString()).toList());

      namespace.kubectl("annotate", "deployment/two", "belay.dev/mode=observe");
      Eventually.holds(
          "the annotation is known",
          SOON,
          () -> service("two").orElseThrow().path("mode").asString("").equals("observe"));
      namespace.setImage("one", "covet/app:crash-2");
      namespace.setImage("two", "covet/app:crash-2");
      Eventually.holds("one is rolled back", SOON, () -> !action("one").isEmpty());
      JsonNode observed = awaitDecision("two", "mode_observe");
      assertTrue(
          observed.path("evidence").toString().contains("belay.dev/mode"), observed::toString);
      assertEquals("", action("two"));

      namespace.kubectl("delete", "deployment/three");
      Eventually.holds("three is lost", SOON, () -> service("three").isEmpty());
      assertTrue(service("two").isPresent());
    } catch (AssertionError e) {
      throw belay.told(e);
    }
  }

  @Test
  void withoutAnyRulesTheReleaseIsNamedThatWouldBeBlamed() throws Exception {
    Files.createDirectories(folder.resolve("rules"));
    namespace.createDeployment("app", 1, GOOD);
    BelayProcess belay = opened.keep(BelayProcess.start(configuration(), port));
    try {
      Eventually.holds(
          "the workload is seen",
          SOON,
          () -> service("app").filter(it -> it.has("present")).isPresent());
      namespace.setImage("app", "covet/app:nopull-2");
      JsonNode observed = awaitDecision("app", "mode_observe");
      assertTrue(
          observed.path("evidence").toString().contains("covet/app:nopull-2"), observed::toString);
      assertEquals("", action("app"));
    } catch (AssertionError e) {
      throw belay.told(e);
    }
  }

  private void managed(String name) {
    namespace.createDeployment(name, 1, GOOD);
    namespace.kubectl("label", "deployment/" + name, "belay.dev/managed=true");
  }

  private String name(String workload) {
    return namespace.name() + ":" + workload;
  }

  private void awaitKnownGood(String workload) {
    Eventually.holds(
        workload + " is known good",
        SOON,
        () ->
            service(workload)
                .filter(it -> it.path("present").path("judgement").asString("").equals("good"))
                .isPresent());
  }

  private JsonNode awaitDecision(String workload, String reason) {
    return Eventually.gives(
        "the decision on " + workload,
        SOON,
        () ->
            Covet.elements(json("/api/v1/decisions?service=" + name(workload)).path("decisions"))
                .stream()
                .filter(made -> made.path("reason").toString().contains(reason))
                .findFirst());
  }

  private List<JsonNode> services() {
    return Covet.elements(json("/api/v1/services").path("services"));
  }

  private Optional<JsonNode> service(String workload) {
    return services().stream()
        .filter(service -> service.path("name").asString("").equals(name(workload)))
        .findFirst();
  }

  private JsonNode json(String path) {
    return JsonMapper.shared().readTree(Http.get(port, path).orElseThrow());
  }

  private String action(String workload) {
    return Covet.action(
        plane.client().apps().deployments().inNamespace(namespace.name()).withName(workload).get());
  }

  private void writeRules() throws IOException {
    Programs.write(
        folder.resolve("rules"),
        "shops.yml",
        """
        services:
          workloads: "namespace=%s, belay.dev/managed=true"
          match: { namespace: "{namespace}", deployment: "{name}" }
        remediations:
          - name: bad-release
            when: [ 'alertname="DeploymentCrashLooping"' ]
            blame: { release: 10m }
            mode: act
            ladder:
              - rollback: { to: last-good }
                verify: 30s
        soak: 3s
        """
            .formatted(namespace.name()));
    Covet.writeRolloutAlerts(folder.resolve("rules"));
  }

  private Path configuration() {
    return BelayProcess.acting(folder, port, plane.kubeconfig(), GRACE);
  }
}
