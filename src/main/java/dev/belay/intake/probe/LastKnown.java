package dev.belay.intake.probe;

import dev.belay.core.engine.Listening;
import dev.belay.core.rule.Probe;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a service by its probes at all.
 *
 * @param at when a probe last said something of it, or when the first was waited for
 * @param why why the last probe says nothing; empty where it does, or where none was done yet
 */
record LastKnown(Instant at, Optional<String> why) {
  /** Nothing was known of it before the start either, for long. */
  static final LastKnown NEVER =
      new LastKnown(Instant.MIN, Optional.of("it was so before the start"));

  /** One that is probed from now on. */
  static LastKnown none(Instant now) {
    return new LastKnown(now, Optional.empty());
  }

  LastKnown after(Instant now, Result result) {
    return switch (result) {
      case Result.Well _, Result.Unwell _ -> new LastKnown(now, Optional.empty());
      case Result.Unknown(var reason) -> new LastKnown(at, Optional.of(reason));
    };
  }

  /**
   * Why nothing is known of it for longer than a moment's failure takes; empty where something is.
   * Time in which it was not asked, as in a pause of the process, is no such time by itself.
   */
  Optional<String> lost(Probe probe, Instant now) {
    return why.filter(_ -> !now.isBefore(at.plus(patience(probe))));
  }

  /** One probe alone that says nothing is never enough, however rare they are. */
  private static Duration patience(Probe probe) {
    Duration two = probe.every().multipliedBy(2).plus(probe.timeout());
    return two.compareTo(Listening.PATIENCE) > 0 ? two : Listening.PATIENCE;
  }
}
