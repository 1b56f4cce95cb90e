package dev.belay.core.rule;

import java.time.Duration;
import java.util.Optional;

/**
 * How a service is asked whether it is well.
 *
 * @param url an address to ask, {@code http} or {@code https}, checked
 * @param every how often, 100 ms to 10 minutes
 * @param timeout how long an answer may take; what takes longer has failed
 * @param window what of the past the signals are made of, at least five times {@code every}
 * @param expect the one status that means well; empty: any from 200 to 299
 */
public record Probe(
    String url, Duration every, Duration timeout, Duration window, Optional<Integer> expect) {
  /** Whether an answer with this status says that the service is well. */
  public boolean expects(int status) {
    return expect.map(wanted -> wanted == status).orElse(status >= 200 && status < 300);
  }
}
