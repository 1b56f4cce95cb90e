package dev.belay.console;

import dev.belay.core.engine.State;
import dev.belay.core.release.Workload;
import dev.belay.core.rule.Fleets;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** What the rules in force know of services, arranged once. */
record Known(Fleets fleets, SortedSet<String> names, Map<String, Service> written) {
  static Known of(RuleSet rules) {
    Map<String, Service> written = new HashMap<>();
    rules.services().forEach(service -> written.put(service.name(), service));
    return new Known(
        new Fleets(rules),
        Collections.unmodifiableSortedSet(new TreeSet<>(written.keySet())),
        written);
  }

  /** The service of that name, be it written or found. */
  Optional<Service> service(String name, State state) {
    return Optional.ofNullable(written.get(name))
        .or(() -> Optional.ofNullable(state.found().get(name)).flatMap(fleets::serviceOf));
  }

  Optional<String> workload(String name, State state) {
    return service(name, state).flatMap(Service::workload).map(Workload::toString);
  }
}
