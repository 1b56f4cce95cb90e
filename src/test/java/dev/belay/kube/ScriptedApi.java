package dev.belay.kube;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An API server with one Deployment of two revisions and one ConfigMap, that misbehaves as told.
 * Takes just enough of JSON Patch to tell whether a change took effect.
 */
final class ScriptedApi implements AutoCloseable {
  /** What it does with a write that is no dry run. */
  interface Script {
    void play(ScriptedApi api, Exchange exchange) throws IOException;
  }

  /** One request that is waiting for its answer. */
  record Exchange(HttpExchange http, String body) {
    void answer(int code, String text) throws IOException {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      http.getResponseHeaders().set("Content-Type", "application/json");
      http.sendResponseHeaders(code, bytes.length);
      http.getResponseBody().write(bytes);
    }

    /** As a server or a proxy between does that dies. */
    void breakConnection() {
      http.close();
    }
  }

  private static final JsonMapper JSON = new JsonMapper();

  private static final String DEPLOYMENT =
      """
      {"apiVersion": "apps/v1", "kind": "Deployment",
       "metadata": {"name": "app", "namespace": "shop", "uid": "d-1", "generation": 2,
                    "resourceVersion": "10"},
       "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "app"}},
                "template": {"metadata": {"labels": {"app": "app"}},
                             "spec": {"containers": [{"name": "app", "image": "app:bad-2"}]}}},
       "status": {"observedGeneration": 2, "replicas": 1, "updatedReplicas": 1,
                  "availableReplicas": 1}}
      """;

  private static final String REPLICA_SET =
      """
      {"metadata": {"name": "app-%1$d", "namespace": "shop", "uid": "r-%1$d",
                    "creationTimestamp": "2026-11-24T10:00:00Z",
                    "annotations": {"deployment.kubernetes.io/revision": "%1$d"},
                    "ownerReferences": [{"uid": "d-1", "controller": true}]},
       "spec": {"template": {"metadata": {"labels": {"app": "app", "pod-template-hash": "%1$d"}},
                             "spec": {"containers": [{"name": "app", "image": "app:%2$s"}]}}}}
      """;

  private static final String CONFIG_MAP =
      """
      {"apiVersion": "v1", "kind": "ConfigMap",
       "metadata": {"name": "flags", "namespace": "shop", "uid": "c-1", "resourceVersion": "7"},
       "data": {"a/b~c": "true"}}
      """;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final List<String> writes = new CopyOnWriteArrayList<>();
  private final List<String> agents = new CopyOnWriteArrayList<>();
  private final ObjectNode deployment = (ObjectNode) JSON.readTree(DEPLOYMENT);
  private final ObjectNode configMap = (ObjectNode) JSON.readTree(CONFIG_MAP);
  private volatile Script onWrite = ScriptedApi::obey;
  private volatile int readCode = 200;
  private volatile int podsCode = 200;
  private volatile String pods = "{\"metadata\": {}, \"items\": []}";

  ScriptedApi() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** A kubeconfig that leads here. */
  Path kubeconfig(Path folder) throws IOException {
    return kubeconfig(folder, server.getAddress().getPort());
  }

