package dev.belay.intake.slack;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Says a word to whoever pressed, and only to them. It goes to Slack and nowhere else: the address
 * came in with the press. A word that does not arrive is lost; what was decided is journalled.
 */
final class SlackReplies {
  private static final Logger LOG = LoggerFactory.getLogger(SlackReplies.class);
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Set<String> HOSTS = Set.of("hooks.slack.com", "hooks.slack-gov.com");
  private static final Duration WITHIN = Duration.ofSeconds(5);
  private static final int AT_ONCE = 16;

  private final HttpClient http;
  private final URI api;
  private final Semaphore room = new Semaphore(AT_ONCE);

  /**
   * Replies by this client.
   *
   * @param api where Slack's API is; an address of the same server is Slack's too
   */
  SlackReplies(HttpClient http, URI api) {
    this.http = http;
    this.api = api;
  }

  void say(String responseUrl, String sentence) {
    URI to;
    try {
      to = URI.create(responseUrl);
    } catch (IllegalArgumentException e) {
      return;
    }
    if (!slacks(to) || !room.tryAcquire()) {
      LOG.debug("a word for who pressed a button is dropped");
      return;
    }
    String body =
        JSON.writeValueAsString(
            Map.of(
                "response_type",
                "ephemeral",
                "replace_original",
                false,
                "text",
                escaped(sentence)));
    HttpRequest request =
        HttpRequest.newBuilder(to)
            .timeout(WITHIN)
            .header("Content-Type", "application/json; charset=utf-8")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    CompletableFuture<HttpResponse<Void>> answer =
        http.sendAsync(request, HttpResponse.BodyHandlers.discarding());
    var _ =
        answer.whenComplete(
            (_, failure) -> {
              room.release();
              if (failure != null) {
                LOG.debug("a word for who pressed a button did not arrive");
              }
            });
    // The request's own timeout ends with the headers of the answer.
    CompletableFuture.delayedExecutor(WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .execute(() -> answer.cancel(true));
  }

  /** Whether the address is Slack's. */
  boolean slacks(URI to) {
    if (to.getHost() == null || to.getScheme() == null || to.getUserInfo() != null) {
      return false;
    }
    boolean known =
        to.getScheme().equals("https")
            && HOSTS.contains(to.getHost().toLowerCase(Locale.ROOT))
            && (to.getPort() == -1 || to.getPort() == 443);
    boolean same =
        to.getScheme().equals(api.getScheme())
            && to.getHost().equalsIgnoreCase(api.getHost())
            && to.getPort() == api.getPort();
    return known || same;
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
