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
    return spent >= settings.actionsPerHour()
        ? Optional.of(Reason.BUDGET_SPENT_OVER_ALL)
        : Optional.empty();
  }

  /** Engages the brake in a storm, and lets go when it is over. */
  void brake(Turn turn) {
    Instant from = turn.now.minus(settings.stormWindow());
    Whole all = turn.state.whole();
    Optional<Instant> since = turn.state.brakeSince();
    if (since.isPresent()) {
      // What was wrong for long when the storm came is not of the storm, and may outlast it.
      boolean over = !many(since(all.unhealed, since.get().minus(settings.stormWindow())));
      if (over && since(all.openings, from).isEmpty() && !since.get().isAfter(from)) {
        turn.record(new Fact.BrakeReleased(turn.now));
      }
      return;
    }
    List<String> troubled = since(all.openings, from);
    if (many(troubled)) {
      turn.record(new Fact.BrakeEngaged(troubled.stream().sorted().toList(), turn.now));
    }
  }

  private boolean many(List<String> services) {
    return services.size() >= settings.stormServices();
  }

  /** The services that got into trouble after then; no more than make a storm. */
  private List<String> since(SequencedMap<String, Instant> openings, Instant then) {
    return openings.sequencedEntrySet().reversed().stream()
        .takeWhile(opening -> opening.getValue().isAfter(then))
        .limit(settings.stormServices())
        .map(Map.Entry::getKey)
        .toList();
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
