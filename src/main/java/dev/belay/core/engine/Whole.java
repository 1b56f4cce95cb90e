package dev.belay.core.engine;

import dev.belay.core.incident.Incident;
import dev.belay.core.rule.Found;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The part of a {@link State} that is not one service's: hold, storm brake, budget, notices,
 * inputs, and the memory of what is over.
 */
final class Whole {
  static final int CLOSED_KEPT = 1_000;
  static final int DECISIONS_KEPT = 1_000;
  static final int INPUTS_KEPT = 1_000;

  String journal = "";
  Optional<String> hold = Optional.empty();
  Optional<Instant> brakeSince = Optional.empty();

  /** A start without a stop so far. */
  boolean up;

  /** Starts without a stop before, since the last stop, or since a person released a hold. */
  final List<Instant> crashes = new ArrayList<>();

  /** For each service the last time that it got into trouble, in order of time. */
  final SequencedMap<String, Instant> openings = new LinkedHashMap<>();

  /** For each service that is in trouble since when, in order of time; derived from incidents. */
  final SequencedMap<String, Instant> unhealed = new LinkedHashMap<>();

  final List<StateSnapshot.Attempt> actions = new ArrayList<>();
  final List<StateSnapshot.Asking> askings = new ArrayList<>();
  int notices;
  final Accounts accounts = new Accounts();

  /** Those that are over, the oldest first. */
  final Map<String, Incident> closed = new LinkedHashMap<>();

  /** The last ones, the oldest first. */
  final Deque<Fact.Decided> decisions = new ArrayDeque<>();

  /** The services that fleets found, by name. */
  final SortedMap<String, Found> found = new TreeMap<>();

  /** The most incidents that a service had that was lost: no name is given twice. */
  int incidentsLost;

  /** How far each input was read, the one that moved last at the end. */
  final SequencedMap<String, Long> positions = new LinkedHashMap<>();

  /** Those that are listened to. */
  final SortedMap<Input, InputState> inputs = new TreeMap<>();

  /** Makes this, of which nothing is known yet, what the snapshot was taken of. */
  void restore(StateSnapshot.Whole was) {
    journal = was.journal();
    hold = was.hold();
    brakeSince = was.brakeSince();
    up = was.up();
    crashes.addAll(was.crashes());
    was.openings().forEach(opening -> opened(opening.service(), opening.at()));
    actions.addAll(was.actions());
    askings.addAll(was.askings());
    notices = was.notices();
    accounts.restore(was.telling());
    was.closed().forEach(incident -> closed.put(incident.id(), incident));
    decisions.addAll(was.decisions());
    was.positions().forEach(this::read);
    was.inputs().forEach(input -> inputs.put(input.input(), input));
    was.found().forEach(each -> found.put(each.service(), each.found()));
    incidentsLost = was.incidentsLost();
  }

  /** This as a value. */
  StateSnapshot.Whole snapshot() {
    return new StateSnapshot.Whole(
        journal,
        hold,
        brakeSince,
        up,
        List.copyOf(crashes),
        openings.entrySet().stream()
            .map(opening -> new StateSnapshot.Opening(opening.getKey(), opening.getValue()))
            .toList(),
        List.copyOf(actions),
        List.copyOf(askings),
        notices,
        accounts.snapshot(),
        List.copyOf(closed.values()),
        List.copyOf(decisions),
        positions.entrySet().stream()
            .map(read -> new Position(read.getKey(), read.getValue()))
            .toList(),
        List.copyOf(inputs.values()),
        found.entrySet().stream()
            .map(each -> new StateSnapshot.OfFound(each.getKey(), each.getValue()))
            .toList(),
        incidentsLost);
  }

  void heard(Fact.InputHeard fact) {
    if (fact.until().isEmpty()) {
      inputs.remove(fact.input());
      return;
    }
    InputState was = inputs.get(fact.input());
    Instant heardAt = was == null || fact.trouble().isEmpty() ? fact.at() : was.heardAt();
    // One that is silent is not back with its first sign of life.
    Optional<List<String>> concerned =
        was == null || (fact.trouble().isEmpty() && !was.silent())
            ? Optional.empty()
            : was.services();
    inputs.put(
        fact.input(),
        new InputState(
            fact.input(),
            heardAt,
            fact.until().get(),
            fact.trouble(),
            was == null ? Optional.empty() : was.silentSince(),
            fact.services().or(() -> concerned)));
  }

  void moved(Fact.InputMoved fact) {
    inputs.computeIfPresent(
        fact.input(),
        (_, was) -> was.moved(fact.silent() ? Optional.of(fact.since()) : Optional.empty()));
  }

  void read(Position position) {
    positions.putLast(position.input(), position.offset());
    if (positions.size() > INPUTS_KEPT) {
      positions.pollFirstEntry();
    }
  }

  void opened(String service, Instant at) {
    openings.putLast(service, at);
    if (openings.size() > CLOSED_KEPT) {
      openings.pollFirstEntry();
    }
  }

  /** Remembers an incident that is over, or what became of it since. */
  void closed(Incident incident) {
    closed.put(incident.id(), incident);
    if (closed.size() > CLOSED_KEPT) {
      closed.remove(closed.keySet().iterator().next());
    }
  }

  void decided(Fact.Decided fact) {
    decisions.addLast(fact);
    if (decisions.size() > DECISIONS_KEPT) {
      decisions.removeFirst();
    }
  }

  void started(Instant at) {
    if (up) {
      crashes.add(at);
      if (crashes.size() > CLOSED_KEPT) {
        crashes.removeFirst();
      }
    }
    up = true;
  }
}
