package dev.belay.core.engine;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
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
 * @param services for which it ails, sorted by name, where it does for some only ({@link
 *     Input#SCRAPES}, {@link Input#PROBES}); else empty
 */
public record InputState(
    Input input,
    Instant heardAt,
    Instant until,
    Optional<String> trouble,
    Optional<Instant> silentSince,
    Optional<List<String>> services) {
  /** Whether it is silent. */
  public boolean silent() {
    return silentSince.isPresent();
  }

  /** Whether it says anything of the service; some inputs are some services' and not others'. */
  boolean concerns(String service) {
    return !input.namesServices()
        || services.filter(some -> Collections.binarySearch(some, service) >= 0).isPresent();
  }

  /**
   * Whether nothing is concluded from it. What ails some services only is certain as soon as it is
   * said; the time before people are told of it is theirs.
   */
  boolean unknown() {
    return silent() || (input.namesServices() && trouble.isPresent());
  }

  /** What is silent since when, for people; only where it is, or where it is unknown. */
  public String silence() {
    return input.subject() + " since " + silentSince.orElse(heardAt);
  }

  InputState moved(Optional<Instant> nowSilentSince) {
    Optional<List<String>> concerned = services.filter(_ -> nowSilentSince.isPresent());
    return new InputState(input, heardAt, until, trouble, nowSilentSince, concerned);
  }
}
