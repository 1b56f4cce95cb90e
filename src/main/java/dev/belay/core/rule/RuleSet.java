package dev.belay.core.rule;

import java.util.List;

/**
 * Everything that people wrote, checked.
 *
 * @param environments by the first dialect
 * @param alertRules by the second
 * @param services by the third and fourth, in order of their names
 */
public record RuleSet(
    List<Environment> environments, List<AlertRule> alertRules, List<Service> services) {
  /** No rules at all: Belay observes. */
  public static final RuleSet EMPTY = new RuleSet(List.of(), List.of(), List.of());

  /**
   * These rules with those triggers only that anything measures. One that nothing does would never
   * fire, and no revision would ever prove good before it.
   *
   * @param otherwise whether anything measures besides the services' own probes
   */
  public RuleSet measured(boolean otherwise) {
    return new RuleSet(
        environments,
        alertRules,
        services.stream()
            .map(
                service ->
                    service.withTriggers(
                        trigger ->
                            otherwise || service.measuring().probes(trigger.signal(), false)))
            .toList());
  }
}
