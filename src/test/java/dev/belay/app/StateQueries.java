package dev.belay.app;

import dev.belay.core.engine.State;
import dev.belay.port.Journal;
import dev.belay.port.Queries;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Answers from a State that a test has made, at once, and counts how often it is asked. A test that
 * goes on to change the State while it is asked holds its lock.
 */
final class StateQueries implements Queries {
  private final State state;
  private final AtomicInteger asked = new AtomicInteger();

  StateQueries(State state) {
    this.state = state;
  }

  int asked() {
    return asked.get();
  }

  @Override
  public <T> CompletionStage<T> ask(Function<State, T> question) {
    asked.incrementAndGet();
    synchronized (state) {
      return CompletableFuture.completedFuture(question.apply(state));
    }
  }

  @Override
  public void history(Instant from, Instant to, Consumer<Journal.Entry> each) {
    throw new AssertionError("nobody asks for the past");
  }
}
