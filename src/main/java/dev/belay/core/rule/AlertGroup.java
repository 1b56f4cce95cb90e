package dev.belay.core.rule;

import java.time.Duration;
import java.util.Optional;

/**
 * A group of a Prometheus rule file: what its rules have in common when they are evaluated.
 *
 * @param file the file's name
 * @param name unique in its file
 * @param interval how often; empty: as the evaluator has it
 * @param queryOffset how far in the past
 * @param limit how many alerts a rule may have at once; 0 is no limit
 */
public record AlertGroup(
    String file, String name, Optional<Duration> interval, Duration queryOffset, int limit) {
  /** One of which nothing but the name is said. */
  public static AlertGroup named(String name) {
    return new AlertGroup("", name, Optional.empty(), Duration.ZERO, 0);
  }
}
