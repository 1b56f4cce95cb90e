package dev.belay.core.engine;

import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Reason;
import java.util.List;

/**
 * Notices a daemon that ends again and again without having been stopped. It may be what it does
 * that ends it, so it does nothing more until a person has looked.
 */
final class StartDecider {
  /** Who puts everything on hold where it is no person. */
  static final String BELAY = "belay";

  private final Settings.CrashLoop limit;

  StartDecider(Settings settings) {
    this.limit = settings.crashLoop();
  }

  void started(Turn turn) {
    turn.record(new Fact.DaemonStarted(turn.now));
    long crashes =
        turn.state.whole().crashes.stream()
            .filter(turn.now.minus(limit.within())::isBefore)
            .count();
    if (crashes < limit.starts() || turn.state.hold().isPresent()) {
      return;
    }
    String what =
        crashes
            + " starts within "
            + Sentences.duration(limit.within())
            + " without a stop before; its log says what ended it";
    turn.record(
        new Fact.Decided(
            "",
            State.WHOLE,
            "",
            false,
            Reason.CRASH_LOOP,
            List.of(new Evidence("seen", what)),
            turn.now));
    turn.record(new Fact.Held(BELAY, what, turn.now));
  }

  static void stopped(Turn turn) {
    turn.record(new Fact.DaemonStopped(turn.now));
  }

  /** The daemon fails at its own work. What it can no longer see to, it must not begin. */
  static void faulted(Turn turn, String what) {
    if (turn.state.hold().isEmpty()) {
      turn.record(new Fact.Held(BELAY, what, turn.now));
    }
  }
}
