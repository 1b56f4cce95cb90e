package dev.belay.port;

import dev.belay.core.engine.Fact;
import dev.belay.core.engine.State;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * The durable log of facts. One thread writes; any thread reads. Implementations pass {@code
 * JournalContract}.
 */
public interface Journal extends AutoCloseable {
  /**
   * The facts of one event.
   *
   * @param at when they became true, by Belay's clock
   * @param facts in order, at least one
   */
  record Entry(Instant at, List<Fact> facts) {}

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

  /** Whether a small write goes through: what readiness asks. */
  boolean writable();

  /**
   * Calls {@code each} with every entry from {@code from}, included, to {@code to}, excluded, in
   * the order of writing, from what is durable now. Times are kept in whole microseconds.
   */
  void read(Instant from, Instant to, Consumer<Entry> each);

  @Override
  void close();
}
