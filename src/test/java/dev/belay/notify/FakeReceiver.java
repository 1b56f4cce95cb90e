package dev.belay.notify;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Takes JSON by POST, on the loopback interface, and fails when told to. */
public final class FakeReceiver implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** What came in. */
  public record Got(String path, Map<String, String> headers, String body) {
    JsonNode json() {
      return JSON.readTree(body);
    }
  }

  /** How to fail once. */
  record Trouble(int status, Map<String, String> headers, String body) {}

  private final HttpServer server;
  private final Function<Got, Optional<String>> refuses;
  private final List<Got> got = new ArrayList<>();
  private final Deque<Trouble> troubles = new ArrayDeque<>();

  /**
   * Starts.
   *
   * @param refuses why it answers 400, where it does
   */
  public FakeReceiver(Function<Got, Optional<String>> refuses) {
    this.refuses = refuses;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException("no fake receiver", e);
    }
    server.createContext("/", this::handle);
    server.start();
  }

  /** Where it takes that. */
  public URI address(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  /** All that came in, in order. */
  public synchronized List<Got> got() {
    return List.copyOf(got);
  }

  synchronized void next(int status, Map<String, String> headers, String body) {
    troubles.add(new Trouble(status, headers, body));
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
      Got one =
          new Got(
              exchange.getRequestURI().getPath(),
              headers,
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      Optional<Trouble> trouble = Optional.ofNullable(troubles.poll());
      if (trouble.isPresent()) {
        trouble.get().headers().forEach(exchange.getResponseHeaders()::set);
        answer(exchange, trouble.get().status(), trouble.get().body());
        return;
      }
      Optional<String> why = refuses.apply(one);
      if (why.isEmpty()) {
        got.add(one);
      }
      answer(exchange, why.isPresent() ? 400 : 202, why.orElse("{\"status\":\"success\"}"));
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
