package dev.belay.port;

import java.time.Duration;
import java.util.Optional;

/** A notice did not arrive. */
public final class NotifierFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean permanent;
  private final boolean unfit;
  private final long retryAfterSeconds;

  /**
   * With a sentence for people that holds no secrets.
   *
   * @param permanent whether trying again is useless until somebody changes something
   * @param retryAfter how long the channel asks to be left alone
   */
  public NotifierFailed(String message, boolean permanent, Optional<Duration> retryAfter) {
    this(message, permanent, false, retryAfter);
  }

  private NotifierFailed(
      String message, boolean permanent, boolean unfit, Optional<Duration> retryAfter) {
    super(message);
    this.permanent = permanent;
    this.unfit = unfit;
    this.retryAfterSeconds = retryAfter.map(Duration::toSeconds).orElse(0L);
  }

  /** The channel takes others, but not this notice. */
  public static NotifierFailed unfit(String message) {
    return new NotifierFailed(message, true, true, Optional.empty());
  }

  /** Whether it is for this notice alone, and others may arrive. */
  public boolean unfit() {
    return unfit;
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
