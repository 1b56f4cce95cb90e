package dev.belay.core.engine;

import java.util.List;

/**
 * What the engine makes of one event: facts to record, and commands to release once they are
 * durable. A decision is a value; why it was made stands in its {@link Fact.Decided} facts.
 */
public record Decision(List<Fact> facts, List<Command> commands) {
  /** Nothing to record and nothing to do. */
  public static final Decision NOTHING = new Decision(List.of(), List.of());
}
