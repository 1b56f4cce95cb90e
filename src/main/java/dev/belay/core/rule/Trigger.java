package dev.belay.core.rule;

import java.time.Duration;
import java.util.Optional;

/**
 * A signal, a threshold, and for how long it must be crossed: the runbook's {@code error_rate: ">
 * 5% for 2 minutes"}.
 *
 * @param signal what is measured
 * @param quantile which quantile of it, 0 to 1, for {@link Signal#RESPONSE_TIME} only
 * @param above true where a value above the threshold is bad, false where one below is
 * @param threshold in the signal's unit: a share from 0 to 1, or seconds
 * @param hold for how long without a break; zero fires at once
 * @param text as people wrote it
 */
public record Trigger(
    Signal signal,
    Optional<Double> quantile,
    boolean above,
    double threshold,
    Duration hold,
    String text) {

  /** Whether the value crosses the threshold. */
  public boolean crossedBy(double value) {
    return above ? value > threshold : value < threshold;
  }

  /** A value that is as good as can be. */
  public double best() {
    return above ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
  }

  /** A value that is as bad as can be. */
  public double worst() {
    return -best();
  }

  /** The name people know it by, as in {@code error_rate > 5% for 2 minutes}. */
  public String name() {
    return signal.key() + " " + text;
  }
}
