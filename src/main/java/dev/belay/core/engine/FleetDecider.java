package dev.belay.core.engine;

import dev.belay.core.release.Workload;
import dev.belay.core.rule.Fleet;
import dev.belay.core.rule.Fleets;
import dev.belay.core.rule.Found;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes services of the workloads that fleets find, and forgets those that they find no more. What
 * was not looked for is not lost, and what something is wrong with or under way on stays until that
 * is over.
 */
final class FleetDecider {
  private final Fleets fleets;
  private final ServiceIndex index;
  private final AlertDecider alerts;

  /** Whose services the index has besides those that are written. */
  private @Nullable State indexed;

  FleetDecider(RuleSet rules, ServiceIndex index, AlertDecider alerts) {
    this.fleets = new Fleets(rules);
    this.index = index;
    this.alerts = alerts;
  }

  /** Has the index know the services that this State knows: another one was recovered. */
  void index(State state) {
    if (indexed == state) {
      return;
    }
    if (indexed != null) {
      indexed.found().keySet().forEach(index::remove);
    }
    state.found().values().forEach(this::index);
    indexed = state;
  }

  private void index(Found found) {
    String name = Fleet.nameOf(found.workload());
    index.remove(name);
    fleets.serviceOf(found).ifPresent(index::add);
  }

  /** A fleet's workloads of one place were looked for. */
  void seen(Turn turn, Event.FleetSeen event) {
    if (fleets.byName(event.fleet()).isEmpty()) {
      return;
    }
    int before = turn.factCount();
    event.workloads().stream()
        .filter(event.place()::holds)
        .filter(workload -> fleets.admits(event.fleet(), workload))
        .sorted(Comparator.comparing(Fleet::nameOf))
        .forEach(workload -> found(turn, event.fleet(), workload));
    for (Map.Entry<String, Found> known : List.copyOf(turn.state.found().entrySet())) {
      Found found = known.getValue();
      if (found.fleets().contains(event.fleet())
          && event.place().holds(found.workload())
          && !event.workloads().contains(found.workload())) {
        keep(turn, known.getKey(), found, without(found, event.fleet()));
      }
    }
    if (turn.factCount() > before) {
      alerts.resume(turn);
    }
  }

  /**
   * The daemon started, perhaps by other rules than those by which services were found. What no
   * fleet of before has any more is kept for those that may have it, until they have looked.
   */
  void resume(Turn turn) {
    for (Map.Entry<String, Found> known : List.copyOf(turn.state.found().entrySet())) {
      Found found = known.getValue();
      List<String> still =
          found.fleets().stream().filter(fleet -> fleets.admits(fleet, found.workload())).toList();
      List<String> now = still.isEmpty() ? fleets.admitting(found.workload()) : still;
      if (!now.equals(found.fleets())) {
        keep(turn, known.getKey(), found, now);
      }
    }
  }

  private void found(Turn turn, String fleet, Workload workload) {
    String name = Fleet.nameOf(workload);
    List<String> others =
        Optional.ofNullable(turn.state.found().get(name)).map(Found::fleets).orElse(List.of());
    if (!others.contains(fleet)) {
      List<String> all = Stream.concat(others.stream(), Stream.of(fleet)).sorted().toList();
      record(turn, name, new Found(workload, all));
    }
  }

  private static List<String> without(Found found, String fleet) {
    return found.fleets().stream().filter(other -> !other.equals(fleet)).toList();
  }

  /** The service is those fleets' from now on; where there are none, it is lost if it may be. */
  private void keep(Turn turn, String name, Found found, List<String> by) {
    if (!by.isEmpty()) {
      record(turn, name, new Found(found.workload(), by));
    } else if (turn.state.service(name).filter(service -> busy(turn, service)).isEmpty()) {
      turn.record(new Fact.ServiceLost(name, turn.now));
      index.remove(name);
    }
  }

  private void record(Turn turn, String name, Found found) {
    turn.record(new Fact.ServiceFound(name, found, turn.now));
    index(found);
    turn.touch(name);
  }

  /** Whether something is wrong or under way, or was done so lately that limits still count it. */
  private boolean busy(Turn turn, ServiceState service) {
    Duration cooldown =
        index
            .byName(service.name())
            .map(Service::limits)
            .map(limits -> limits.cooldown())
            .orElse(Duration.ZERO);
    return service.incident().isPresent()
        || service.run().isPresent()
        || !service.leases().isEmpty()
        || service.actionsInTheHourBefore(turn.now) > 0
        || service.quietSince.filter(since -> turn.now.isBefore(since.plus(cooldown))).isPresent();
  }
}
