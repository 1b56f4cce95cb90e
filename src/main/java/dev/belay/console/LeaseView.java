package dev.belay.console;

import dev.belay.core.engine.Lease;
import java.time.Instant;
import java.util.Locale;

/**
 * A mitigation in force.
 *
 * @param service the service
 * @param incident for which incident
 * @param action the action that made it
 * @param phase for machines
 * @param standing the phase, for people
 * @param deadline when the phase ends by itself
 * @param secondsLeft until then, 0 where it has passed
 * @param attempts how often the undoing was tried in vain
 * @param undo what undoes it
 */
record LeaseView(
    String service,
    String incident,
    String action,
    String phase,
    String standing,
    Instant deadline,
    long secondsLeft,
    int attempts,
    PlanView undo) {
  static LeaseView of(String service, Lease lease, Instant now) {
    return new LeaseView(
        service,
        lease.incident(),
        lease.action().value(),
        lease.phase().name().toLowerCase(Locale.ROOT),
        switch (lease.phase()) {
          case HOLDING -> "It is in force until the deadline.";
          case UNDOING -> "It is being undone.";
          case INSPECTING, RESUMING ->
              "It is not known whether it was undone; the cluster is asked.";
        },
        lease.deadline(),
        RunView.secondsLeft(lease.deadline(), now),
        lease.attempts(),
        PlanView.of(lease.undo()));
  }
}
