package dev.belay.sandbox;

import java.time.Instant;

/**
 * A running pod.
 *
 * @param readyAt {@link Instant#MAX} where it never will be
 * @param waiting why it is not ready, as kubectl shows it
 */
record Pod(String name, String image, Instant readyAt, String waiting) {
  boolean ready(Instant now) {
    return !readyAt.isAfter(now);
  }
}
