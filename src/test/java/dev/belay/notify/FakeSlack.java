package dev.belay.notify;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Slack workspace with one channel, on the loopback interface: chat.postMessage and chat.update
 * with Slack's checks and limits (docs.slack.dev), and every way to fail that a caller must bear.
 */
public final class FakeSlack implements AutoCloseable {
  public static final String TOKEN = "xoxb-1111-2222-fakefakefake";
  public static final String APP_TOKEN = "xapp-1-fakefakefake";
  public static final String CHANNEL = "C0BELAY01";
  public static final String CHANNEL_NAME = "#incidents";

  private static final int LARGEST_BODY = 1 << 20;
  private static final Pattern CONTROL = Pattern.compile("<([!@#][^>]*|[a-z]+:[^>]*)>");
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);

  private final LinkedHashMap<String, Message> messages = new LinkedHashMap<>();
  private final List<String> calls = new ArrayList<>();
  private final Deque<Trouble> troubles = new ArrayDeque<>();
  private final List<JsonNode> whispers = new ArrayList<>();
  private final FakeSlackSockets sockets = new FakeSlackSockets();
  private long lastTs = 1_700_000_000_000_100L;

  /** What goes wrong with one request. */
  public sealed interface Trouble {
    /** Nothing. */
    record None() implements Trouble {}

    /** HTTP 429; without the header where seconds are negative. */
    record RateLimited(int retryAfterSeconds) implements Trouble {}

    /** HTTP 200 with {@code ok: false}. */
    record Refused(String error) implements Trouble {}

    /** A bare HTTP status, as a broken gateway sends it. */
    record Status(int code) implements Trouble {}

    /** HTTP 200 with this instead of Slack's JSON. */
    record Garbage(String body) implements Trouble {}

    /** No answer until the fake is closed, and no effect. */
    record Hang() implements Trouble {}

    /** The effect, but the connection breaks before the answer. */
    record LostReply() implements Trouble {}
  }

  /**
   * A message as it stands now.
   *
   * @param threadTs the parent's ts, for a reply
   * @param broadcast whether a reply is shown in the channel too
   * @param edits how often it was updated
   */
  public record Message(
      String ts,
      Optional<String> threadTs,
      String text,
      JsonNode blocks,
      boolean broadcast,
      int edits) {
    /** The value of the button with this action_id; empty where there is no such button. */
    public Optional<String> button(String actionId) {
      for (JsonNode block : blocks) {
        for (JsonNode element : block.path("elements")) {
          if (element.path("action_id").asString("").equals(actionId)) {
            return Optional.of(element.path("value").asString(""));
          }
        }
      }
      return Optional.empty();
    }

    /** All of its text, markup as it was sent: the fallback, then each text object. */
    public String everything() {
      return text + "\n" + String.join("\n", texts(blocks));
    }

    /** What Slack would act on: mentions, dates, links, without their angle brackets. */
    public List<String> controls() {
      return CONTROL.matcher(everything()).results().map(found -> found.group(1)).toList();
    }

    /** What the block texts of one block type say. */
    public List<String> textsOf(String blockType) {
      List<String> found = new ArrayList<>();
      for (JsonNode block : blocks) {
        if (block.path("type").asString("").equals(blockType)) {
          found.addAll(texts(block));
        }
      }
      return found;
    }
  }

  private FakeSlack(HttpServer server) {
    this.server = server;
  }

  /** On any free port. */
  public static FakeSlack start() {
    return start(0);
  }

  /** On a given port of the loopback interface. */
  public static FakeSlack start(int port) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      FakeSlack slack = new FakeSlack(server);
      server.createContext("/api/", slack::handle);
      server.createContext("/actions/", slack::whisper);
      server.setExecutor(slack.threads);
      server.start();
      return slack;
    } catch (IOException e) {
      throw new IllegalStateException("no fake Slack on port " + port, e);
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** What to give as the Web API's address. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port() + "/api/");
  }

  /** Lets the next requests go wrong, one each, in order. */
  public synchronized void next(Trouble... ones) {
    troubles.addAll(List.of(ones));
  }

  /** All messages that were not deleted, in order. */
  public synchronized List<Message> messages() {
    return List.copyOf(messages.values());
  }

  /** Messages in the channel itself, broadcast replies left out. */
  public List<Message> parents() {
    return messages().stream().filter(message -> message.threadTs().isEmpty()).toList();
  }

  /** A parent's thread. */
  public List<Message> replies(Message parent) {
    return messages().stream()
        .filter(message -> message.threadTs().equals(Optional.of(parent.ts())))
        .toList();
  }

  /** The methods called so far, troubled ones too. */
  public synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  /** The connections of Socket Mode that are open. */
  public FakeSlackSockets sockets() {
    return sockets;
  }

  /** What was said to those who pressed, and only to them. */
  public synchronized List<JsonNode> whispers() {
    return List.copyOf(whispers);
  }

  /**
   * Somebody presses a button, as Slack tells it.
   *
   * @param value what the button carries
   */
  public ObjectNode press(String user, String actionId, String value) {
    ObjectNode payload = JsonNodeFactory.instance.objectNode().put("type", "block_actions");
    payload
        .putObject("user")
        .put("id", user)
        .put("username", "ann\u202e<!channel>")
        .put("team_id", "T1");
    payload.put("api_app_id", "A1").put("trigger_id", "1.2.x");
    payload.put("response_url", "http://127.0.0.1:" + port() + "/actions/T1/" + user);
    payload.putObject("channel").put("id", CHANNEL);
    payload
        .putArray("actions")
        .addObject()
        .put("type", "button")
        .put("action_id", actionId)
        .put("block_id", "b")
        .put("value", value)
        .put("action_ts", "1.2");
    return payload;
  }

  /** As somebody in the channel would. */
  public synchronized void delete(Message message) {
    messages.remove(message.ts());
  }

  @Override
  public void close() {
    closed.countDown();
    sockets.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY);
      String method = exchange.getRequestURI().getPath().substring("/api/".length());
      switch (trouble(method)) {
        case Trouble.None _ -> answer(exchange, 200, call(exchange, method, body).toString());
        case Trouble.RateLimited(int seconds) -> {
          if (seconds >= 0) {
            exchange.getResponseHeaders().set("Retry-After", Integer.toString(seconds));
          }
          answer(exchange, 429, error("ratelimited").toString());
        }
        case Trouble.Refused(String error) -> answer(exchange, 200, error(error).toString());
        case Trouble.Status(int code) -> answer(exchange, code, "<html>gateway</html>");
        case Trouble.Garbage(String garbage) -> answer(exchange, 200, garbage);
        case Trouble.Hang _ -> awaitClose();
        case Trouble.LostReply _ -> call(exchange, method, body);
      }
    }
  }

  private void whisper(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY);
      synchronized (this) {
        whispers.add(JSON.readTree(body));
      }
      answer(exchange, 200, "ok");
    }
  }

  private synchronized Trouble trouble(String method) {
    calls.add(method);
    return Optional.ofNullable(troubles.poll()).orElseGet(Trouble.None::new);
  }

  private void awaitClose() {
    try {
      boolean ended = closed.await(60, TimeUnit.SECONDS);
      if (!ended) {
        throw new IllegalStateException("nobody closed the fake Slack");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private synchronized ObjectNode call(HttpExchange exchange, String method, byte[] body) {
    String authorization =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse("");
    if (authorization.isEmpty()) {
      return error("not_authed");
    }
    if (method.equals("apps.connections.open")) {
      return authorization.equals("Bearer " + APP_TOKEN)
          ? JsonNodeFactory.instance.objectNode().put("ok", true).put("url", sockets.url())
          : error("invalid_auth");
    }
    if (!authorization.equals("Bearer " + TOKEN)) {
      return error("invalid_auth");
    }
    Map<String, String> arguments;
    JsonNode blocks;
    try {
      arguments = arguments(exchange, body);
      blocks = JSON.readTree(arguments.getOrDefault("blocks", "[]"));
    } catch (JacksonException e) {
      return error("invalid_json");
    }
    return switch (method) {
      case "chat.postMessage" -> post(arguments, blocks);
      case "chat.update" -> update(arguments, blocks);
      default -> error("unknown_method");
    };
  }

  private ObjectNode post(Map<String, String> arguments, JsonNode blocks) {
    String channel = arguments.getOrDefault("channel", "");
    if (!channel.equals(CHANNEL) && !channel.equals(CHANNEL_NAME)) {
      return error("channel_not_found");
    }
    String text = arguments.getOrDefault("text", "");
    Optional<String> refused = FakeSlackLimits.refused(text, blocks, 40_000);
    if (refused.isPresent()) {
      return error(refused.get());
    }
    Optional<String> threadTs = Optional.ofNullable(arguments.get("thread_ts"));
    if (threadTs.isPresent()) {
      Optional<Message> parent = Optional.ofNullable(messages.get(threadTs.get()));
      // Slack's threads hang on parents only, never on replies.
      if (parent.flatMap(Message::threadTs).isPresent() || parent.isEmpty()) {
        return error("thread_not_found");
      }
    }
    String ts = nextTs();
    messages.put(
        ts,
        new Message(
            ts, threadTs, text, blocks, truth(arguments.getOrDefault("reply_broadcast", "")), 0));
    return ok(ts);
  }

  private ObjectNode update(Map<String, String> arguments, JsonNode blocks) {
    // An update takes ids only.
    if (!arguments.getOrDefault("channel", "").equals(CHANNEL)) {
      return error("channel_not_found");
    }
    Optional<Message> before = Optional.ofNullable(messages.get(arguments.getOrDefault("ts", "")));
    if (before.isEmpty()) {
      return error("message_not_found");
    }
    String text = arguments.getOrDefault("text", "");
    Optional<String> refused = FakeSlackLimits.refused(text, blocks, 4_000);
    if (refused.isPresent()) {
      return error(refused.get());
    }
    Message old = before.get();
    messages.put(
        old.ts(),
        new Message(old.ts(), old.threadTs(), text, blocks, old.broadcast(), old.edits() + 1));
    return ok(old.ts());
  }

  private String nextTs() {
    lastTs += 1_000_100;
    return String.format(Locale.ROOT, "%d.%06d", lastTs / 1_000_000, lastTs % 1_000_000);
  }

  private static boolean truth(String argument) {
    return argument.equals("1") || argument.equals("true");
  }

  private static Map<String, String> arguments(HttpExchange exchange, byte[] body) {
    String type =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Type")).orElse("");
    String content = new String(body, StandardCharsets.UTF_8);
    Map<String, String> arguments = new LinkedHashMap<>();
    if (type.startsWith("application/json")) {
      for (Map.Entry<String, JsonNode> field : JSON.readTree(content).properties()) {
        JsonNode value = field.getValue();
        arguments.put(field.getKey(), value.isString() ? value.asString() : value.toString());
      }
      return arguments;
    }
    for (String pair : content.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        arguments.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
    return arguments;
  }

  private static String decoded(String part) {
    return URLDecoder.decode(part, StandardCharsets.UTF_8);
  }

  private static ObjectNode ok(String ts) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("ok", true)
        .put("channel", CHANNEL)
        .put("ts", ts);
  }

  private static ObjectNode error(String error) {
    return JsonNodeFactory.instance.objectNode().put("ok", false).put("error", error);
  }

  private static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    if (node.path("text").isString()) {
      texts.add(node.path("text").asString());
    }
    for (JsonNode child : node) {
      texts.addAll(texts(child));
    }
    return texts;
  }
}
