package dev.belay.journal;

import dev.belay.core.engine.State;
import dev.belay.port.Journal;
import dev.belay.port.JournalFailed;
import dev.belay.port.JournalFull;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A journal in memory that keeps what a disk would: the encoded bytes. It fails on demand, as disks
 * do. One thread at a time.
 */
public final class MemoryJournal implements Journal {
  /** What becomes of the entries of an append that a crash cuts short. */
  public enum Fate {
    /** The crash came before the sync. */
    LOST,
    /** The crash came after the sync, before it was told. */
    KEPT
  }

  /** What outlives the process. */
  private static final class Disk {
    final List<Row> rows = new ArrayList<>();
    int synced;
    Optional<Kept> snapshot = Optional.empty();
  }

  private static final class Kept {
    final int rows;
    final byte[] state;

    Kept(int rows, byte[] state) {
      this.rows = rows;
      this.state = state;
    }
  }

  private final FactCodec codec = new FactCodec();
  private final Disk disk;
  private Optional<String> shut = Optional.empty();
  private Optional<Fate> crash = Optional.empty();
  private boolean recovered;
  private boolean full;
  private boolean lying;

  /** An empty journal. */
  public MemoryJournal() {
    this(new Disk());
  }

  private MemoryJournal(Disk disk) {
    this.disk = disk;
  }

  /** Whether there is no space from now on. */
  public void full(boolean now) {
    full = now;
  }

  /** Whether appends are acknowledged without being synced: a disk that lies. */
  public void lying(boolean now) {
    lying = now;
    disk.synced = now ? disk.synced : disk.rows.size();
  }

  /** Makes the next append fail with {@link JournalFailed}, and all that come after it. */
  public void crashAtNextAppend(Fate fate) {
    crash = Optional.of(fate);
  }

  /** What a new process finds: every row that was synced. This object is shut. */
  public MemoryJournal afterCrash() {
    shut = Optional.of("the process ended");
    disk.rows.subList(disk.synced, disk.rows.size()).clear();
    disk.snapshot = disk.snapshot.filter(kept -> kept.rows <= disk.synced);
    return new MemoryJournal(disk);
  }

  @Override
  public State recover() {
    refuseWhenShut();
    State state =
        disk.snapshot.map(kept -> State.of(codec.decodeSnapshot(kept.state))).orElseGet(State::new);
    int base = disk.snapshot.map(kept -> kept.rows).orElse(0);
    for (Row row : disk.rows.subList(base, disk.rows.size())) {
      codec.decode(row.facts()).forEach(state::apply);
    }
    recovered = true;
    return state;
  }

  @Override
  public long append(List<Entry> entries) {
    refuseWhenShut();
    if (!recovered) {
      throw new IllegalStateException("recover() comes before append()");
    }
    List<Row> rows = encode(entries);
    if (full) {
      throw new JournalFull("there is no space left", new IllegalStateException("on demand"));
    }
    if (crash.isPresent()) {
      keep(crash.get() == Fate.KEPT ? rows : List.of());
      shut = Optional.of("the append failed, on demand");
      refuseWhenShut();
    }
    keep(rows);
    return disk.rows.size();
  }

  private List<Row> encode(List<Entry> entries) {
    List<Row> rows = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.facts().isEmpty()) {
        throw new IllegalArgumentException("an entry without facts says nothing");
      }
      rows.add(
          new Row(
              disk.rows.size() + rows.size() + 1L,
              Micros.of(entry.at()),
              HashChain.beginning(),
              codec.encode(entry.facts())));
    }
    return rows;
  }

  private void keep(List<Row> rows) {
    disk.rows.addAll(rows);
    disk.synced = lying ? disk.synced : disk.rows.size();
  }

  @Override
  public void snapshot(State state) {
    refuseWhenShut();
    disk.snapshot = Optional.of(new Kept(disk.rows.size(), codec.encode(state.snapshot())));
  }

  @Override
  public boolean wantsSnapshot() {
    return false;
  }

  @Override
  public boolean writable() {
    return shut.isEmpty() && !full;
  }

  @Override
  public void read(Instant from, Instant to, Consumer<Entry> each) {
    for (Row row : List.copyOf(disk.rows)) {
      if (row.micros() >= Micros.of(from) && row.micros() < Micros.of(to)) {
        each.accept(new Entry(Micros.instant(row.micros()), codec.decode(row.facts())));
      }
    }
  }

  private void refuseWhenShut() {
    if (shut.isPresent()) {
      throw new JournalFailed("The journal is shut: " + shut.get() + ".");
    }
  }

  @Override
  public void close() {
    shut = Optional.of("it was closed");
  }
}
