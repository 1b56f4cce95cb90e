package dev.belay.core.rule;

import java.util.List;
import java.util.Optional;

/**
 * One of the runbook's environments.
 *
 * @param name {@code production}, say
 * @param cluster the cluster's name
 * @param namespace the namespace that makes a workload belong to it
 * @param mode the furthest that rules may go there, where it is written; else see {@link #cap}
 */
public record Environment(String name, String cluster, String namespace, Optional<Mode> mode) {
  /**
   * The furthest that rules may go here. Unless a mode is written, the runbook's column "Approval
   * Required" decides: development and staging may act, anything else asks people first.
   */
  public Mode cap() {
    return mode.orElse(name.equals("development") || name.equals("staging") ? Mode.ACT : Mode.VETO);
  }

  /** The furthest that anything may go that touches the namespace, by all environments. */
  public static Mode capIn(List<Environment> all, String namespace) {
    return all.stream()
        .filter(environment -> environment.namespace().equals(namespace))
        .map(Environment::cap)
        .reduce(Mode.ACT, Mode::atMost);
  }
}
