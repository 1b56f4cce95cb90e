package dev.belay.intake.slack;

import java.time.Duration;

/** The connection over which presses come in does not open. */
final class SlackUnreachable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean refused;
  private final long retryAfterSeconds;

  /** With a sentence's end for people that holds no secrets: why. */
  SlackUnreachable(String why) {
    this(why, false, 0);
  }

  private SlackUnreachable(String why, boolean refused, long retryAfterSeconds) {
    super(why, null, false, false);
    this.refused = refused;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Trying again soon is useless. */
  static SlackUnreachable refused(String why) {
    return new SlackUnreachable(why, true, 0);
  }

  /** Slack asks to be left alone. */
  static SlackUnreachable busy(String why, long retryAfterSeconds) {
    return new SlackUnreachable(why, false, retryAfterSeconds);
  }

  String why() {
    return String.valueOf(getMessage());
  }

  boolean refused() {
    return refused;
  }

  Duration retryAfter() {
    return Duration.ofSeconds(retryAfterSeconds);
  }
}
