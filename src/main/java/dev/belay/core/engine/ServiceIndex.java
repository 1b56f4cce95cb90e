package dev.belay.core.engine;

import dev.belay.core.alert.Labels;
import dev.belay.core.alert.Matcher;
import dev.belay.core.release.Workload;
import dev.belay.core.rule.Environment;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The rules, arranged so that the cost of an event does not grow with the number of services: each
 * service stands under one label value that an alert must have to mean it; only services without
 * such a label are tried one by one. Those that are found come and go.
 */
final class ServiceIndex {
  /** Read by many threads. */
  private final Map<String, Service> byName = Collections.synchronizedMap(new HashMap<>());

  /** Read by many threads. */
  private final Map<Workload, Service> byWorkload = Collections.synchronizedMap(new HashMap<>());

  private final Map<String, Map<String, SequencedMap<String, Service>>> byLabel = new HashMap<>();
  private final SequencedMap<String, Service> others = new LinkedHashMap<>();

  /** Under which label each service stands; those that stand under none are not there. */
  private final Map<String, Matcher> places = new HashMap<>();

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
    rules.services().forEach(this::add);
  }

  /** Adds a service of a name that is not there. */
  void add(Service service) {
    byName.put(service.name(), service);
    service.workload().ifPresent(workload -> byWorkload.put(workload, service));
    place(service);
  }

  /** Takes the service of that name out, if it is there. */
  void remove(String name) {
    Service gone = byName.remove(name);
    if (gone == null) {
      return;
    }
    gone.workload().ifPresent(byWorkload::remove);
    Matcher place = places.remove(name);
    if (place == null) {
      others.remove(name);
      return;
    }
    Map<String, SequencedMap<String, Service>> byValue =
        byLabel.getOrDefault(place.name(), Map.of());
    SequencedMap<String, Service> alike = byValue.get(place.value());
    if (alike != null) {
      alike.remove(name);
      if (alike.isEmpty()) {
        byValue.remove(place.value());
      }
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

  /** Under the label that tells it best from the others: of a fleet's, many have one in common. */
  private void place(Service service) {
    Optional<Matcher> key =
        service.match().stream()
            .filter(matcher -> matcher.operator() == Matcher.Operator.EQUAL)
            .filter(matcher -> !matcher.value().isEmpty())
            .min(Comparator.comparingInt(this::crowd));
    if (key.isPresent()) {
      places.put(service.name(), key.get());
      byLabel
          .computeIfAbsent(key.get().name(), _ -> new HashMap<>())
          .computeIfAbsent(key.get().value(), _ -> new LinkedHashMap<>())
          .put(service.name(), service);
    } else {
      others.put(service.name(), service);
    }
  }

  private int crowd(Matcher matcher) {
    Map<String, Service> alike =
        byLabel.getOrDefault(matcher.name(), Map.of()).get(matcher.value());
    return alike == null ? 0 : alike.size();
  }

  /** The service that the workload runs. */
  Optional<Service> byWorkload(Workload workload) {
    return Optional.ofNullable(byWorkload.get(workload));
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
                .ifPresent(candidates -> addMatching(found, candidates.values(), labels)));
    addMatching(found, others.values(), labels);
    found.sort(null);
    return found;
  }

  private static void addMatching(
      List<String> found, Collection<Service> candidates, Labels labels) {
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
    return Environment.capIn(environments, namespace);
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
