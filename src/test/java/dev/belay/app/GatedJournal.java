package dev.belay.app;

import dev.belay.core.engine.Fact;
import dev.belay.core.engine.State;
import dev.belay.journal.MemoryJournal;
import dev.belay.port.Journal;
import dev.belay.port.JournalFull;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A journal in memory whose appends wait at a gate when a test wants it, as on a slow disk. */
final class GatedJournal implements Journal {
  private static final long BOUND_SECONDS = 30;

  private final MemoryJournal memory = new MemoryJournal();
  private final Semaphore arrived = new Semaphore(0);
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile boolean wantsSnapshot;
  private volatile int snapshots;
  private boolean fullOnce;

  /** From now on appends wait. */
  void shutGate() {
    gate = new CountDownLatch(1);
  }

  /** It wants one from now on, and again after each. */
  void wantSnapshots() {
    wantsSnapshot = true;
  }

  int snapshots() {
    return snapshots;
  }

  void openGate() {
    gate.countDown();
  }

  /** Those at the gate may pass, and the next wait again. */
  void openGateForThoseWhoWait() {
    CountDownLatch now = gate;
    shutGate();
    now.countDown();
  }

  /** Waits until one more append has come to a gate. */
  void awaitAppend() throws InterruptedException {
    if (!arrived.tryAcquire(BOUND_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("nothing was appended");
    }
  }

  synchronized void full(boolean now) {
    memory.full(now);
  }

  /** The disk is full for the next append, and has space again at once. */
  synchronized void fullOnce() {
    fullOnce = true;
  }

  /** The next append fails, and nobody knows whether it was kept. */
  synchronized void crashAtNextAppend() {
    memory.crashAtNextAppend(MemoryJournal.Fate.LOST);
  }

  /** Everything that is durable. */
  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    read(Instant.MIN, Instant.MAX, entries::add);
    return entries;
  }

  /** How many alerts are known to have fired, by what is durable. */
  long fired() {
    return entries().stream()
        .flatMap(entry -> entry.facts().stream())
        .filter(Fact.AlertFired.class::isInstance)
        .count();
  }

  @Override
  public long append(List<Entry> entries) {
    CountDownLatch now = gate;
    if (now.getCount() > 0) {
      arrived.release();
      try {
        if (!now.await(BOUND_SECONDS, TimeUnit.SECONDS)) {
          throw new IllegalStateException("the test left the gate shut");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    synchronized (this) {
      if (fullOnce) {
        fullOnce = false;
        throw new JournalFull("no space for that much", new IOException("disk full"));
      }
      return memory.append(entries);
    }
  }

  @Override
  public synchronized State recover() {
    return memory.recover();
  }

  @Override
  public synchronized void snapshot(State state) {
    memory.snapshot(state);
    snapshots++;
  }

  @Override
  public boolean wantsSnapshot() {
    return wantsSnapshot;
  }

  @Override
  public synchronized boolean writable() {
    return memory.writable();
  }

  @Override
  public synchronized void read(Instant from, Instant to, Consumer<Entry> each) {
    memory.read(from, to, each);
  }

  @Override
  public synchronized void close() {
    memory.close();
  }
}
