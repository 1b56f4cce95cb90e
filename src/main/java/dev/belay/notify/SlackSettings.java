package dev.belay.notify;

import dev.belay.core.incident.Answer;
import java.net.URI;
import java.time.Duration;
import java.util.Set;

/**
 * How to reach one Slack channel.
 *
 * @param endpoint the Web API's address, to which method names are added; {@code https}, or plain
 *     {@code http} on the loopback interface
 * @param token the app's bot token, with scope {@code chat:write}
 * @param channel the channel's id, or its name with {@code #}
 * @param pageMention whom a page calls, in Slack's own markup: {@code <!here>}, {@code
 *     <!subteam^S0123>}, {@code <@U0123>}; empty for nobody; at most 200 characters
 * @param buttons what people can answer by a button, which somebody must listen to; empty: nothing
 * @param connectTimeout how long connecting may take, from 1 ms to 5 minutes
 * @param callTimeout how long one whole call may take, from 1 ms to 5 minutes
 */
public record SlackSettings(
    URI endpoint,
    SlackToken token,
    String channel,
    String pageMention,
    Set<Answer> buttons,
    Duration connectTimeout,
    Duration callTimeout) {
  /** Slack's own Web API. */
  public static final URI SLACK = URI.create("https://slack.com/api/");

  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final int LONGEST_MENTION = 200;

  /**
   * Checks.
   *
   * @throws IllegalArgumentException which names the setting and what it should be
   */
  public SlackSettings {
    requireSafe(endpoint);
    if (!endpoint.getPath().endsWith("/")) {
      endpoint = URI.create(endpoint + "/");
    }
    if (channel.isBlank()) {
      throw new IllegalArgumentException(
          "the Slack channel is empty: give its id, such as C0123456789");
    }
    if (pageMention.length() > LONGEST_MENTION) {
      throw new IllegalArgumentException(
          "the Slack page mention is longer than "
              + LONGEST_MENTION
              + " characters: mention a user group, <!subteam^ID>");
    }
    buttons = Set.copyOf(buttons);
    requireBounded("connect timeout", connectTimeout);
    requireBounded("call timeout", callTimeout);
  }

  /**
   * Checks that a token may be sent to this address.
   *
   * @throws IllegalArgumentException which says what the address should be
   */
  public static void requireSafe(URI endpoint) {
    if (!Endpoint.keepsSecrets(endpoint)) {
      throw new IllegalArgumentException(
          "the Slack endpoint must begin with https://, because the token travels along");
    }
    if (endpoint.getHost() == null
        || endpoint.getQuery() != null
        || endpoint.getFragment() != null
        || endpoint.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "the Slack endpoint must be an address like " + SLACK + ", without user, ? or #");
    }
  }

  /** Slack itself, pages calling {@code <!here>}, 5 s to connect, 15 s for a call. */
  public static SlackSettings of(SlackToken token, String channel) {
    return new SlackSettings(
        SLACK, token, channel, "<!here>", Set.of(), Duration.ofSeconds(5), Duration.ofSeconds(15));
  }

  /** The same with another endpoint. */
  public SlackSettings withEndpoint(URI other) {
    return new SlackSettings(
        other, token, channel, pageMention, buttons, connectTimeout, callTimeout);
  }

  /** The same with buttons. */
  public SlackSettings withButtons(Set<Answer> others) {
    return new SlackSettings(
        endpoint, token, channel, pageMention, others, connectTimeout, callTimeout);
  }

  /** The same with another bound for a whole call. */
  public SlackSettings withCallTimeout(Duration other) {
    return new SlackSettings(endpoint, token, channel, pageMention, buttons, connectTimeout, other);
  }

  boolean onLoopback() {
    return Endpoint.local(endpoint);
  }

  private static void requireBounded(String name, Duration timeout) {
    if (timeout.toMillis() < 1 || timeout.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "the Slack " + name + " must lie between 1 ms and 5 minutes");
    }
  }
}
