package dev.belay.core.engine;

import java.time.Instant;
import java.util.Optional;

/**
 * How an input stands that is listened to.
 *
 * @param input which
 * @param heardAt the last sign of life, as far as it was written down; or when one was first waited
 *     for, where there was none yet
 * @param until when it counts as silent unless it is heard of before
 * @param trouble what was last said to be amiss with it, since then; a sentence
 * @param silentSince since when it is silent; empty where it is not, or not long enough
 */
public record InputState(
    Input input,
    Instant heardAt,
    Instant until,
    Optional<String> trouble,
    Optional<Instant> silentSince) {
  /** Whether it is silent. */
  public boolean silent() {
    return silentSince.isPresent();
  }

  /** What is silent since when, for people; only where it is. */
  public String silence() {
    return input.subject() + " since " + silentSince.orElseThrow();
  }

  InputState moved(Optional<Instant> nowSilentSince) {
    return new InputState(input, heardAt, until, trouble, nowSilentSince);
  }
}
