package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.belay.controlplane.Eventually;
import dev.belay.controlplane.FreePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The main job with no Kafka, no Prometheus, no Alertmanager and no word from any pipeline: Belay
 * sees the rollout, and asks the service itself whether it is well.
 */
final class WatchAndProbeIT {
  private static final Duration GRACE = Duration.ofSeconds(20);

  @TempDir private Path folder = Path.of("");

  @RegisterExtension final Opened opened = new Opened();

  /** When a probe first found the service amiss. */
  private final AtomicReference<Optional<Instant>> firstBad =
      new AtomicReference<>(Optional.empty());

  @Test
  void aReleaseThatAnswersWithErrorsIsRolledBack() throws Exception {
    rollsBack("covet/app:v3-bad", "health_check_failures", _ -> {}, _ -> {});
  }

  @Test
  void whatTheClusterHasForgottenIsRolledBackToAllTheSame() throws Exception {
    rollsBack(
        "covet/app:v3-bad",
        "health_check_failures",
        covet -> {
          Eventually.holds("both versions are kept", Covet.SOON, () -> kept() == 2);
          covet.keepsNoHistory();
        },
        Covet::awaitNoHistory);
  }

  @Test
  void aReleaseThatCrashesIsRolledBack() throws Exception {
    rollsBack("covet/app:crash-3", "DeploymentCrashLooping", _ -> {}, _ -> {});
  }

  private long kept() {
    try (Stream<Path> files = Files.walk(folder.resolve("journal/baselines"))) {
      return files.filter(file -> file.toString().endsWith(".json")).count();
    } catch (IOException e) {
      // It is made when the first is kept.
      return 0;
    }
  }

  private void rollsBack(String image, String cause, Consumer<Covet> before, Consumer<Covet> after)
      throws Exception {
    int port = FreePort.next();
    Covet covet = Covet.deployed(port);
    HttpServer health = health(covet);
    writeRules(covet, health.getAddress().getPort());
    BelayProcess belay = opened.keep(BelayProcess.start(configuration(covet), port));
    try {
      covet.awaitKnownGood(Covet.V1);
      covet.ship(Covet.V2);
      covet.awaitKnownGood(Covet.V2);
      before.accept(covet);
      firstBad.set(Optional.empty());
      final Instant shipped = Instant.now();
      covet.ship(image);
      after.accept(covet);
      final Instant bad = firstBad(covet, image);

      Deployment patched = covet.awaitAction();
      final Instant acted = Instant.now();
      covet.awaitReady(Covet.V2);
      final Instant ready = Instant.now();
      JsonNode closed = covet.awaitClosedIncident();

      assertEquals(1, covet.incidents().size());
      assertTrue(closed.path("cause").asString("").startsWith(cause), closed::toString);
      assertEquals(List.of(Covet.V2), Covet.images(covet.deployment()));
      assertEquals(Covet.action(patched), Covet.action(covet.deployment()));
      assertReleases(covet, image);
      System.out.printf(
          "watch and probe, %s: patch %d ms after the first bad %s (floor: %s), and %d ms after it"
              + " was shipped; all pods ready after %d ms (floor: the same and the rollout, which"
              + " took %d)%n",
          cause,
          Duration.between(bad, acted).toMillis(),
          crashes(image) ? "look at its pods" : "probe",
          crashes(image)
              ? "for 2000 + veto 2000"
              : "half the window 1000 + for 1000 + veto 2000; the probes' interval is 200",
          Duration.between(shipped, acted).toMillis(),
          Duration.between(bad, ready).toMillis(),
          Duration.between(acted, ready).toMillis());
      assertEquals(Optional.of(0), belay.stop(GRACE), "exit status");
    } catch (AssertionError e) {
      throw belay.told(e);
    }
  }

  private static boolean crashes(String image) {
    return image.contains("crash");
  }

  /** When the cluster, or the service, first said that something is amiss. */
  private Instant firstBad(Covet covet, String image) {
    if (crashes(image)) {
      Eventually.holds("a pod crashes", Covet.SOON, covet::crashing);
      return Instant.now();
    }
    return Eventually.gives("a probe is bad", Covet.SOON, firstBad::get);
  }

  /** What kubectl shipped are two releases; what Belay went back to is none. */
  private static void assertReleases(Covet covet, String image) {
    List<JsonNode> releases = covet.releases();
    assertEquals(
        List.of(image, Covet.V2),
        releases.stream()
            .sorted(
                (one, other) ->
                    other.path("startedAt").asString().compareTo(one.path("startedAt").asString()))
            .map(release -> release.path("image").asString(""))
            .toList(),
        releases::toString);
    assertEquals("kubectl-set", releases.getFirst().path("actor").asString(""));
  }

  /** Answers as whichever pods are ready would. */
  private HttpServer health(Covet covet) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/health",
        exchange -> {
          try (exchange) {
            List<String> images = covet.readyImages();
            boolean well = !images.isEmpty() && images.stream().noneMatch(it -> it.contains("bad"));
            if (!well) {
              firstBad.updateAndGet(known -> known.or(() -> Optional.of(Instant.now())));
            }
            exchange.sendResponseHeaders(well ? 200 : 500, -1);
          }
        });
    server.start();
    opened.keep(() -> server.stop(0));
    return server;
  }

  private void writeRules(Covet covet, int health) {
    Programs.write(
        folder.resolve("rules"),
        "covet.yml",
        """
        service: covet
        workload: deployment/%1$s/covet-app
        signals:
          probe: { url: "http://127.0.0.1:%2$d/health", every: 200ms, window: 2s }
        rollback_triggers: { health_check_failures: "> 50%% for 1 second" }
        remediations:
          - name: bad-release
            when: [ rollback_triggers, 'alertname="DeploymentCrashLooping"' ]
            blame: { release: 10m }
            mode: veto 2s
            ladder:
              - rollback: { to: last-good }
                verify: 30s
              - page: {}
        soak: 3s
        """
            .formatted(covet.namespace().name(), health));
    Covet.writeRolloutAlerts(folder.resolve("rules"));
  }

  private Path configuration(Covet covet) {
    return BelayProcess.acting(folder, covet.port(), covet.plane().kubeconfig(), GRACE);
  }
}
