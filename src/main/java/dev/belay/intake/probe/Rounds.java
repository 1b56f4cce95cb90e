package dev.belay.intake.probe;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whose turn it is, each in an interval of its own. Turns that are less than {@link #TICK} apart
 * are taken together, as it costs more to wake up than to ask. Knows no clock: times are in
 * milliseconds, since whatever moment.
 */
final class Rounds<T> {
  /** In milliseconds. */
  static final long TICK = 10;

  private final Set<T> members = new HashSet<>();
  private final NavigableMap<Long, List<Turn<T>>> turns = new TreeMap<>();

  private record Turn<T>(T whose, long at, long every) {
    /** Turns that were slept through are not made up for. */
    Turn<T> after(long now) {
      return new Turn<>(whose, at + every * ((now - at) / every + 1), every);
    }
  }

  /** From {@code first} on it is this one's turn once in every interval. Nobody is added twice. */
  void add(T whose, long first, long every) {
    members.add(whose);
    put(new Turn<>(whose, first, every));
  }

  private void put(Turn<T> turn) {
    turns.computeIfAbsent(Math.ceilDiv(turn.at(), TICK), _ -> new ArrayList<>()).add(turn);
  }

  /** It is never this one's turn again. */
  void remove(T whose) {
    members.remove(whose);
  }

  /** When it is somebody's turn next. */
  OptionalLong next() {
    return turns.isEmpty() ? OptionalLong.empty() : OptionalLong.of(turns.firstKey() * TICK);
  }

  /** Those whose turn has come by now. */
  List<T> due(long now) {
    List<T> due = new ArrayList<>();
    while (!turns.isEmpty() && turns.firstKey() * TICK <= now) {
      for (Turn<T> turn : turns.pollFirstEntry().getValue()) {
        if (members.contains(turn.whose())) {
          due.add(turn.whose());
          put(turn.after(now));
        }
      }
    }
    return due;
  }
}
