package dev.belay.core.engine;

import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Plan;
import java.time.Instant;

/**
 * A mitigation in force that will be undone.
 *
 * @param action the action that made it
 * @param incident the incident that took it, or the one that needed it for longer
 * @param undo what undoes it
 * @param undoAction the idempotency key of the undoing
 * @param phase where it stands
 * @param deadline when the phase ends: the lease itself, or the time to ask the cluster again
 * @param attempts how often the undoing failed; a restart of the daemon is no failure
 */
public record Lease(
    ActionId action,
    String incident,
    Plan undo,
    ActionId undoAction,
    Phase phase,
    Instant deadline,
    int attempts) {
  /** Where a lease stands. */
  public enum Phase {
    /** In force. */
    HOLDING,
    /** The undoing is intended and under way. */
    UNDOING,
    /** It is not known whether the undoing took effect: the cluster is asked. */
    INSPECTING,
    /** The daemon stopped while the undoing was under way: the cluster is asked. */
    RESUMING
  }

  /** This lease, which another incident needs for longer. */
  Lease prolonged(String by, Instant newDeadline) {
    return new Lease(action, by, undo, undoAction, phase, newDeadline, attempts);
  }

  /** This lease in another phase. */
  Lease in(Phase next, Instant newDeadline, int newAttempts) {
    return new Lease(action, incident, undo, undoAction, next, newDeadline, newAttempts);
  }
}
