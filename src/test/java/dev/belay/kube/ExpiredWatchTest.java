package dev.belay.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.belay.controlplane.Eventually;
import dev.belay.core.release.Workload;
import dev.belay.port.WorkloadWatch;
import dev.belay.sandbox.MemoryBaselines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An API server that no longer has the versions from which a watch would go on: {@code 410 Gone}.
 */
class ExpiredWatchTest {
  private static final String GONE =
      """
      {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
       "message": "too old resource version: 10 (20)", "reason": "Expired", "code": 410}
      """
          .replace("\n", " ");

  private static final String BOOKMARK =
      """
      {"type": "BOOKMARK", "object": {"kind": "Deployment", "apiVersion": "apps/v1",
       "metadata": {"resourceVersion": "20"}}}
      """
              .replace("\n", " ")
          + "\n";

  private static final String BEFORE = list(10, item("app", 10), item("gone", 9));
  private static final String AFTER = list(20, item("app", 15), item("new", 20));

  @TempDir private Path folder;

  private final BlockingQueue<Workload> changes = new LinkedBlockingQueue<>();
  private final AtomicInteger lists = new AtomicInteger();
  private final AtomicInteger watches = new AtomicInteger();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;
  private int watchCode;

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/apis/apps/v1/namespaces/shop/deployments", this::handle);
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
      boolean watch = String.valueOf(http.getRequestURI().getQuery()).contains("watch=true");
      if (!watch) {
        answer(http, 200, lists.getAndIncrement() == 0 ? BEFORE : AFTER);
      } else if (watchCode == 200 && http.getRequestHeaders().containsKey("Upgrade")) {
        // The client then watches without a web socket, which this server does not speak.
        answer(http, 200, "");
      } else if (watches.getAndIncrement() == 0) {
        answer(
            http,
            watchCode,
            watchCode == 200 ? "{\"type\": \"ERROR\", \"object\": " + GONE + "}\n" : GONE);
      } else if (http.getRequestHeaders().containsKey("Upgrade")) {
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
    new ScriptedApi.Exchange(http, "").answer(code, text);
  }

  private static String list(int version, String... items) {
    return "{\"kind\": \"DeploymentList\", \"apiVersion\": \"apps/v1\", \"metadata\":"
        + " {\"resourceVersion\": \""
        + version
        + "\"}, \"items\": ["
        + String.join(",", items)
        + "]}";
  }

  private static String item(String name, int version) {
    return "{\"metadata\": {\"name\": \"%s\", \"namespace\": \"shop\", \"resourceVersion\": \"%d\"}}"
        .formatted(name, version);
  }

  private Set<String> told(int count) throws InterruptedException {
    Set<String> names = new HashSet<>();
    while (names.size() < count) {
      Workload changed = changes.poll(30, TimeUnit.SECONDS);
      if (changed == null) {
        break;
      }
      names.add(changed.name());
    }
    return names;
  }

  /** As the answer to the request, and in the midst of the watch. */
  @ParameterizedTest
  @ValueSource(ints = {410, 200})
  void whatChangedBeforeAWatchExpiredIsToldAfterTheNextListing(int code) throws Exception {
    watchCode = code;
    try (FabricCluster cluster = connect();
        WorkloadWatch watch =
            cluster
                .watch(Set.of(new Workload("deployment", "shop", "app")), List.of(), changes::add)
                .orElseThrow()) {
      assertEquals(Set.of("app", "gone"), told(2));
      // Changed, made and deleted while nobody watched.
      assertEquals(Set.of("app", "new", "gone"), told(3));
      assertEquals(2, lists.get());
      Eventually.holds("it watches again", Duration.ofSeconds(30), () -> watch.trouble().isEmpty());
    }
  }

  private FabricCluster connect() throws IOException {
    return FabricCluster.connect(
        Optional.of(ScriptedApi.kubeconfig(folder, server.getAddress().getPort())),
        Optional.empty(),
        Duration.ofSeconds(5),
        new MemoryBaselines());
  }
}
