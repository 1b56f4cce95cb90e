package dev.belay.console;

import dev.belay.port.Journal;
import java.time.Instant;
import java.util.function.Consumer;

/** What is durable of the past. It blocks: not for an event loop. */
@FunctionalInterface
public interface Past {
  /** Calls {@code each} with every entry from the one moment to before the other, in order. */
  void read(Instant from, Instant to, Consumer<Journal.Entry> each);
}