  /** A kubeconfig that leads to this port. */
  static Path kubeconfig(Path folder, int port) throws IOException {
    return Files.writeString(
        folder.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: u, user: {token: secret}}]
        contexts: [{name: here, context: {cluster: c, user: u}}]
        current-context: here
        """
            .formatted(port));
  }

  void onWrite(Script script) {
    onWrite = script;
  }

  /** From now on all reads are answered with this. */
  void answerReadsWith(int code) {
    readCode = code;
  }

  /** From now on the present revision has one pod, with this status of its container. */
  void pods(String container) {
    pods =
        """
        {"metadata": {}, "items": [{"metadata": {"name": "app-2-1"},
         "status": {"phase": "Running", "containerStatuses": [%s]}}]}
        """
            .formatted(container);
  }

  /** From now on lists of pods are answered with this. */
  void answerPodsWith(int code) {
    podsCode = code;
  }

  /** The Deployment's controller wrote its status. */
  synchronized void statusMoved(Instant at) {
    deployment
        .withObject("metadata")
        .withArray("managedFields")
        .addObject()
        .put("manager", "kube-controller-manager")
        .put("time", at.toString())
        .withObject("fieldsV1")
        .withObject("f:status");
  }

  /** So many of the Deployment's pods are available. */
  synchronized void available(int pods) {
    deployment.withObject("status").put("availableReplicas", pods);
  }

  /** The bodies of all writes that were no dry runs. */
  List<String> writes() {
    return writes;
  }

  List<String> agents() {
    return agents;
  }

  /** Answers as a healthy server. */
  void obey(Exchange exchange) throws IOException {
    exchange.answer(200, takeEffect(exchange));
  }

  /** Carries the patch out. */
  synchronized String takeEffect(Exchange exchange) {
    ObjectNode target =
        exchange.http().getRequestURI().getPath().contains("/configmaps/") ? configMap : deployment;
    for (JsonNode op : JSON.readTree(exchange.body())) {
      String path = op.path("path").asString("");
      if (path.equals("/spec/template")) {
        target.withObject("spec").set("template", op.path("value"));
      } else if (path.startsWith("/metadata/annotations/")) {
        target
            .withObject("metadata")
            .withObject("annotations")
            .set(unescape(path, "/metadata/annotations/"), op.path("value"));
      } else if (path.startsWith("/data/") && !op.path("op").asString("").equals("test")) {
        target.withObject("data").set(unescape(path, "/data/"), op.path("value"));
      }
    }
    bumpGeneration();
    return target.toString();
  }

  private static String unescape(String path, String parent) {
    return path.substring(parent.length()).replace("~1", "/").replace("~0", "~");
  }

  /** Somebody changes something beside the template. */
  synchronized void bumpGeneration() {
    ObjectNode metadata = deployment.withObject("metadata");
    metadata.put("generation", metadata.path("generation").asLong(0) + 1);
  }

  /** Somebody ships something. */
  synchronized void ship(String image) {
    deployment
        .withObject("spec")
        .withObject("template")
        .withObject("spec")
        .withArray("containers")
        .get(0)
        .asObject()
        .put("image", image);
    bumpGeneration();
  }

  synchronized String flag(String key) {
    return configMap.path("data").path(key).asString("");
  }

  /** Keeps the caller waiting until the test is over. */
  void hang() {
    try {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void handle(HttpExchange http) throws IOException {
    try (http) {
      agents.add(String.valueOf(http.getRequestHeaders().getFirst("User-Agent")));
      String body = new String(http.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Exchange exchange = new Exchange(http, body);
      String query = String.valueOf(http.getRequestURI().getQuery());
      if (http.getRequestMethod().equals("GET")) {
        read(exchange);
      } else if (query.contains("dryRun=All")) {
        exchange.answer(200, "{}");
      } else {
        writes.add(http.getRequestMethod() + " " + body);
        onWrite.play(this, exchange);
      }
    }
  }

  private synchronized void read(Exchange exchange) throws IOException {
    String path = exchange.http().getRequestURI().getPath();
    if (readCode != 200) {
      exchange.answer(readCode, "{\"message\": \"as the test wants\"}");
    } else if (path.endsWith("/deployments/app")) {
      exchange.answer(200, deployment.toString());
    } else if (path.endsWith("/replicasets")) {
      String items = REPLICA_SET.formatted(1, "good-1") + "," + REPLICA_SET.formatted(2, "bad-2");
      exchange.answer(200, "{\"metadata\": {}, \"items\": [" + items + "]}");
    } else if (path.endsWith("/pods")) {
      exchange.answer(podsCode, podsCode == 200 ? pods : "{\"message\": \"as the test wants\"}");
    } else if (path.endsWith("/configmaps/flags")) {
      exchange.answer(200, configMap.toString());
    } else {
      exchange.answer(404, "{\"message\": \"not found\"}");
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.close();
  }
}
