package dev.belay.core.rule;

import java.util.List;
import java.util.stream.Stream;

/**
 * Everything that people wrote, checked.
 *
 * @param environments by the first dialect
 * @param alertRules by the second
 * @param services by the third and fourth, in order of their names
 * @param fleets services that are found, in order of their names
 */
public record RuleSet(
    List<Environment> environments,
    List<AlertRule> alertRules,
    List<Service> services,
    List<Fleet> fleets) {
  /** No rules at all; see {@link #orObserving}. */
  public static final RuleSet EMPTY = new RuleSet(List.of(), List.of(), List.of());

  /** Rules without fleets. */
  public RuleSet(
      List<Environment> environments, List<AlertRule> alertRules, List<Service> services) {
    this(environments, alertRules, services, List.of());
  }

  /** These rules, or where they speak of no service, such as look at everything. */
  public RuleSet orObserving() {
    return services.isEmpty() && fleets.isEmpty()
        ? new RuleSet(environments, alertRules, services, List.of(Fleet.OBSERVED))
        : this;
  }

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
        services.stream().map(service -> measured(service, otherwise)).toList(),
        fleets.stream().map(fleet -> fleet.with(measured(fleet.pattern(), otherwise))).toList());
  }

  /**
   * Whether any service, now or once a fleet finds one, has a trigger that its own probe measures.
   *
   * @param otherwise whether anything measures besides the probes
   */
  public boolean probed(boolean otherwise) {
    return Stream.concat(services.stream(), fleets.stream().map(Fleet::pattern))
        .anyMatch(
            service ->
                service.triggers().stream()
                    .anyMatch(trigger -> service.measuring().probes(trigger.signal(), otherwise)));
  }

  private static Service measured(Service service, boolean otherwise) {
    return service.withTriggers(
        trigger -> otherwise || service.measuring().probes(trigger.signal(), false));
  }
}
