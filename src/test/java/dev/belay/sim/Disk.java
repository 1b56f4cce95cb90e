package dev.belay.sim;

import dev.belay.core.engine.Fact;
import dev.belay.core.engine.State;
import dev.belay.journal.FactCodec;
import java.util.ArrayList;
import java.util.List;

/** The journal's disk, in the journal's own bytes: what was not flushed is lost in a crash. */
final class Disk {
  private static final FactCodec CODEC = new FactCodec();

  private final List<byte[]> flushed = new ArrayList<>();
  private final List<byte[]> written = new ArrayList<>();
  private boolean full;

  void full(boolean is) {
    full = is;
  }

  /** Whether it was written; false where the disk is full. */
  boolean append(List<List<Fact>> entries, boolean flush) {
    if (full) {
      return false;
    }
    entries.forEach(entry -> written.add(CODEC.encode(entry)));
    if (flush) {
      flushed.addAll(written);
      written.clear();
    }
    return true;
  }

  boolean writable() {
    return !full;
  }

  void crash() {
    written.clear();
  }

  State recover() {
    State state = new State();
    flushed.forEach(entry -> CODEC.decode(entry).forEach(state::apply));
    written.forEach(entry -> CODEC.decode(entry).forEach(state::apply));
    return state;
  }
}
