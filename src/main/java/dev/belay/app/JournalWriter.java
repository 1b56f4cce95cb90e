package dev.belay.app;

import dev.belay.port.Journal;
import dev.belay.port.JournalFailed;
import dev.belay.port.JournalFull;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Appends to the journal on a thread of its own, so that the engine decides on what comes while the
 * disk still has what went before. One append at a time: whoever began one hears its end before the
 * next.
 */
final class JournalWriter implements AutoCloseable {
  /**
   * An append that went through.
   *
   * @param last the position of the last entry
   * @param nanos how long it took
   */
  record Written(long last, long nanos) {}

  private final Journal journal;
  private final Runnable whenDone;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("belay-journal").daemon().factory());
  private Optional<CompletableFuture<Written>> underWay = Optional.empty();

  /**
   * A writer with nothing under way.
   *
   * @param whenDone called after each append, however it ended, on the writer's thread
   */
  JournalWriter(Journal journal, Runnable whenDone) {
    this.journal = journal;
    this.whenDone = whenDone;
  }

  /** Begins to append; there must be no append under way. */
  void begin(List<Journal.Entry> entries) {
    if (underWay.isPresent()) {
      throw new IllegalStateException("one append at a time");
    }
    CompletableFuture<Written> append =
        CompletableFuture.supplyAsync(() -> append(entries), thread);
    underWay = Optional.of(append);
    var _ = append.whenComplete((_, _) -> whenDone.run());
  }

  private Written append(List<Journal.Entry> entries) {
    long began = System.nanoTime();
    long last = journal.append(entries);
    return new Written(last, System.nanoTime() - began);
  }

  /** Whether an append has ended whose end was not heard yet. */
  boolean done() {
    return underWay.filter(CompletableFuture::isDone).isPresent();
  }

  /**
   * Waits for the append under way.
   *
   * @throws JournalFull where nothing was written, as the disk is full
   * @throws JournalFailed where it is not known what was written
   */
  Written end() {
    CompletableFuture<Written> append = underWay.orElseThrow();
    underWay = Optional.empty();
    try {
      return append.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new JournalFailed("An append to the journal failed: " + e.getCause() + ".", e);
    }
  }

  /** Takes no more; what is under way goes on. */
  @Override
  public void close() {
    thread.shutdown();
  }
}
