package dev.belay.core.rule;

import dev.belay.core.release.Workload;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Which service a workload that was found is, by the rules in force. Safe for many threads. */
public final class Fleets {
  private final List<Service> written;
  private final Map<String, Fleet> byName = new HashMap<>();
  private final Set<Workload> named = new HashSet<>();

  /** By these rules. */
  public Fleets(RuleSet rules) {
    written = rules.services();
    rules.fleets().forEach(fleet -> byName.put(fleet.name(), fleet));
    written.forEach(service -> service.workload().ifPresent(named::add));
  }

  /** The fleet of that name. */
  public Optional<Fleet> byName(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Whether the fleet may have the workload; what a service's own file names is in no fleet. */
  public boolean admits(String fleet, Workload workload) {
    return !named.contains(workload)
        && byName(fleet).filter(it -> it.selector().covers(workload)).isPresent();
  }

  /** The names of the fleets that may have the workload, in order. */
  public List<String> admitting(Workload workload) {
    return byName.keySet().stream().filter(fleet -> admits(fleet, workload)).sorted().toList();
  }

  /** The service that it is; empty where no fleet of the rules has it any more. */
  public Optional<Service> serviceOf(Found found) {
    return found.fleets().stream()
        .filter(fleet -> admits(fleet, found.workload()))
        .findFirst()
        .flatMap(this::byName)
        .map(fleet -> fleet.serviceOf(found.workload()));
  }

  /** All services: those that are written, and then those that were found. */
  public List<Service> services(Collection<Found> found) {
    return Stream.concat(written.stream(), found.stream().flatMap(each -> serviceOf(each).stream()))
        .toList();
  }
}
