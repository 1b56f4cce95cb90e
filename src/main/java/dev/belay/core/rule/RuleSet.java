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
}
