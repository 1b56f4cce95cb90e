package dev.belay.core.rule;

import java.time.Duration;
import java.util.SortedMap;

/**
 * An alerting rule of a Prometheus rule file. Prometheus evaluates it; Belay reads when its trouble
 * began from {@code hold}.
 *
 * @param group the name of its group
 * @param alert the alert's name
 * @param expr PromQL, not evaluated here
 * @param hold Prometheus's {@code for}
 * @param keepFiringFor Prometheus's {@code keep_firing_for}
 * @param labels labels that it adds
 * @param annotations texts that it adds, templates unexpanded
 */
public record AlertRule(
    String group,
    String alert,
    String expr,
    Duration hold,
    Duration keepFiringFor,
    SortedMap<String, String> labels,
    SortedMap<String, String> annotations) {}
