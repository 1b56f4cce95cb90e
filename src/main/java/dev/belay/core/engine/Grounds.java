package dev.belay.core.engine;

import dev.belay.core.incident.Evidence;
import dev.belay.core.rule.Service;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What verdicts about services rest on. While any of it is silent they are unknown: that nothing is
 * wrong, or still is, cannot be told from what was heard before.
 */
final class Grounds {
  private final ServiceIndex index;
  private final boolean evaluates;

  /**
   * By these rules.
   *
   * @param evaluates whether they hold alerts that Belay evaluates itself
   */
  Grounds(ServiceIndex index, boolean evaluates) {
    this.index = index;
    this.evaluates = evaluates;
  }

  /** The inputs on which verdicts about the service rest. */
  Set<Input> of(String service) {
    Set<Input> grounds = EnumSet.of(Input.ALERTS);
    Optional<Service> rule = index.byName(service);
    if (rule.flatMap(Service::workload).isPresent()) {
      grounds.add(Input.CLUSTER);
    }
    boolean measured =
        rule.stream()
            .flatMap(known -> known.triggers().stream())
            .anyMatch(trigger -> !rule.get().measuring().probes(trigger.signal(), true));
    if (measured || evaluates) {
      grounds.add(Input.PROMETHEUS);
      grounds.add(Input.SCRAPES);
    }
    if (rule.flatMap(known -> known.measuring().probe()).isPresent()) {
      grounds.add(Input.PROBES);
    }
    return grounds;
  }

  /** Whether verdicts about the service rest on this input as it stands. */
  boolean rests(String service, InputState input) {
    return input.concerns(service) && of(service).contains(input.input());
  }

  private Stream<InputState> standing(State state, String service) {
    return of(service).stream()
        .flatMap(input -> state.input(input).stream())
        .filter(input -> input.concerns(service));
  }

  /** The first of them of which nothing is known: silent, or ailing for it. */
  Optional<InputState> silent(State state, String service) {
    return state.inputs().stream().noneMatch(InputState::unknown)
        ? Optional.empty()
        : standing(state, service).filter(InputState::unknown).findFirst();
  }

  /** The cluster, where it is silent: nothing is begun in it. */
  static Optional<InputState> cluster(State state) {
    return state.input(Input.CLUSTER).filter(InputState::silent);
  }

  /** Until when all of them are known to have been heard of; now, where none is listened to. */
  Instant heardUntil(State state, String service, Instant now) {
    return standing(state, service).map(InputState::heardAt).min(Instant::compareTo).orElse(now);
  }

  /** All that is silent, as evidence. */
  static List<Evidence> evidence(State state) {
    return state.silent().stream().map(Grounds::evidence).toList();
  }

  static Evidence evidence(InputState silent) {
    return new Evidence("silent", silent.silence());
  }
}
