package dev.belay.core.engine;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How far people were called for an incident.
 *
 * @param since since when a page waits for an answer; empty where none does
 * @param steps how many steps of the {@link Escalation} were taken since
 * @param channels those of its channels that were told, for this incident
 */
public record Calling(Optional<Instant> since, int steps, List<String> channels) {
  /** Nobody was called. */
  static final Calling NONE = new Calling(Optional.empty(), 0, List.of());

  Calling paged(Instant at) {
    return since.isPresent() ? this : new Calling(Optional.of(at), 0, channels);
  }

  Calling answered() {
    return new Calling(Optional.empty(), 0, channels);
  }

  Calling escalated(List<String> more) {
    return new Calling(
        since, steps + 1, Stream.concat(channels.stream(), more.stream()).distinct().toList());
  }
}
