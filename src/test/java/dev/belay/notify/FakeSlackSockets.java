package dev.belay.notify;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.ServerWebSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Slack's end of Socket Mode: hello, envelopes and their acknowledgements, disconnects. */
public final class FakeSlackSockets implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
  private final HttpServer server;
  private final List<ServerWebSocket> open = new CopyOnWriteArrayList<>();
  private final Map<String, Boolean> acknowledged = new ConcurrentHashMap<>();
  private final AtomicInteger tickets = new AtomicInteger();
  private final AtomicInteger envelopes = new AtomicInteger();

  FakeSlackSockets() {
    server =
        vertx
            .createHttpServer()
            .webSocketHandler(this::connected)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  /** Where to connect to; a new address each time. */
  String url() {
    return "ws://127.0.0.1:" + server.actualPort() + "/link/?ticket=" + tickets.incrementAndGet();
  }

  private void connected(ServerWebSocket socket) {
    open.add(socket);
    socket.closeHandler(_ -> open.remove(socket));
    socket.textMessageHandler(
        text -> {
          JsonNode frame = JSON.readTree(text);
          acknowledged.put(frame.path("envelope_id").asString(""), true);
        });
    var _ =
        socket.writeTextMessage(
            "{\"type\":\"hello\",\"num_connections\":1,\"connection_info\":{\"app_id\":\"A1\"}}");
  }

  /** How many are connected. */
  public int count() {
    return open.size();
  }

  /** How often somebody connected, or asked where to. */
  public int tickets() {
    return tickets.get();
  }

  /** Sends the payload over the newest connection; its envelope's id. */
  public String send(ObjectNode payload) {
    String id = "envelope-" + envelopes.incrementAndGet();
    ObjectNode envelope =
        JsonNodeFactory.instance
            .objectNode()
            .put("envelope_id", id)
            .put("type", "interactive")
            .put("accepts_response_payload", false);
    envelope.set("payload", payload);
    write(envelope.toString());
    return id;
  }

  /** Whether the envelope was acknowledged. */
  public boolean acknowledged(String envelope) {
    return acknowledged.containsKey(envelope);
  }

  /** Says on the newest connection that it will end soon. */
  public void refresh() {
    write("{\"type\":\"disconnect\",\"reason\":\"refresh_requested\"}");
  }

  /** Breaks all connections without a word. */
  public void breakAll() {
    open.forEach(socket -> socket.close());
  }

  private void write(String frame) {
    var _ = open.getLast().writeTextMessage(frame);
  }

  @Override
  public void close() {
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("the fake Slack does not close", e);
    }
  }
}
