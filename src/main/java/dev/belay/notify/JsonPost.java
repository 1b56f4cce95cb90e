package dev.belay.notify;

import dev.belay.port.NotifierFailed;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Posts JSON to one receiver, follows no redirect, and says what the answer means for the sender.
 * An error of the receiver's, or none at all, passes; what it refuses as it stands is unfit, and
 * whatever else it refuses needs somebody to change something.
 */
final class JsonPost implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration WITHIN = Duration.ofSeconds(15);
  private static final int SAID = 300;

  private final String receiver;
  private final String remedy;
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
    this.receiver = receiver;
    this.remedy = remedy;
  }

  /**
   * Posts.
   *
   * @throws NotifierFailed where it did not arrive
   */
  void send(URI to, Map<String, String> headers, String json) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(to)
            .timeout(WITHIN)
            .header("Content-Type", "application/json")
            .header("User-Agent", "belay")
            .POST(HttpRequest.BodyPublishers.ofString(json, StandardCharsets.UTF_8));
    headers.forEach(request::header);
    HttpResponse<String> answer;
    try {
      answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new NotifierFailed(
          receiver + " does not answer (" + e.getClass().getSimpleName() + ")",
          false,
          Optional.empty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotifierFailed(receiver + " was not waited for", false, Optional.empty());
    }
    if (answer.statusCode() / 100 != 2) {
      throw refused(answer);
    }
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
