package dev.belay.core.engine;

import java.util.List;

/**
 * What the engine makes of one event: facts to record, and commands to release once they are
 * durable. A decision is a value; why it was made stands in its {@link Fact.Decided} facts.
 *
 * @param repeats how many of the event's alerts told nothing that was not known
 */
public record Decision(List<Fact> facts, List<Command> commands, int repeats) {
  /** Nothing to record and nothing to do. */
  public static final Decision NOTHING = new Decision(List.of(), List.of(), 0);
}
