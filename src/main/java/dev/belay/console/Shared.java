package dev.belay.console;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Answers that are about to be read: who asks the same question before its reading begins is given
 * the same answer. Who asks while it is read waits for the next reading, together with all others
 * who do, as that one began before what may have been written since. So each question has at most
 * one reading under way and one that waits.
 */
final class Shared<T> {
  private record Reading<T>(Supplier<T> read, CompletableFuture<T> answer) {}

  private final Consumer<Runnable> readers;

  /** Readings that have not begun, by their questions; guarded by this. */
  private final Map<String, Reading<T>> next = new HashMap<>();

  /** Questions for which a reader is at work, or asked for; guarded by this. */
  private final Set<String> inHand = new HashSet<>();

  /**
   * Has answers read.
   *
   * @param readers has a reading done soon, on another thread, or throws
   */
  Shared(Consumer<Runnable> readers) {
    this.readers = readers;
  }

  /** The answer to the question; fails with whatever its reading fails with. */
  CompletionStage<T> ask(String question, Supplier<T> read) {
    Reading<T> reading = new Reading<>(read, new CompletableFuture<>());
    boolean idle;
    synchronized (this) {
      Reading<T> other = next.putIfAbsent(question, reading);
      if (other != null) {
        return other.answer();
      }
      idle = inHand.add(question);
    }
    if (idle) {
      begin(question);
    }
    return reading.answer();
  }

  /** Has the question's next reading done; another one of the line goes before it. */
  private void begin(String question) {
    try {
      readers.accept(() -> read(question));
    } catch (RuntimeException | Error e) {
      // Whoever waits for it would wait for ever.
      Reading<T> refused;
      synchronized (this) {
        inHand.remove(question);
        refused = next.remove(question);
      }
      if (refused != null) {
        refused.answer().completeExceptionally(e);
      }
    }
  }

  private void read(String question) {
    Reading<T> reading;
    synchronized (this) {
      reading = next.remove(question);
    }
    if (reading != null) {
      answer(reading);
    }
    boolean more;
    synchronized (this) {
      more = next.containsKey(question);
      if (!more) {
        inHand.remove(question);
      }
    }
    if (more) {
      begin(question);
    }
  }

  private void answer(Reading<T> reading) {
    try {
      reading.answer().complete(reading.read().get());
    } catch (Throwable e) {
      reading.answer().completeExceptionally(e);
    }
  }
}
