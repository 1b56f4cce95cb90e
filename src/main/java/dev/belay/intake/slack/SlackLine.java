package dev.belay.intake.slack;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One connection of Socket Mode. Each envelope is acknowledged once what follows from it is
 * durable; what is not acknowledged within three seconds Slack tells whoever pressed.
 */
final class SlackLine implements WebSocket.Listener {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int AT_ONCE = 64;
  private static final Duration ALIVE = Duration.ofSeconds(10);

  /** What Slack waits for an acknowledgement, and a little more. */
  private static final Duration ANSWERED = Duration.ofSeconds(4);

  private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(45);

  private final Function<JsonNode, CompletionStage<@Nullable Void>> interactive;
  private final CompletableFuture<@Nullable Void> hello = new CompletableFuture<>();
  private final CompletableFuture<String> ended = new CompletableFuture<>();
  private final Semaphore room = new Semaphore(AT_ONCE);
  private final StringBuilder text = new StringBuilder();
  private CompletableFuture<@Nullable WebSocket> sending = CompletableFuture.completedFuture(null);
  private volatile long heardNanos = System.nanoTime();
  private @Nullable WebSocket socket;
  private boolean left;

  private SlackLine(Function<JsonNode, CompletionStage<@Nullable Void>> interactive) {
    this.interactive = interactive;
  }

  /**
   * Connects; Slack has said hello when this returns.
   *
   * @param interactive takes the payload of an interaction
   * @throws SlackUnreachable where it does not come to that
   */
  static SlackLine open(
      HttpClient http,
      URI url,
      Duration within,
      Function<JsonNode, CompletionStage<@Nullable Void>> interactive)
      throws InterruptedException {
    SlackLine line = new SlackLine(interactive);
    try {
      http.newWebSocketBuilder()
          .connectTimeout(within)
          .buildAsync(url, line)
          .get(within.toMillis(), TimeUnit.MILLISECONDS);
      line.hello.get(within.toMillis(), TimeUnit.MILLISECONDS);
      return line;
    } catch (ExecutionException e) {
      line.leave();
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new SlackUnreachable(
          "its connection does not open (" + cause.getClass().getSimpleName() + ")");
    } catch (TimeoutException e) {
      line.leave();
      throw new SlackUnreachable("it says no hello");
    }
  }

  /** Waits until the connection ends, or Slack announces that it will; why. */
  String awaitEnd() throws InterruptedException {
    while (true) {
      try {
        return ended.get(ALIVE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (System.nanoTime() - heardNanos > SILENT_NANOS) {
          return "nothing was heard for 45 s";
        }
        send(to -> to.sendPing(ByteBuffer.allocate(0)));
      } catch (ExecutionException e) {
        throw new IllegalStateException("an end never fails", e);
      }
    }
  }

  /** Closes it as soon as the presses that it brought are acknowledged, or cannot be in time. */
  void leaveWhenAnswered() {
    var _ =
        Thread.ofVirtual()
            .name("belay-slack-leaving")
            .start(
                () -> {
                  try {
                    var _ = room.tryAcquire(AT_ONCE, ANSWERED.toMillis(), TimeUnit.MILLISECONDS);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  whenSent(this::leave);
                });
  }

  private synchronized void whenSent(Runnable then) {
    var _ = sending.whenComplete((_, _) -> then.run());
  }

  /** Closes it. */
  synchronized void leave() {
    left = true;
    if (socket != null) {
      socket.abort();
    }
  }

  private synchronized void send(Function<WebSocket, CompletableFuture<WebSocket>> message) {
    WebSocket to = socket;
    if (to == null) {
      return;
    }
    // One at a time, as the client asks; what cannot be sent ends the connection elsewhere.
    sending =
        sending
            .exceptionally(_ -> null)
            .thenCompose(_ -> message.apply(to).<@Nullable WebSocket>thenApply(sent -> sent));
  }

  @Override
  public synchronized void onOpen(WebSocket opened) {
    socket = opened;
    if (left) {
      opened.abort();
    } else {
      opened.request(1);
    }
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    heardNanos = System.nanoTime();
    if (text.length() + data.length() > Payload.LARGEST) {
      ended.complete("it sent a message that is too large");
      from.abort();
      return CompletableFuture.completedFuture(null);
    }
    text.append(data);
    if (last) {
      String whole = text.toString();
      text.setLength(0);
      Payload.json(whole).ifPresent(this::frame);
    }
    from.request(1);
    return CompletableFuture.completedFuture(null);
  }

  private void frame(JsonNode frame) {
    String type = frame.path("type").asString("");
    String envelope = frame.path("envelope_id").asString("");
    if (type.equals("hello")) {
      hello.complete(null);
    } else if (type.equals("disconnect")) {
      ended.complete(frame.path("reason").asString("no reason"));
    } else if (!type.equals("interactive")) {
      acknowledge(envelope);
    } else if (room.tryAcquire()) {
      var _ =
          interactive
              .apply(frame.path("payload"))
              .whenComplete(
                  (_, failure) -> {
                    if (failure == null) {
                      acknowledge(envelope);
                    }
                    room.release();
                  });
    }
  }

  private void acknowledge(String envelope) {
    if (!envelope.isEmpty()) {
      String body = JSON.writeValueAsString(Map.of("envelope_id", envelope));
      send(to -> to.sendText(body, true));
    }
  }

  @Override
  public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
    heardNanos = System.nanoTime();
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
    heardNanos = System.nanoTime();
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    ended("it was closed with status " + status);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    ended("it broke (" + error.getClass().getSimpleName() + ")");
  }

  private void ended(String why) {
    ended.complete(why);
    hello.completeExceptionally(new SlackUnreachable(why));
  }
}
