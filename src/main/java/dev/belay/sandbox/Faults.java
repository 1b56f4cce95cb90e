package dev.belay.sandbox;

import dev.belay.core.access.Access;
import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Plan;
import java.time.Duration;
import java.util.Optional;

/** What goes wrong between Belay and its cluster. Nothing does unless somebody says so. */
public interface Faults {
  /** Nothing ever goes wrong. */
  Faults NONE = new Faults() {};

  /** The calls that only read. */
  enum Read {
    OBSERVE,
    PREFLIGHT,
    INSPECT,
    SETTLE
  }

  /** What becomes of one request that changes something. */
  sealed interface Fate {
    /** It is carried out and answered. */
    record Answered() implements Fate {}

    /** The server says no. */
    record Refused(Reason reason, String detail) implements Fate {}

    /** The request is lost: no effect, no answer. */
    record RequestLost() implements Fate {}

    /** The answer is lost, after the effect. */
    record AnswerLost() implements Fate {}

    /**
     * The answer is lost, and the request is carried out later, under its guards as they are then.
     */
    record Late(Duration by) implements Fate {}
  }

  /** Why this read gets no answer; empty where it gets one. */
  default Optional<String> silence(Read read) {
    return Optional.empty();
  }

  /** Whether Belay lacks the right to this. */
  default boolean forbids(Access access) {
    return false;
  }

  /** What becomes of this change. */
  default Fate fate(ActionId id, Plan plan) {
    return new Fate.Answered();
  }
}
