package dev.belay.e2e;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.controlplane.ArgoRollouts;
import dev.belay.controlplane.ClusterNamespace;
import dev.belay.controlplane.ControlPlane;
import dev.belay.controlplane.Eventually;
import dev.belay.controlplane.FreePort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Belay makes of a Rollout that Argo's own controller runs. */
final class ArgoRolloutsIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final String V1 = "shop/app:v1";
  private static final String V2 = "shop/app:v2";
  private static final String AT_ONCE = "{maxSurge: 1}";

  /** A canary that waits for people, and whose pods are told from the stable ones by a label. */
  private static final String BY_HAND =
      """
      {steps: [{setWeight: 50}, {pause: {}}], \
      canaryMetadata: {labels: {role: canary}}, stableMetadata: {labels: {role: stable}}}\
      """;

  @TempDir private Path folder = Path.of("");

  @RegisterExtension final Opened opened = new Opened();

  private final ControlPlane plane = ControlPlane.shared();
  private final ClusterNamespace namespace = new ClusterNamespace(plane, "rollouts");
  private final int port = FreePort.next();

  @BeforeEach
  void startController() {
    ArgoRollouts.install(plane);
    opened.keep(ArgoRollouts.start(namespace, plane, folder));
  }

  @Test
  void aRolloutThatCompletesIsOneReleaseThatProvesGood() {
    BelayProcess belay = running(AT_ONCE);
    try {
      ship(V2);
      awaitKnownGood(V2);
      JsonNode release = release(V2, "complete");
      assertEquals(2, release.path("revision").asInt(), release::toString);
      assertEquals("upgraded", release.path("change").asString(), release::toString);
      assertEquals("kubectl-patch", release.path("actor").asString(), release::toString);
      assertTrue(release.has("finishedAt"), release::toString);
      assertEquals(List.of(), incidents());
    } catch (AssertionError e) {
      throw told(belay, e);
    }
  }

  @Test
  void aCanaryThatWaitsForPeopleIsUnderWayAndStaysOneReleaseWhenItIsPromoted() {
    BelayProcess belay = running(BY_HAND);
    try {
      ship(V2);
      awaitPhase("Paused");
      Eventually.holds("it is seen", SOON, () -> releases().size() == 1);
      JsonNode waiting = release(V2, "progressing");
      assertFalse(waiting.has("finishedAt"), waiting::toString);

      say("{\"status\":{\"pauseConditions\":null}}");
      awaitKnownGood(V2);
      JsonNode promoted = release(V2, "complete");
      assertTrue(promoted.has("finishedAt"), promoted::toString);
      assertEquals(waiting.path("digest"), promoted.path("digest"));
      assertEquals(List.of(), incidents());
    } catch (AssertionError e) {
      throw told(belay, e);
    }
  }

  @Test
  void aCanaryThatIsAbortedCallsAPersonWhoseReturnEndsIt() {
    BelayProcess belay = running(BY_HAND);
    try {
      ship(V2);
      awaitPhase("Paused");
      Eventually.holds("it is seen", SOON, () -> releases().size() == 1);
      say("{\"status\":{\"abort\":true}}");
      awaitPhase("Degraded");
      awaitPage();
      JsonNode release = release(V2, "stuck");
      assertEquals("[\"deadline_exceeded\"]", release.path("stuckBy").toString());
      assertUntouched(V2);

      ship(V1);
      awaitPhase("Healthy");
      awaitClosed();
      // Its trouble ends as the controller takes the template up, and by the next look it is gone.
      Eventually.holds(
          "it is replaced",
          SOON,
          () -> releases().getLast().path("stage").asString().equals("replaced"));
    } catch (AssertionError e) {
      throw told(belay, e);
    }
  }

  @Test
  void aRolloutThatDoesNotComeUpCallsAPersonAndIsNotRolledBack() {
    BelayProcess belay = running(AT_ONCE);
    try {
      ship("shop/app:crash-2");
      awaitPhase("Degraded");
      awaitPage();
      JsonNode release = release("shop/app:crash-2", "stuck");
      assertEquals(
          Set.of("deadline_exceeded", "crash_loop"),
          release.path("stuckBy").valueStream().map(JsonNode::asString).collect(toSet()));
      assertUntouched("shop/app:crash-2");
    } catch (AssertionError e) {
      throw told(belay, e);
    }
  }

  /** A Belay that has seen the first revision of a Rollout run well. */
  private BelayProcess running(String canary) {
    namespace.create(
        """
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: shop}
        spec:
          replicas: 2
          progressDeadlineSeconds: 10
          selector: {matchLabels: {app: shop}}
          strategy: {canary: %s}
          template:
            metadata: {labels: {app: shop}}
            spec:
              nodeName: node-1
              containers: [{name: app, image: "%s"}]
        """
            .formatted(canary, V1));
    awaitPhase("Healthy");
    writeRules();
    BelayProcess belay =
        opened.keep(
            BelayProcess.start(BelayProcess.acting(folder, port, plane.kubeconfig(), GRACE), port));
    try {
      awaitKnownGood(V1);
      assertEquals(List.of(), releases());
      return belay;
    } catch (AssertionError e) {
      throw told(belay, e);
    }
  }

  private void writeRules() {
    Programs.write(
        folder.resolve("rules"),
        "shop.yml",
        """
        service: shop
        workload: rollout/%1$s/shop
        match: { namespace: %1$s }
        remediations:
          - name: bad-release
            when: [ 'alertname="DeploymentFailed"' ]
            blame: { release: 10m }
            mode: act
            ladder:
              - page: {}
        soak: 3s
        """
            .formatted(namespace.name()));
    Programs.write(
        folder.resolve("rules"),
        "alerts.yml",
        """
        groups:
          - name: rollouts
            rules:
              - alert: DeploymentFailed
                expr: kube_deployment_status_condition{condition="Progressing", status="false"} > 0
                for: 2s
        """);
  }

  private void ship(String image) {
    namespace.kubectl(
        "patch",
        "rollouts.argoproj.io/shop",
        "--type=json",
        "-p",
        "[{\"op\":\"replace\",\"path\":\"/spec/template/spec/containers/0/image\",\"value\":\"%s\"}]"
            .formatted(image));
  }

  /** What Argo's own command line does to promote or to abort. */
  private void say(String status) {
    namespace.kubectl(
        "patch", "rollouts.argoproj.io/shop", "--subresource=status", "--type=merge", "-p", status);
  }

  private void awaitPhase(String phase) {
    Eventually.holds(
        "the rollout is " + phase,
        SOON,
        () -> {
          JsonNode rollout = rollout();
          return rollout.at("/status/phase").asString("").equals(phase)
              && rollout
                  .at("/status/observedGeneration")
                  .asString("")
                  .equals(rollout.at("/metadata/generation").toString());
        });
  }

  private void awaitKnownGood(String image) {
    Eventually.holds(
        image + " is known good",
        SOON,
        () -> {
          JsonNode present = json("/api/v1/services").at("/services/0/present");
          return present.at("/images/0").asString("").equals(image)
              && present.path("judgement").asString("").equals("good");
        });
  }

  private void awaitPage() {
    Eventually.holds(
        "a person is called",
        SOON,
        () -> incidents().stream().anyMatch(incident -> incident.path("paged").asBoolean()));
  }

  private void awaitClosed() {
    Eventually.holds(
        "the incident is closed",
        SOON,
        () ->
            incidents().stream()
                .allMatch(incident -> incident.path("state").asString("").equals("closed")));
  }

  /** The only one there is, which is of this image and this far. */
  private JsonNode release(String image, String stage) {
    List<JsonNode> releases = releases();
    assertEquals(1, releases.size(), releases::toString);
    JsonNode release = releases.getFirst();
    assertEquals(image, release.path("image").asString(""), release::toString);
    assertEquals(stage, release.path("stage").asString(""), release::toString);
    return release;
  }

  private void assertUntouched(String image) {
    JsonNode rollout = rollout();
    assertEquals(image, rollout.at("/spec/template/spec/containers/0/image").asString());
    assertFalse(rollout.toString().contains("belay.dev/action"), rollout::toString);
  }

  private JsonNode rollout() {
    return JsonMapper.shared()
        .readTree(
            namespace.kubectl(
                "get", "rollouts.argoproj.io/shop", "-o", "json", "--show-managed-fields"));
  }

  private List<JsonNode> incidents() {
    return Covet.elements(json("/api/v1/incidents").path("incidents"));
  }

  private List<JsonNode> releases() {
    return Covet.elements(json("/api/v1/releases").path("releases"));
  }

  private JsonNode json(String path) {
    return JsonMapper.shared().readTree(Http.get(port, path).orElseThrow());
  }

  private AssertionError told(BelayProcess belay, AssertionError failure) {
    failure.addSuppressed(new Throwable("the rollout is\n" + rollout().path("status")));
    return belay.told(failure);
  }
}
