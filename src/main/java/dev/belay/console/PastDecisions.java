package dev.belay.console;

import dev.belay.core.engine.Fact;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Decisions page by page, the newest first. The journal is read backwards in stretches that grow,
 * so that a page costs what lies near it, however long the journal is.
 */
final class PastDecisions {
  private static final Duration FIRST_STRETCH = Duration.ofMinutes(1);
  private static final Duration BACK_AT_MOST = Duration.ofDays(400);

  /** A stretch with so many is not followed by a longer one. */
  private static final int MANY = 2_000;

  /** So many are looked at for a page, or a few more, where few are of the kind asked for. */
  private static final int LOOKED_AT_MOST = 10_000;

  private PastDecisions() {}

  /**
   * A page. It may be short, or empty, and another follow it.
   *
   * @param next before which moment the next page is; empty where there is none
   */
  record Page(List<Fact.Decided> decisions, Optional<Instant> next) {}

  /** The newest, of those that the State remembers; older ones are in the journal. */
  static Page remembered(
      Collection<Fact.Decided> decisions, int limit, Predicate<Fact.Decided> asked) {
    List<Fact.Decided> newest = new ArrayList<>(decisions).reversed();
    List<Fact.Decided> found = newest.stream().filter(asked).toList();
    if (found.size() > limit) {
      return cut(found, limit);
    }
    return new Page(
        found, newest.isEmpty() ? Optional.empty() : Optional.of(newest.getLast().at()));
  }

  /** Those before the moment. */
  static Page before(Past past, Instant moment, int limit, Predicate<Fact.Decided> asked) {
    List<Fact.Decided> found = new ArrayList<>();
    Instant to = moment;
    Instant least = moment.minus(BACK_AT_MOST);
    Duration stretch = FIRST_STRETCH;
    int looked = 0;
    while (found.size() <= limit && to.isAfter(least)) {
      if (looked >= LOOKED_AT_MOST) {
        return new Page(found, Optional.of(to));
      }
      Instant from = to.minus(stretch);
      Newest newest = stretch(past, from, to, limit, asked);
      found.addAll(newest.found.reversed());
      looked += newest.looked;
      to = from;
      stretch = newest.looked < MANY ? stretch.multipliedBy(2) : stretch;
    }
    return found.size() > limit ? cut(found, limit) : new Page(found, Optional.empty());
  }

  /** The newest of the stretch; so many that a page can be cut from them. */
  private static Newest stretch(
      Past past, Instant from, Instant to, int limit, Predicate<Fact.Decided> asked) {
    Newest newest = new Newest(limit + 1);
    past.read(
        from,
        to,
        entry -> {
          for (Fact fact : entry.facts()) {
            if (fact instanceof Fact.Decided decided) {
              newest.look(decided, asked);
            }
          }
        });
    return newest;
  }

  /** The newest of what comes, oldest first; what was decided at one moment stays together. */
  private static final class Newest {
    private final int wanted;
    private List<Fact.Decided> found = new ArrayList<>();
    private int room;
    private int looked;

    Newest(int wanted) {
      this.wanted = wanted;
      this.room = 2 * wanted;
    }

    void look(Fact.Decided decided, Predicate<Fact.Decided> asked) {
      looked++;
      if (asked.test(decided)) {
        add(decided);
      }
    }

    private void add(Fact.Decided decided) {
      found.add(decided);
      if (found.size() > room) {
        Instant least = found.get(found.size() - wanted).at();
        found = new ArrayList<>(found.stream().filter(kept -> !kept.at().isBefore(least)).toList());
        room = 2 * Math.max(wanted, found.size());
      }
    }
  }

  /** So many, and those of the last one's moment; there the next page ends. */
  private static Page cut(List<Fact.Decided> newestFirst, int limit) {
    Instant last = newestFirst.get(limit - 1).at();
    List<Fact.Decided> page =
        newestFirst.stream().takeWhile(decided -> !decided.at().isBefore(last)).toList();
    return new Page(page, Optional.of(last));
  }
}
