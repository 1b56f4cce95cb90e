package dev.belay.bench;

import dev.belay.core.engine.State;
import dev.belay.port.Journal;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** A journal that keeps nothing: the baseline of what durability costs. */
final class BareJournal implements Journal {
  private long sequence;

  @Override
  public State recover() {
    return new State();
  }

  @Override
  public long append(List<Entry> entries) {
    sequence += entries.size();
    return sequence;
  }

  @Override
  public void snapshot(State state) {}

  @Override
  public boolean wantsSnapshot() {
    return false;
  }

  @Override
  public boolean writable() {
    return true;
  }

  @Override
  public void read(Instant from, Instant to, Consumer<Entry> each) {}

  @Override
  public void close() {}
}
