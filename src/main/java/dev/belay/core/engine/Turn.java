package dev.belay.core.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One event's handling: what was decided so far, and which services must be looked at because of
 * it.
 */
final class Turn {
  final State state;
  final Instant now;
  private final Notices notices;
  private final List<Fact> facts = new ArrayList<>();
  private final List<Command> commands = new ArrayList<>();
  private final Set<String> touched = new LinkedHashSet<>();
  private boolean tells;
  private int repeats;

  Turn(State state, Instant now, Notices notices) {
    this.state = state;
    this.now = now;
    this.notices = notices;
  }

  /** Makes a fact true, and tells people of it where it is news. */
  void record(Fact fact) {
    Optional<Run> ended =
        fact instanceof Fact.RunEnded end
            ? state.service(end.service()).flatMap(ServiceState::run)
            : Optional.empty();
    state.apply(fact);
    facts.add(fact);
    notices
        .of(fact, ended, state, now)
        .ifPresent(
            notice -> {
              Fact made = new Fact.NoticeMade(notice);
              state.apply(made);
              facts.add(made);
              tells = true;
            });
  }

  /** Has the channels handed what they have yet to take. */
  void tell() {
    tells = true;
  }

  /** Whether there is something to tell people. */
  boolean tells() {
    return tells;
  }

  /** One of the event's alerts told nothing new. */
  void repeated() {
    repeats++;
  }

  void command(Command command) {
    commands.add(command);
  }

  /** Has the service looked at before the turn ends. */
  void touch(String service) {
    touched.add(service);
  }

  /** The next service to look at, or empty where all is done. */
  Optional<String> takeTouched() {
    if (touched.isEmpty()) {
      return Optional.empty();
    }
    String service = touched.iterator().next();
    touched.remove(service);
    return Optional.of(service);
  }

  int factCount() {
    return facts.size();
  }

  Decision decision() {
    return facts.isEmpty() && commands.isEmpty() && repeats == 0
        ? Decision.NOTHING
        : new Decision(List.copyOf(facts), List.copyOf(commands), repeats);
  }
}
