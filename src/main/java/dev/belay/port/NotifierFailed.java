package dev.belay.port;

import java.time.Duration;
import java.util.Optional;

/** A notice did not arrive. */
public final class NotifierFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean permanent;
  private final long retryAfterSeconds;

  /**
   * With a sentence for people that holds no secrets.
   *
   * @param permanent whether trying again is useless until somebody changes something
   * @param retryAfter how long the channel asks to be left alone
   */
  public NotifierFailed(String message, boolean permanent, Optional<Duration> retryAfter) {
    super(message);
    this.permanent = permanent;
    this.retryAfterSeconds = retryAfter.map(Duration::toSeconds).orElse(0L);
  }

  /** Whether trying again is useless until somebody changes something. */
  public boolean permanent() {
    return permanent;
  }

  /** How long the channel asks to be left alone; zero where it did not say. */
  public Duration retryAfter() {
    return Duration.ofSeconds(retryAfterSeconds);
  }
}
