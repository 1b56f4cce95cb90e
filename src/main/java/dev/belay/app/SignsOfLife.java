package dev.belay.app;

import dev.belay.core.engine.Event;
import dev.belay.core.engine.Input;
import dev.belay.port.Round;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Says again and again how an input stands. That it is not said is no sign of life either, so it
 * does not matter what keeps it from being said.
 *
 * @param silence why nothing was heard of it since this was last asked, a sentence without secrets;
 *     empty where something was, and not because it was well before
 */
record SignsOfLife(Input input, Supplier<Optional<String>> silence) implements Round {
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
  public List<Event> look(Turn turn) {
    return List.of(new Event.InputSeen(input, silence.get()));
  }

  @Override
  public void missed(long turns) {
    // The next turn says all there is to say.
  }
}
