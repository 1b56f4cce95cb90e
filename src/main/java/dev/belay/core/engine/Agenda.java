package dev.belay.core.engine;

import dev.belay.core.alert.Labels;
import java.time.Instant;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Predicate;

/**
 * When which alert or service will be due, unless something else happens before. What no longer
 * holds stays until it comes up, and is passed over then: to look for it at each change would cost
 * more.
 */
final class Agenda {
  /**
   * An entry.
   *
   * @param at when
   * @param order of those of one time the one that was added before comes first
   * @param alert which alert; empty where a service is due
   * @param service which service; {@code ""} where an alert is due
   */
  record Due(Instant at, long order, Optional<Labels> alert, String service)
      implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = at.compareTo(other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final PriorityQueue<Due> entries = new PriorityQueue<>();
  private final Predicate<Due> holds;
  private long count;

  /**
   * An empty one.
   *
   * @param holds whether an entry still does
   */
  Agenda(Predicate<Due> holds) {
    this.holds = holds;
  }

  void add(Instant at, Optional<Labels> alert, String service) {
    entries.add(new Due(at, count++, alert, service));
  }

  /** The next entry that holds. */
  Optional<Due> first() {
    Due due = entries.peek();
    while (due != null && !holds.test(due)) {
      entries.poll();
      due = entries.peek();
    }
    return Optional.ofNullable(due);
  }

  /** Takes off the next entry that holds, if it is due at {@code now}. */
  Optional<Due> take(Instant now) {
    Optional<Due> due = first().filter(first -> !first.at().isAfter(now));
    if (due.isPresent()) {
      entries.poll();
    }
    return due;
  }
}
