package dev.belay.intake.slack;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Socket Mode: Belay calls Slack, and presses come in over that connection, so that Slack need not
 * reach Belay (docs.slack.dev, Socket Mode). It is opened anew, after growing pauses, whenever it
 * ends; where Slack says beforehand that it will, the new one is opened first.
 */
final class SlackSocket implements AutoCloseable {
  /** Of an answer, in bytes. */
  private static final long ANSWER = 64 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(SlackSocket.class);
  private static final Duration WITHIN = Duration.ofSeconds(15);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration REFUSED = Duration.ofMinutes(5);
  private static final Duration LASTING = Duration.ofSeconds(10);
  private static final int DOUBLINGS = 5;
  private static final Pattern ERROR = Pattern.compile("[a-z0-9_]{1,64}");

  private static final String NEW_TOKEN =
      "give Belay the app-level token, which begins with xapp- and has the scope connections:write";

  /** Errors that trying again does not mend, each with its remedy. */
  private static final Map<String, String> REMEDIES =
      Map.of(
          "invalid_auth", NEW_TOKEN,
          "not_authed", NEW_TOKEN,
          "not_allowed_token_type", NEW_TOKEN,
          "token_revoked", NEW_TOKEN,
          "account_inactive", NEW_TOKEN,
          "missing_scope", NEW_TOKEN,
          "forbidden", "turn Socket Mode on in the app's settings");

  private final HttpClient http;
  private final URI api;
  private final String token;
  private final Function<JsonNode, CompletionStage<@Nullable Void>> interactive;
  private final InstantSource clock;
  private final Duration pause;
  private final Thread thread;

  private volatile Optional<Broken> broken;
  private volatile boolean closed;

  private record Broken(Instant since, String why) {}

  /**
   * Begins.
   *
   * @param pause after the first failure; it grows from there
   */
  SlackSocket(
      HttpClient http,
      URI api,
      String token,
      Function<JsonNode, CompletionStage<@Nullable Void>> interactive,
      InstantSource clock,
      Duration pause) {
    this.http = http;
    this.api = api;
    this.token = token;
    this.interactive = interactive;
    this.clock = clock;
    this.pause = pause;
    this.broken = Optional.of(new Broken(clock.instant(), "its connection is being opened"));
    this.thread = Thread.ofVirtual().name("belay-slack-socket").start(this::run);
  }

  /** Whether presses come in now. */
  boolean connected() {
    return broken.isEmpty();
  }

  /** Since when presses do not come in and why, for people; empty where they do. */
  Optional<String> trouble() {
    return broken.map(
        now ->
            "presses of buttons do not come in since "
                + now.since().truncatedTo(ChronoUnit.SECONDS)
                + ": "
                + now.why());
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private void run() {
    Optional<SlackLine> old = Optional.empty();
    int failures = 0;
    try {
      while (!closed) {
        try {
          SlackLine line = SlackLine.open(http, address(), WITHIN, interactive);
          old.ifPresent(SlackLine::leaveWhenAnswered);
          old = Optional.of(line);
          mended();
          long began = System.nanoTime();
          String why = line.awaitEnd();
          boolean announced = why.equals("warning") || why.equals("refresh_requested");
          if (!announced) {
            broke(why);
          }
          failures = System.nanoTime() - began < LASTING.toNanos() && !announced ? failures + 1 : 0;
          if (failures > 0) {
            Thread.sleep(pause(failures));
          }
        } catch (SlackUnreachable e) {
          failures++;
          broke(e.why());
          Thread.sleep(e.refused() ? REFUSED : longer(pause(failures), e.retryAfter()));
        } catch (RuntimeException e) {
          // Its words may hold the token.
          failures++;
          broke("of a failure of Belay's own (" + e.getClass().getSimpleName() + ")");
          Thread.sleep(pause(failures));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      old.ifPresent(SlackLine::leave);
    }
  }

  private void mended() {
    if (broken.isPresent()) {
      LOG.info("the connection to Slack is open: presses of buttons come in");
    }
    broken = Optional.empty();
  }

  private void broke(String why) {
    if (closed) {
      return;
    }
    Instant since = broken.map(Broken::since).orElseGet(clock::instant);
    boolean news = broken.filter(was -> was.why().equals(why)).isEmpty();
    broken = Optional.of(new Broken(since, why));
    if (news) {
      LOG.warn("Slack: {}", trouble().orElse(""));
    }
  }

  private Duration pause(int failures) {
    Duration wait = pause.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS));
    Duration bounded = wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    // So that not all of a fleet come back at once.
    return bounded.plusMillis(ThreadLocalRandom.current().nextLong(bounded.toMillis() / 2 + 1));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /** Asks where to connect to; the address is good for a short time and once. */
  private URI address() throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(api.resolve("apps.connections.open"))
            .timeout(WITHIN)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    HttpResponse<String> answer = answer(request);
    if (answer.statusCode() != 200) {
      throw SlackUnreachable.busy(
          "it answers with HTTP status " + answer.statusCode(), retryAfter(answer));
    }
    JsonNode said =
        Payload.json(answer.body())
            .orElseThrow(() -> new SlackUnreachable("its answer cannot be read"));
    if (!said.path("ok").asBoolean(false)) {
      throw refusal(said.path("error").asString(""));
    }
    return safe(said.path("url").asString(""));
  }

  /** The request's own timeout ends with the headers of the answer; this one with its body. */
  private HttpResponse<String> answer(HttpRequest request) throws InterruptedException {
    CompletableFuture<HttpResponse<String>> answer =
        http.sendAsync(
            request,
            HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), ANSWER));
    try {
      return answer.get(WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new SlackUnreachable("it does not answer (" + cause.getClass().getSimpleName() + ")");
    } finally {
      answer.cancel(true);
    }
  }

  private static SlackUnreachable refusal(String error) {
    String name = ERROR.matcher(error).matches() ? error : "an unknown error";
    String remedy = REMEDIES.get(name);
    return remedy == null
        ? new SlackUnreachable("it answers with " + name)
        : SlackUnreachable.refused("it refuses with " + name + "; " + remedy);
  }

  private URI safe(String url) {
    try {
      URI to = URI.create(url);
      boolean plain = "http".equals(api.getScheme()) && "ws".equals(to.getScheme());
      if (to.getHost() != null && ("wss".equals(to.getScheme()) || plain)) {
        return to;
      }
    } catch (IllegalArgumentException e) {
      // Said below, without the address, which is a secret.
    }
    throw new SlackUnreachable("it names no address to connect to");
  }

  private static long retryAfter(HttpResponse<?> answer) {
    try {
      long seconds = answer.headers().firstValueAsLong("Retry-After").orElse(0);
      return Math.clamp(seconds, 0, 3_600);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
