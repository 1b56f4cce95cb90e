package dev.belay.core.engine;

import dev.belay.core.incident.Notice;
import java.util.List;

/**
 * A notice that somebody has yet to be told.
 *
 * @param notice what people are to be told
 * @param to the channels that have yet to take it, in order of their names; none where it was made
 *     when no channel was known: then it waits for any
 * @param taken whether some channel has taken it
 */
public record Owed(Notice notice, List<String> to, boolean taken) {
  /** What is owed once this channel has nothing more to do with it. */
  Owed without(String channel, boolean took) {
    return new Owed(
        notice, to.stream().filter(each -> !each.equals(channel)).toList(), taken || took);
  }

  /**
   * What is owed when these are the channels; what nobody took is owed to them all, but for what is
   * for programs alone.
   */
  Owed among(List<String> channels) {
    List<String> left = to.stream().filter(channels::contains).toList();
    boolean settled = taken || (left.isEmpty() && to.equals(List.of(State.PROGRAMS)));
    return new Owed(notice, left.isEmpty() && !settled ? channels : left, settled);
  }
}
