package dev.belay.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An API server with ConfigMaps and nothing else, that outlives the daemon and counts how often
 * each action took effect. It guards as the real one does: a patch goes through whole or not at
 * all. Every third write or so is slow, before or after it takes effect, as an API server is that
 * goes on with a request whose sender is gone.
 */
final class CountingApi implements AutoCloseable {
  private static final String ACTION = "/metadata/annotations/belay.dev~1action";
  private static final int SLOWEST_MILLIS = 400;

  private static final JsonMapper JSON = new JsonMapper();

  /** A write that a guard refused. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    private final int code;

    Refused(int code, String why) {
      super(why, null, false, false);
      this.code = code;
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Semaphore underWay = new Semaphore(0);
  private final Random random;
  private final Map<String, ObjectNode> configMaps = new TreeMap<>();
  private final Map<String, Integer> effects = new TreeMap<>();
  private final List<String> writes = new ArrayList<>();
  private long version = 100;

  /** With so many ConfigMaps, named {@code flags-0} and so on, in the namespace {@code shop}. */
  CountingApi(int configMaps, long seed) throws IOException {
    random = new Random(seed);
    for (int i = 0; i < configMaps; i++) {
      this.configMaps.put(
          "/api/v1/namespaces/shop/configmaps/flags-" + i,
          (ObjectNode)
              JSON.readTree(
                  """
                  {"apiVersion": "v1", "kind": "ConfigMap",
                   "metadata": {"name": "flags-%1$d", "namespace": "shop", "uid": "uid-%1$d",
                                "resourceVersion": "%1$d"},
                   "data": {"ANALYTICS": "true"}}
                  """
                      .formatted(i)));
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Writes a kubeconfig that leads here. */
  Path kubeconfig(Path file) throws IOException {
    return Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: u, user: {token: secret}}]
        contexts: [{name: here, context: {cluster: c, user: u}}]
        current-context: here
        """
            .formatted(server.getAddress().getPort()));
  }

  /** How often each action took effect, by its id. */
  synchronized Map<String, Integer> effects() {
    return new TreeMap<>(effects);
  }

  /** What was written to the ConfigMaps that the action wrote to, in order. */
  synchronized List<String> writes(String action) {
    Set<String> paths = new TreeSet<>();
    configMaps.keySet().stream()
        .filter(
            path ->
                writes.stream()
                    .anyMatch(write -> write.contains(path + " ") && write.endsWith(action)))
        .forEach(paths::add);
    return writes.stream()
        .filter(write -> paths.stream().anyMatch(path -> write.contains(path + " ")))
        .toList();
  }

  /** Waits until a write has come that is no dry run; false where none does. */
  boolean awaitWrite(long millis) throws InterruptedException {
    underWay.drainPermits();
    return underWay.tryAcquire(millis, TimeUnit.MILLISECONDS);
  }

  private void handle(HttpExchange http) throws IOException {
    try (http) {
      String body = new String(http.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String path = http.getRequestURI().getPath();
      try {
        if (http.getRequestMethod().equals("GET")) {
          answer(http, 200, read(path).toString());
        } else if (String.valueOf(http.getRequestURI().getQuery()).contains("dryRun=All")) {
          answer(http, 200, patch(path, body, true).toString());
        } else {
          underWay.release();
          int slow = slowness();
          pause(slow);
          JsonNode patched = patch(path, body, false);
          pause(-slow);
          answer(http, 200, patched.toString());
        }
      } catch (Refused e) {
        answer(http, e.code, "{\"message\": \"" + e.getMessage() + "\"}");
      }
    }
  }

  /** Milliseconds: before the effect where positive, after it where negative. */
  private synchronized int slowness() {
    return random.nextInt(3) == 0 ? random.nextInt(-SLOWEST_MILLIS, SLOWEST_MILLIS) : 0;
  }

  private void pause(int millis) {
    try {
      if (millis > 0 && closing.await(millis, TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(HttpExchange http, int code, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    http.getResponseHeaders().set("Content-Type", "application/json");
    http.sendResponseHeaders(code, bytes.length);
    http.getResponseBody().write(bytes);
  }

  private synchronized ObjectNode read(String path) throws Refused {
    ObjectNode found = configMaps.get(path);
    if (found == null) {
      throw new Refused(404, "not found");
    }
    return found;
  }

  private synchronized JsonNode patch(String path, String body, boolean dryRun) throws Refused {
    ObjectNode live = read(path);
    ObjectNode changed = live.deepCopy();
    String action = "";
    for (JsonNode op : JSON.readTree(body)) {
      change(changed, op);
      if (op.path("path").asString("").equals(ACTION)) {
        // The newest; those of others stand behind it.
        action = op.path("value").asString("").split(",", 2)[0];
      }
    }
    if (!version(changed).equals(version(live))) {
      throw new Refused(409, "the object has been modified");
    }
    if (!dryRun) {
      changed.withObject("metadata").put("resourceVersion", Long.toString(++version));
      configMaps.put(path, changed);
      effects.merge(action, 1, Integer::sum);
      writes.add(Instant.now() + " " + path + " " + changed.path("data") + " by " + action);
    }
    return changed;
  }

  private static JsonNode version(ObjectNode object) {
    return object.at("/metadata/resourceVersion");
  }

  private static void change(ObjectNode object, JsonNode op) throws Refused {
    String pointer = op.path("path").asString("");
    int slash = pointer.lastIndexOf('/');
    String key = pointer.substring(slash + 1).replace("~1", "/").replace("~0", "~");
    if (!(object.at(pointer.substring(0, slash)) instanceof ObjectNode parent)) {
      throw new Refused(422, "there is no " + pointer);
    }
    boolean missing = parent.path(key).isMissingNode();
    String name = op.path("op").asString("");
    if (missing && !name.equals("add")) {
      throw new Refused(422, "there is no " + pointer);
    }
    switch (name) {
      case "test" -> {
        if (!parent.path(key).equals(op.path("value"))) {
          throw new Refused(422, "the test of " + pointer + " failed");
        }
      }
      case "add", "replace" -> parent.set(key, op.path("value"));
      case "remove" -> parent.remove(key);
      default -> throw new Refused(400, "unknown operation");
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.close();
  }
}
