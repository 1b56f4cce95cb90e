package dev.belay.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.belay.controlplane.Eventually;
import dev.belay.core.release.Workload;
import dev.belay.core.rule.Place;
import dev.belay.port.WorkloadWatch;
import dev.belay.sandbox.MemoryBaselines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An API server that lets Belay watch Deployments, and no Rollouts. */
class ForbiddenWatchTest {
  private static final String BOOKMARK =
      "{\"type\": \"BOOKMARK\", \"object\": {\"kind\": \"Deployment\", \"apiVersion\": \"apps/v1\","
          + " \"metadata\": {\"resourceVersion\": \"10\"}}}\n";

  private static final Workload APP = new Workload("deployment", "shop", "app");
  private static final Workload ROLLED = new Workload("rollout", "shop", "app");

  @TempDir private Path folder;

  private final CountDownLatch closing = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  @AfterEach
  void close() {
    closing.countDown();
    server.stop(0);
    threads.close();
  }

  private void handle(HttpExchange http) throws IOException {
    try (http) {
      String path = http.getRequestURI().getPath();
      String query = String.valueOf(http.getRequestURI().getQuery());
      if (path.equals("/apis/argoproj.io/v1alpha1")) {
        answer(
            http,
            200,
            "{\"kind\": \"APIResourceList\", \"groupVersion\": \"argoproj.io/v1alpha1\","
                + " \"resources\": [{\"name\": \"rollouts\"}]}");
      } else if (path.endsWith("/rollouts")) {
        answer(
            http,
            403,
            "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Failure\", \"message\":"
                + " \"rollouts.argoproj.io is forbidden: User \\\"belay\\\" cannot list resource"
                + " \\\"rollouts\\\"\", \"reason\": \"Forbidden\", \"code\": 403}");
      } else if (!query.contains("watch=true")) {
        answer(
            http,
            200,
            "{\"kind\": \"DeploymentList\", \"apiVersion\": \"apps/v1\", \"metadata\":"
                + " {\"resourceVersion\": \"10\"}, \"items\": []}");
      } else if (http.getRequestHeaders().containsKey("Upgrade")) {
        // The client then watches without a web socket, which this server does not speak.
        answer(http, 200, "");
      } else {
        http.sendResponseHeaders(200, 0);
        http.getResponseBody().write(BOOKMARK.getBytes(StandardCharsets.UTF_8));
        http.getResponseBody().flush();
        closing.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(HttpExchange http, int code, String text) throws IOException {
    new ScriptedApi.Exchange(http, text).answer(code, text);
  }

  @Test
  void onlyWhatItMayNotWatchIsMissedAndTheRightIsSaid() throws IOException {
    try (FabricCluster cluster =
            FabricCluster.connect(
                Optional.of(ScriptedApi.kubeconfig(folder, server.getAddress().getPort())),
                Optional.empty(),
                Duration.ofSeconds(5),
                new MemoryBaselines());
        WorkloadWatch watch =
            cluster.watch(Set.of(APP, ROLLED), List.of(), _ -> {}).orElseThrow()) {
      assertTrue(watch.misses(place("rollout")), "nothing is known at the start");
      Optional<String> said =
          Optional.of(
              "changes are noticed late only: watching rollouts of shop fails: rollouts.argoproj.io"
                  + " is forbidden: User \"belay\" cannot list resource \"rollouts\"; grant Belay"
                  + " the right to list and watch rollouts, as in the role that belay rbac prints");
      Eventually.holds(
          "only that is said", Duration.ofSeconds(30), () -> said.equals(watch.trouble()));
      assertFalse(watch.misses(place("deployment")));
      assertTrue(watch.misses(place("rollout")));
      assertTrue(watch.misses(new Place("rollout", Optional.empty())));
      assertFalse(watch.misses(new Place("rollout", Optional.of("pay"))), "nobody is there");
      assertEquals(said, watch.trouble());
    }
  }

  private static Place place(String kind) {
    return new Place(kind, Optional.of("shop"));
  }
}
