package dev.belay.port;

import dev.belay.core.engine.Fact;
import dev.belay.core.engine.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The durable log of facts. Only one thing is written at a time, by whatever thread; any thread
 * reads. Implementations pass {@code JournalContract}.
 */
public interface Journal extends AutoCloseable {
  /**
   * The facts of one event, or a part of them where they are many.
   *
   * @param at when they became true, by Belay's clock
   * @param facts in order, at least one
   */
  record Entry(Instant at, List<Fact> facts) {
    /** So many facts, however large their texts may be, fit into what a journal takes as one. */
    private static final int FACTS_AT_MOST = 128;

    /** The facts of one event, however many, as entries; none where there are none. */
    public static List<Entry> of(Instant at, List<Fact> facts) {
      List<Entry> entries = new ArrayList<>();
      for (int from = 0; from < facts.size(); from += FACTS_AT_MOST) {
        int to = Math.min(from + FACTS_AT_MOST, facts.size());
        entries.add(new Entry(at, facts.subList(from, to)));
      }
      return entries;
    }
  }

  /**
   * The State after everything that is durable: the newest snapshot and every later fact. Called
   * once, before {@link #append}, and again after {@link JournalFull}.
   *
   * @throws JournalFailed where what is on disk is damaged or too new to be read, and names the
   *     place
   */
  State recover();

  /**
   * Makes the entries durable, all or none, with one flush for all.
   *
   * @return the sequence number of the last one
   * @throws JournalFull where the disk is full: nothing was written, and the journal can go on when
   *     there is space
   * @throws JournalFailed where it is not known what was written: the process must end and recover
   */
  long append(List<Entry> entries);

  /** Keeps the State, so that the next recovery need not read what led to it. */
  void snapshot(State state);

  /** Whether so much came after the newest snapshot that there should be another. */
  boolean wantsSnapshot();

  /**
   * Whether writes go through: what readiness asks, often. Only where none did lately is one tried.
   */
  boolean writable();

  /**
   * Calls {@code each} with every entry from {@code from}, included, to {@code to}, excluded, in
   * the order of writing, from what is durable now. Times are kept in whole microseconds.
   */
  void read(Instant from, Instant to, Consumer<Entry> each);

  @Override
  void close();
}
