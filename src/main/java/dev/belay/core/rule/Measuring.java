package dev.belay.core.rule;

import java.util.Map;
import java.util.Optional;

/**
 * How a service's signals are measured.
 *
 * @param profile by whose names its metrics go; empty: as the daemon has it
 * @param measures those signals of which people say more
 */
public record Measuring(Optional<Profile> profile, Map<Signal, Measure> measures) {
  /** Where a rule file says nothing. */
  public static final Measuring DEFAULT = new Measuring(Optional.empty(), Map.of());

  /** How this signal is measured. */
  public Measure of(Signal signal) {
    return measures.getOrDefault(signal, Measure.DEFAULT);
  }
}
