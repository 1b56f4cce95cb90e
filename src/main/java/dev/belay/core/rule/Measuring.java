package dev.belay.core.rule;

import java.util.Map;
import java.util.Optional;

/**
 * How a service's signals are measured.
 *
 * @param profile by whose names its metrics go; empty: as the daemon has it
 * @param measures those signals of which people say more
 * @param probe how it is asked whether it is well, where it is
 */
public record Measuring(
    Optional<Profile> profile, Map<Signal, Measure> measures, Optional<Probe> probe) {
  /** Where a rule file says nothing. */
  public static final Measuring DEFAULT = new Measuring(Optional.empty(), Map.of());

  /** Of a service that is not asked itself. */
  public Measuring(Optional<Profile> profile, Map<Signal, Measure> measures) {
    this(profile, measures, Optional.empty());
  }

  /**
   * Whether the probe measures this signal. How long answers take is better told by the requests of
   * others, where something else measures them.
   *
   * @param otherwise whether something else could
   */
  public boolean probes(Signal signal, boolean otherwise) {
    boolean own = of(signal).query().isPresent();
    return probe.isPresent()
        && switch (signal) {
          case ERROR_RATE -> false;
          case HEALTH_CHECK_FAILURES, AVAILABILITY -> !(own && otherwise);
          case RESPONSE_TIME -> !otherwise;
        };
  }

  /** How this signal is measured. */
  public Measure of(Signal signal) {
    return measures.getOrDefault(signal, Measure.DEFAULT);
  }
}
