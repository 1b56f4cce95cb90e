package dev.belay.core.rule;

import java.time.Duration;
import java.util.SortedMap;

/**
 * An alerting rule of a Prometheus rule file. Prometheus evaluates it, or Belay does by queries to
 * Prometheus; Belay reads when its trouble began from {@code hold}.
 *
 * @param group its group
 * @param alert the alert's name
 * @param expr PromQL
 * @param hold Prometheus's {@code for}
 * @param keepFiringFor Prometheus's {@code keep_firing_for}
 * @param labels labels that it adds, templates unexpanded
 * @param annotations texts that it adds, templates unexpanded
 */
public record AlertRule(
    AlertGroup group,
    String alert,
    String expr,
    Duration hold,
    Duration keepFiringFor,
    SortedMap<String, String> labels,
    SortedMap<String, String> annotations) {
  /**
   * What tells it from other rules, and makes it the same rule after its expression or its times
   * were changed, as with Prometheus.
   */
  public String id() {
    return group.file() + ";" + group.name() + ";" + alert + (labels.isEmpty() ? "" : labels);
  }
}
