package dev.belay.core.remediation;

import dev.belay.core.incident.Reason;

/** What became of an attempt to carry out a plan. */
public sealed interface Outcome {
  /** The cluster accepted the change. */
  record Applied(String detail) implements Outcome {}

  /** Nothing was to be done: this action had taken effect before, or somebody else did the same. */
  record AlreadyDone(String detail) implements Outcome {}

  /** A guard or the server refused; nothing was changed. */
  record Refused(Reason reason, String detail) implements Outcome {}

  /** The answer was lost: it may or may not have taken effect. Inspect before anything else. */
  record Doubtful(String detail) implements Outcome {}
}
