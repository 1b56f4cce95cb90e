package dev.belay.notify;

import dev.belay.port.NotifierFailed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What Slack's answers mean for the sender: whether to try again, when, or what to mend. */
final class SlackRefusal {
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);
  private static final Pattern ERROR = Pattern.compile("[a-z0-9_]{1,64}");
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");

  private static final String NEW_TOKEN =
      "install the app anew and give Belay its bot token, which begins with xoxb-";
  private static final String DEFECT = "this is a defect of Belay, please report it";
  private static final String GONE = "the message or its thread is gone or closed";
  private static final String POLICY =
      "ask the workspace's administrators to let the app post in the channel";

  /**
   * Errors that trying again does not mend, each with its remedy. All others are tried again: a
   * useless attempt costs little, a page that is dropped costs much.
   */
  private static final Map<String, String> REMEDIES =
      Map.ofEntries(
          Map.entry("channel_not_found", "check the channel's id, and invite the app to it"),
          Map.entry("not_in_channel", "invite the app to the channel, or add chat:write.public"),
          Map.entry("is_archived", "unarchive the channel or choose another"),
          Map.entry("invalid_auth", NEW_TOKEN),
          Map.entry("not_authed", NEW_TOKEN),
          Map.entry("account_inactive", NEW_TOKEN),
          Map.entry("token_revoked", NEW_TOKEN),
          Map.entry("token_expired", NEW_TOKEN),
          Map.entry("not_allowed_token_type", NEW_TOKEN),
          Map.entry("missing_scope", "add the scope chat:write to the app and install it anew"),
          Map.entry("no_permission", POLICY),
          Map.entry("access_denied", POLICY),
          Map.entry("restricted_action", POLICY),
          Map.entry("restricted_action_read_only_channel", POLICY),
          Map.entry("restricted_action_non_threadable_channel", POLICY),
          Map.entry("restricted_action_thread_only_channel", POLICY),
          Map.entry("team_access_not_granted", POLICY),
          Map.entry("ekm_access_denied", POLICY),
          Map.entry("no_text", DEFECT),
          Map.entry("invalid_blocks", DEFECT),
          Map.entry("invalid_blocks_format", DEFECT),
          Map.entry("invalid_arguments", DEFECT),
          Map.entry("msg_too_long", DEFECT),
          Map.entry("msg_blocks_too_long", DEFECT),
          Map.entry("message_not_found", GONE),
          Map.entry("thread_not_found", GONE),
          Map.entry("cant_update_message", GONE),
          Map.entry("edit_window_closed", GONE),
          Map.entry("cannot_reply_to_message", GONE),
          Map.entry("restricted_action_thread_locked", GONE));

  private SlackRefusal() {}

  /** For an answer {@code ok: false}. */
  static NotifierFailed error(String method, String error, Optional<Duration> retryAfter) {
    String name = ERROR.matcher(error).matches() ? error : "an unknown error";
    String remedy = REMEDIES.get(name);
    if (remedy == null) {
      return new NotifierFailed("Slack answered " + method + " with " + name, false, retryAfter);
    }
    String refused = "Slack refused " + method + " with " + name + ": " + remedy;
    return remedy.equals(DEFECT)
        ? NotifierFailed.unfit(refused)
        : new NotifierFailed(refused, true, Optional.empty());
  }

  /** For an HTTP status other than 2xx. */
  static NotifierFailed status(String method, int status, Optional<Duration> retryAfter) {
    boolean passing = status == 408 || status == 429 || status >= 500;
    return passing
        ? new NotifierFailed(
            "Slack answered " + method + " with HTTP status " + status, false, retryAfter)
        : new NotifierFailed(
            "Slack answered "
                + method
                + " with HTTP status "
                + status
                + ": check that the endpoint and any proxy before it are Slack's Web API",
            true,
            Optional.empty());
  }

  /** For no answer, or one that makes no sense: the message may have arrived or not. */
  static NotifierFailed doubt(String method, String what) {
    return new NotifierFailed("Slack's answer to " + method + " " + what, false, Optional.empty());
  }

  /** The header {@code Retry-After} in whole seconds, at most an hour. */
  static Optional<Duration> retryAfter(Map<String, List<String>> headers) {
    return headers.entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase("Retry-After"))
        .flatMap(header -> header.getValue().stream())
        .map(String::strip)
        .filter(value -> SECONDS.matcher(value).matches())
        .map(value -> Duration.ofSeconds(Long.parseLong(value)))
        .map(wait -> wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait)
        .findFirst();
  }
}
