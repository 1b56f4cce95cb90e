package dev.belay.port;

import dev.belay.core.engine.State;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/** What the daemon knows, for those who only look. */
public interface Queries {
  /**
   * Puts a question to the present State, on the engine's thread: answer from it quickly, and keep
   * no reference to it.
   *
   * @return the answer; fails with {@link InboxFull} where the engine cannot take questions now
   */
  <T> CompletionStage<T> ask(Function<State, T> question);

  /**
   * Calls {@code each} with every durable entry of that time, in order. Blocks; not for an event
   * loop.
   */
  void history(Instant from, Instant to, Consumer<Journal.Entry> each);
}
