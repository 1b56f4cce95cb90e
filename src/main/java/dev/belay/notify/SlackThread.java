package dev.belay.notify;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a conversation stands: its first message.
 *
 * @param channel the channel's id, which updates need even where settings hold a name
 * @param ts the first message's timestamp, Slack's id of it; a string, for as a number it would
 *     lose digits
 */
record SlackThread(String channel, String ts) {
  private static final Pattern VALUE =
      Pattern.compile("([A-Z0-9]{1,32})/([0-9]{1,20}\\.[0-9]{1,12})");

  /** Reads {@link #value}; empty where it is something else, so that one begins anew. */
  static Optional<SlackThread> parse(String value) {
    Matcher matcher = VALUE.matcher(value);
    return matcher.matches()
        ? Optional.of(new SlackThread(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }

  String value() {
    return channel + "/" + ts;
  }
}
