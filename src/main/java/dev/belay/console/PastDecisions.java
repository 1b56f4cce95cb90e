package dev.belay.console;

import dev.belay.core.engine.Fact;
import dev.belay.port.Journal;
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

  /** A stretch with so many facts is not followed by a longer one. */
  private static final int MANY = 2_000;

  /** One with more is given up for a shorter one, as long as there is one. */
  private static final int TOO_MANY = 5_000;

  private static final int SHORTER = 8;
  private static final Duration SHORTEST = Duration.ofMillis(1);

  /** So many facts are looked at for a page, or a few more, where few are what is asked for. */
  private static final int LOOKED_AT_MOST = 10_000;

  private PastDecisions() {}

  /**
   * A page. It may be short, or empty, and another follow it.
   *
   * @param next before which moment the next page is; empty where there is none
   */
  record Page(List<Fact.Decided> decisions, Optional<Instant> next) {}

  /**
   * The newest, of those that the State remembers; older ones are in the journal.
   *
   * @param all whether there are none older
   */
  static Page remembered(
      Collection<Fact.Decided> decisions, boolean all, int limit, Predicate<Fact.Decided> asked) {
    List<Fact.Decided> newest = new ArrayList<>(decisions).reversed();
    List<Fact.Decided> found = newest.stream().filter(asked).toList();
    if (found.size() > limit) {
      return cut(found, limit);
    }
    return new Page(
        found, all || newest.isEmpty() ? Optional.empty() : Optional.of(newest.getLast().at()));
  }

  /** Those before the moment. */
  static Page before(Past past, Instant moment, int limit, Predicate<Fact.Decided> asked) {
    List<Fact.Decided> found = new ArrayList<>();
    Instant to = moment;
    Instant least = moment.minus(BACK_AT_MOST);
    Duration stretch = FIRST_STRETCH;
    int looked = 0;
    while (found.size() <= limit && to.isAfter(least)) {
      if (looked >= LOOKED_AT_MOST && to.isBefore(moment)) {
        return new Page(found, Optional.of(to));
      }
      Instant from = to.minus(stretch);
      Newest newest =
          new Newest(limit + 1, asked, stretch.equals(SHORTEST) ? Integer.MAX_VALUE : TOO_MANY);
      boolean whole = newest.read(past, from, to);
      looked += newest.looked;
      if (whole) {
        found.addAll(newest.found.reversed());
        to = from;
        stretch = newest.looked < MANY ? stretch.multipliedBy(2) : stretch;
      } else {
        Duration shorter = stretch.dividedBy(SHORTER);
        stretch = shorter.compareTo(SHORTEST) > 0 ? shorter : SHORTEST;
      }
    }
    return found.size() > limit ? cut(found, limit) : new Page(found, Optional.empty());
  }

  /** The newest of what comes, oldest first; what was decided at one moment stays together. */
  private static final class Newest {
    private final int wanted;
    private final Predicate<Fact.Decided> asked;
    private final int lookedAtMost;
    private List<Fact.Decided> found = new ArrayList<>();
    private int room;
    private int looked;

    Newest(int wanted, Predicate<Fact.Decided> asked, int lookedAtMost) {
      this.wanted = wanted;
      this.asked = asked;
      this.lookedAtMost = lookedAtMost;
      this.room = 2 * wanted;
    }

    /** Whether the stretch was read to its end, rather than given up for all that is in it. */
    boolean read(Past past, Instant from, Instant to) {
      try {
        past.read(from, to, this::look);
        return true;
      } catch (GivenUp e) {
        return false;
      }
    }

    private void look(Journal.Entry entry) {
      looked += entry.facts().size();
      if (looked > lookedAtMost) {
        throw new GivenUp();
      }
      for (Fact fact : entry.facts()) {
        if (fact instanceof Fact.Decided decided && asked.test(decided)) {
          add(decided);
        }
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

  /** Ends a reading from within. */
  private static final class GivenUp extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GivenUp() {
      super(null, null, false, false);
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
