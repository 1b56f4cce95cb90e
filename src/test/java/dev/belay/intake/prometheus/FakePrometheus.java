package dev.belay.intake.prometheus;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Something that answers {@code /api/v1/query} as it is told, over real HTTP. */
final class FakePrometheus implements AutoCloseable {
  /** An answer with no series. */
  static final String NOTHING = vector("");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch end = new CountDownLatch(1);
  private final Map<String, Reply> replies = new LinkedHashMap<>();
  private final List<Map<String, String>> asked = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private volatile Reply otherwise = new Reply(200, NOTHING, false);

  private record Reply(int status, String body, boolean hangs) {}

  FakePrometheus() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("no fake", e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** The series of a vector: each its labels in JSON, and its value. */
  static String vector(String... labelsAndValues) {
    StringBuilder series = new StringBuilder();
    for (int i = 0; i + 1 < labelsAndValues.length; i += 2) {
      series
          .append(i == 0 ? "" : ",")
          .append("{\"metric\":{")
          .append(labelsAndValues[i])
          .append("},\"value\":[1700000000.123,\"")
          .append(labelsAndValues[i + 1])
          .append("\"]}");
    }
    return "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":["
        + series
        + "]}}";
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/prometheus/");
  }

  /** Every query is answered so that none of those below is for. */
  FakePrometheus otherwise(int status, String body) {
    otherwise = new Reply(status, body, false);
    return this;
  }

  /** A query that holds this text is answered so; the first that was told wins. */
  synchronized FakePrometheus to(String text, String body) {
    replies.put(text, new Reply(200, body, false));
    return this;
  }

  /** A query that holds this text is never answered. */
  synchronized FakePrometheus hangAt(String text) {
    replies.put(text, new Reply(200, NOTHING, true));
    return this;
  }

  synchronized FakePrometheus forget() {
    replies.clear();
    return this;
  }

  /** The parameters of each request, in order. */
  List<Map<String, String>> asked() {
    return List.copyOf(asked);
  }

  List<String> queries() {
    return asked.stream().map(form -> form.getOrDefault("query", "")).toList();
  }

  List<String> authorizations() {
    return List.copyOf(authorizations);
  }

  private synchronized Reply reply(String query) {
    return replies.entrySet().stream()
        .filter(entry -> query.contains(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(otherwise);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, String> form = form(exchange);
      asked.add(form);
      authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      Reply reply =
          exchange.getRequestURI().getPath().equals("/prometheus/api/v1/query")
                  && exchange.getRequestMethod().equals("POST")
              ? reply(form.getOrDefault("query", ""))
              : new Reply(404, "not here", false);
      if (reply.hangs()) {
        hang();
        return;
      }
      byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private void hang() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Map<String, String> form(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Map<String, String> form = new LinkedHashMap<>();
    for (String pair : List.of(body.split("&", -1))) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        form.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return form;
  }

  @Override
  public void close() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
