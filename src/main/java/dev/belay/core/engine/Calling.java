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
 * @param called those of them that were called since, by which it is known which steps were taken,
 *     however the configuration changes; early versions only counted
 */
public record Calling(
    Optional<Instant> since, int steps, List<String> channels, List<String> called) {
  /** Nobody was called. */
  static final Calling NONE = new Calling(Optional.empty(), 0, List.of(), List.of());

  Calling paged(Instant at) {
    return since.isPresent() ? this : new Calling(Optional.of(at), 0, channels, List.of());
  }

  Calling answered() {
    return new Calling(Optional.empty(), 0, channels, List.of());
  }

  Calling escalated(List<String> more) {
    return new Calling(since, steps + 1, joined(channels, more), joined(called, more));
  }

  private static List<String> joined(List<String> some, List<String> more) {
    return Stream.concat(some.stream(), more.stream()).distinct().toList();
  }

  /**
   * Those of a step's channels that are yet to be called.
   *
   * @param number how many steps come before it
   */
  List<String> yetToCall(Escalation.Step step, int number) {
    boolean counted = called.isEmpty() && number < steps;
    return counted
        ? List.of()
        : step.channels().stream().filter(channel -> !called.contains(channel)).toList();
  }
}
