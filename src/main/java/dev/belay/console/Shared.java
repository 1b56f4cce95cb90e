package dev.belay.console;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Answers that are being read: who asks the same question meanwhile is given the same answer. */
final class Shared<T> {
  private final Readers readers;
  private final Map<String, CompletableFuture<T>> underWay = new ConcurrentHashMap<>();

  Shared(Readers readers) {
    this.readers = readers;
  }

  /** The answer to the question; fails with whatever its reading fails with. */
  CompletionStage<T> ask(String question, Supplier<T> read) {
    CompletableFuture<T> mine = new CompletableFuture<>();
    CompletableFuture<T> running = underWay.putIfAbsent(question, mine);
    if (running != null) {
      return running;
    }
    try {
      readers.read(() -> answer(question, mine, read));
    } catch (Refusal refusal) {
      underWay.remove(question);
      mine.completeExceptionally(refusal);
    }
    return mine;
  }

  private void answer(String question, CompletableFuture<T> answer, Supplier<T> read) {
    try {
      T found = read.get();
      underWay.remove(question);
      answer.complete(found);
    } catch (RuntimeException | Error e) {
      underWay.remove(question);
      answer.completeExceptionally(e);
    }
  }
}
