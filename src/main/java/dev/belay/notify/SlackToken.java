package dev.belay.notify;

import java.util.Arrays;

/** A Slack bot token. It shows itself to nobody but the Slack client. */
public final class SlackToken {
  private static final int LONGEST = 512;

  private final char[] characters;

  /**
   * Takes a copy.
   *
   * @param characters the token; white space around it, such as a file's last line break, is
   *     dropped
   * @throws IllegalArgumentException where it cannot be a token; the message does not hold it
   */
  public SlackToken(char[] characters) {
    int from = 0;
    int to = characters.length;
    while (from < to && Character.isWhitespace(characters[from])) {
      from++;
    }
    while (to > from && Character.isWhitespace(characters[to - 1])) {
      to--;
    }
    char[] trimmed = Arrays.copyOfRange(characters, from, to);
    if (trimmed.length == 0 || trimmed.length > LONGEST) {
      throw new IllegalArgumentException(
          "the Slack token is empty or longer than "
              + LONGEST
              + " characters: give the app's bot token, which begins with xoxb-");
    }
    for (char c : trimmed) {
      if (c <= ' ' || c > '~') {
        throw new IllegalArgumentException(
            "the Slack token holds a character that no token has: give the app's bot token alone,"
                + " which begins with xoxb-");
      }
    }
    this.characters = trimmed;
  }

  String reveal() {
    return new String(characters);
  }

  @Override
  public String toString() {
    return "SlackToken[hidden]";
  }
}
