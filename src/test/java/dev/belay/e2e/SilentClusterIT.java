package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.belay.controlplane.Eventually;
import dev.belay.controlplane.FreePort;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster that did not answer was said in a sentence, among a hundred lines of a library's trace
 * for each attempt.
 */
class SilentClusterIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path folder = Path.of("");

  @Test
  void aClusterThatDoesNotAnswerIsSaidOnceInOneSentence() {
    int port = FreePort.next();
    String address = "http://127.0.0.1:" + FreePort.next();
    try (BelayProcess belay = BelayProcess.start(configuration(port, address), port)) {
      Eventually.holds(
          "the API server was asked", SOON, () -> belay.logTail().contains("no answer from"));
      Eventually.holds(
          "readiness says so too",
          SOON,
          () -> Http.get(port, "/-/ready").orElse("").contains("no answer from " + address));
      String said = belay.logTail();
      assertEquals(1, said.split("no answer from", -1).length - 1, said);
      assertFalse(said.contains("\tat "), said);
    }
  }

  private Path configuration(int port, String address) {
    Programs.write(
        folder.resolve("rules"),
        "shop.yml",
        "service: shop\nworkload: deployment/shop/app\nmatch: { app: shop }\n");
    Path kubeconfig =
        Programs.write(
            folder,
            "kubeconfig",
            """
            apiVersion: v1
            kind: Config
            clusters: [{name: c, cluster: {server: "%s"}}]
            users: [{name: u, user: {token: secret}}]
            contexts: [{name: n, context: {cluster: c, user: u}}]
            current-context: n
            """
                .formatted(address));
    return BelayProcess.configuration(
        folder, port, "cluster: { kubeconfig: %s, poll: 1s }\n".formatted(kubeconfig));
  }
}
