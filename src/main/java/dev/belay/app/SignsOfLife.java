package dev.belay.app;

import dev.belay.core.engine.Event;
import dev.belay.core.engine.Input;
import dev.belay.port.Round;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Says again and again how an input stands. That it is not said is no sign of life either, so it
 * does not matter what keeps it from being said.
 *
 * @param trouble what is amiss with it, a sentence without secrets; empty where it is alive
 */
record SignsOfLife(Input input, Supplier<Optional<String>> trouble) implements Round {
  /** Some of them fit into the time that an input may be silent. */
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  @Override
  public String name() {
    return "signs of life of " + input.subject();
  }

  @Override
  public Optional<Duration> interval() {
    return Optional.of(INTERVAL);
  }

  @Override
  public List<Event> look(Instant turn) {
    return List.of(new Event.InputSeen(input, trouble.get()));
  }

  @Override
  public void missed(long turns) {
    // The next turn says all there is to say.
  }
}
