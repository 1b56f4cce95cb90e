package dev.belay.core.rule;

import java.util.Optional;

/**
 * How one signal of a service is measured.
 *
 * @param query PromQL of people's own; empty: the one that the profile has for the signal
 * @param noData what it means that there is no data
 * @param many what counts where the query gives several series for the service
 * @param minimumTraffic below so many requests a second the signal is unknown; empty: as the daemon
 *     has it for the profile's queries, and not asked for with one of people's own
 */
public record Measure(
    Optional<String> query, NoData noData, Many many, Optional<Double> minimumTraffic) {
  /** Where a rule file says nothing. */
  public static final Measure DEFAULT =
      new Measure(Optional.empty(), NoData.HOLD, Many.ERROR, Optional.empty());

  /** What no data, or NaN, means. An answer that cannot be had is always unknown. */
  public enum NoData {
    /** Unknown. */
    HOLD,
    /** A good reading. */
    PASS,
    /** A bad reading. */
    FAIL
  }

  /** What counts of several series. */
  public enum Many {
    /** One that crosses suffices. */
    ANY,
    /** All must cross. */
    ALL,
    /** It is a mistake in the query: unknown. */
    ERROR
  }
}
