package dev.belay.sandbox;

import java.time.Instant;

/**
 * A running pod.
 *
 * @param readyAt {@link Instant#MAX} where it never will be
 */
record Pod(String name, String image, Instant readyAt) {
  boolean ready(Instant now) {
    return !readyAt.isAfter(now);
  }
}
