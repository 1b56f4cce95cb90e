package dev.belay.core.engine;

import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.ActionId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Decides what no service can decide alone: the hold, the storm brake, and the budget over all
 * services. Services ask it for leave by a fact, and it answers by a fact; it reads none of their
 * states.
 */
final class WholeDecider {
  private final Settings settings;

  WholeDecider(Settings settings) {
    this.settings = settings;
  }

  void hold(Turn turn, String person, String why) {
    turn.record(new Fact.Held(person, why, turn.now));
  }

  void release(Turn turn, String person) {
    if (turn.state.hold().isPresent()) {
      turn.record(new Fact.HoldReleased(person, turn.now));
    }
  }

  /**
   * Why nothing may be done at the moment, where something forbids it.
   *
   * @param action what is asked for, where it is known; it is not counted against itself, or a
   *     second attempt would be refused for the first
   */
  Optional<Reason> forbids(Turn turn, Optional<ActionId> action) {
    if (turn.state.hold().isPresent()) {
      return Optional.of(Reason.HELD);
    }
    if (turn.state.brakeSince().isPresent()) {
      return Optional.of(Reason.STORM);
    }
    int spent = StateSnapshot.Attempt.others(turn.state.whole().actions, action, turn.now);
    return spent >= settings.actionsPerHour() ? Optional.of(Reason.BUDGET_SPENT) : Optional.empty();
  }

  /** Engages the brake in a storm, and lets go when it is over. */
  void brake(Turn turn) {
    Instant from = turn.now.minus(settings.stormWindow());
    SequencedMap<String, Instant> openings = turn.state.whole().openings;
    Optional<Instant> since = turn.state.brakeSince();
    if (since.isPresent()) {
      boolean calm = openings.isEmpty() || !openings.lastEntry().getValue().isAfter(from);
      if (calm && !since.get().isAfter(from)) {
        turn.record(new Fact.BrakeReleased(turn.now));
      }
      return;
    }
    if (openings.size() < settings.stormServices()) {
      return;
    }
    List<String> troubled =
        openings.sequencedEntrySet().reversed().stream()
            .takeWhile(opening -> opening.getValue().isAfter(from))
            .limit(settings.stormServices())
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    if (troubled.size() >= settings.stormServices()) {
      turn.record(new Fact.BrakeEngaged(troubled, turn.now));
    }
  }

  /** Answers the service that has asked first. */
  Optional<Fact.PermitAnswered> answer(Turn turn) {
    List<StateSnapshot.Asking> askings = turn.state.whole().askings;
    if (askings.isEmpty()) {
      return Optional.empty();
    }
    StateSnapshot.Asking asking = askings.getFirst();
    Fact.PermitAnswered answer =
        new Fact.PermitAnswered(
            asking.service(),
            asking.action(),
            forbids(turn, Optional.of(asking.action())),
            turn.now);
    turn.record(answer);
    return Optional.of(answer);
  }
}
