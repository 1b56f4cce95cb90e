package dev.belay.notify;

import dev.belay.port.NotifierFailed;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Posts JSON to one receiver, follows no redirect, and says what the answer means for the sender.
 * An error of the receiver's, or none at all, passes; what it refuses as it stands is unfit, and
 * whatever else it refuses needs somebody to change something.
 */
final class JsonPost implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration WITHIN = Duration.ofSeconds(15);
  private static final int SAID = 300;

  /** Of the answer, in bytes; who says more says nothing that is looked at. */
  private static final long ANSWER = 64 * 1024;

  private final String receiver;
  private final String remedy;
  private final Duration within;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /**
   * To this receiver.
   *
   * @param receiver for people: {@code PagerDuty}
   * @param remedy what to check where it refuses
   */
  JsonPost(String receiver, String remedy) {
    this(receiver, remedy, WITHIN);
  }

  JsonPost(String receiver, String remedy, Duration within) {
    this.receiver = receiver;
    this.remedy = remedy;
    this.within = within;
  }

  /**
   * Posts.
   *
   * @throws NotifierFailed where it did not arrive
   */
  void send(URI to, Map<String, String> headers, String json) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(to)
            .timeout(within)
            .header("Content-Type", "application/json")
            .header("User-Agent", "belay")
            .POST(HttpRequest.BodyPublishers.ofString(json, StandardCharsets.UTF_8));
    headers.forEach(request::header);
    HttpResponse<String> answer = answer(request.build());
    if (answer.statusCode() / 100 != 2) {
      throw refused(answer);
    }
  }

  /** The request's own timeout ends with the headers of the answer; this one with its body. */
  private HttpResponse<String> answer(HttpRequest request) {
    CompletableFuture<HttpResponse<String>> answer =
        http.sendAsync(
            request,
            HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), ANSWER));
    try {
      return answer.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw unanswered(cause);
    } catch (TimeoutException e) {
      throw unanswered(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotifierFailed(receiver + " was not waited for", false, Optional.empty());
    } finally {
      answer.cancel(true);
    }
  }

  private NotifierFailed unanswered(Throwable why) {
    return new NotifierFailed(
        receiver + " does not answer (" + why.getClass().getSimpleName() + ")",
        false,
        Optional.empty());
  }

  private NotifierFailed refused(HttpResponse<String> answer) {
    int status = answer.statusCode();
    String said = receiver + " answered with HTTP status " + status;
    if (status == 408 || status == 429 || status >= 500) {
      return new NotifierFailed(said, false, SlackRefusal.retryAfter(answer.headers().map()));
    }
    String why = ForeignText.cut(ForeignText.oneLine(answer.body()).strip(), SAID);
    boolean ours = status == 400 || status == 413 || status == 422;
    return ours && !why.contains("routing key")
        ? NotifierFailed.unfit(said + ": " + why)
        : new NotifierFailed(said + ": " + remedy, true, Optional.empty());
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
