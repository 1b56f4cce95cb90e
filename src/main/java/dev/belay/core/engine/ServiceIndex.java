package dev.belay.core.engine;

import dev.belay.core.alert.Labels;
import dev.belay.core.alert.Matcher;
import dev.belay.core.rule.Environment;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rules, arranged so that the cost of an event does not grow with the number of services: each
 * service stands under one label value that an alert must have to mean it; only services without
 * such a label are tried one by one.
 */
final class ServiceIndex {
  private final Map<String, Service> byName = new HashMap<>();
  private final Map<String, Map<String, List<Service>>> byLabel = new HashMap<>();
  private final List<Service> others = new ArrayList<>();
  private final Map<String, Duration> holds = new HashMap<>();
  private final List<Environment> environments;

  ServiceIndex(RuleSet rules) {
    environments = rules.environments();
    rules
        .alertRules()
        .forEach(rule -> holds.merge(rule.alert(), rule.hold(), ServiceIndex::longer));
    for (RolloutTrouble trouble : RolloutTrouble.values()) {
      holds.putIfAbsent(trouble.alert(), trouble.hold());
    }
    for (Service service : rules.services()) {
      byName.put(service.name(), service);
      place(service);
    }
  }

  /** The label by which an alert of Belay's own names its service. */
  static final String SERVICE = "belay_service";

  /** Labels that mean this service, and no other. */
  static Map<String, String> named(Service service) {
    return Map.of(SERVICE, service.name());
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private void place(Service service) {
    Optional<Matcher> key =
        service.match().stream()
            .filter(matcher -> matcher.operator() == Matcher.Operator.EQUAL)
            .filter(matcher -> !matcher.value().isEmpty())
            .findFirst();
    if (key.isPresent()) {
      byLabel
          .computeIfAbsent(key.get().name(), _ -> new HashMap<>())
          .computeIfAbsent(key.get().value(), _ -> new ArrayList<>())
          .add(service);
    } else {
      others.add(service);
    }
  }

  Optional<Service> byName(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** The services that an alert speaks of, by name. */
  List<String> servicesOf(Labels labels) {
    List<String> found = new ArrayList<>(1);
    byLabel.forEach(
        (label, byValue) ->
            labels
                .get(label)
                .map(byValue::get)
                .ifPresent(candidates -> addMatching(found, candidates, labels)));
    addMatching(found, others, labels);
    found.sort(null);
    return found;
  }

  private static void addMatching(List<String> found, List<Service> candidates, Labels labels) {
    for (Service service : candidates) {
      if (service.matches(labels)) {
        found.add(service.name());
      }
    }
  }

  /**
   * Prometheus's {@code for} of an alert: how long before it fired its trouble began. Zero where
   * unknown.
   */
  Duration holdOf(String alertName) {
    return holds.getOrDefault(alertName, Duration.ZERO);
  }

  /** The furthest that anything may go that touches the namespace. */
  Mode capIn(String namespace) {
    return environments.stream()
        .filter(environment -> environment.namespace().equals(namespace))
        .map(Environment::cap)
        .reduce(Mode.ACT, Mode::atMost);
  }

  /** The environment in which the service's workload lives. */
  Optional<Environment> environmentOf(Service service) {
    return service
        .workload()
        .flatMap(
            workload ->
                environments.stream()
                    .filter(environment -> environment.namespace().equals(workload.namespace()))
                    .findFirst());
  }
}
