package dev.belay.core.engine;

import dev.belay.core.incident.Blame;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Plan;
import dev.belay.core.rule.Mode;
import java.time.Instant;
import java.util.Optional;

/**
 * A remediation under way on one service; there is at most one.
 *
 * @param incident for which incident
 * @param remediation which one
 * @param step which step of its ladder, from 0
 * @param phase where that step stands
 * @param mode how far Belay may go on its own, narrowed by environment and configuration
 * @param blame whom it blames, where the remediation asks
 * @param action the step's idempotency key
 * @param plan what exactly will be, or was, changed; empty while it is being worked out
 * @param deadline when the phase ends by itself: the veto window, the verification window, or the
 *     time to ask again
 * @param end when the phase is given up, for those phases that ask again; for VERIFYING how far it
 *     may be prolonged
 * @param attempts how often the phase has asked the cluster in vain; a restart of the daemon does
 *     not count
 */
public record Run(
    String incident,
    String remediation,
    int step,
    Phase phase,
    Mode mode,
    Optional<Blame> blame,
    ActionId action,
    Optional<Plan> plan,
    Instant deadline,
    Instant end,
    int attempts) {
  /** The phases of one step, in their usual order. */
  public enum Phase {
    /** The cluster is read, to work out a plan. */
    OBSERVING,
    /** A person is asked. */
    PROPOSED,
    /** People may object. */
    COUNTDOWN,
    /** The cluster is asked whether the plan would go through. */
    PREFLIGHT,
    /** The whole is asked for leave: hold, storm brake, budget. */
    PERMIT,
    /** The intent is durable and the change under way. */
    ACTING,
    /** It is not known whether the change took effect: the cluster is asked. */
    INSPECTING,
    /** The change is accepted; the cluster carries it out. */
    SETTLING,
    /** The trouble has until the deadline to end. */
    VERIFYING
  }

  /** This run in another phase. */
  Run in(Phase next, Instant newDeadline, Instant newEnd) {
    return new Run(
        incident, remediation, step, next, mode, blame, action, plan, newDeadline, newEnd, 0);
  }

  /** This run in another phase, which goes on counting what was asked in vain. */
  Run asking(Phase next, Instant newDeadline, Instant newEnd, int newAttempts) {
    return new Run(
        incident,
        remediation,
        step,
        next,
        mode,
        blame,
        action,
        plan,
        newDeadline,
        newEnd,
        newAttempts);
  }

  /** This run with a plan. */
  Run with(Plan newPlan) {
    return new Run(
        incident,
        remediation,
        step,
        phase,
        mode,
        blame,
        action,
        Optional.of(newPlan),
        deadline,
        end,
        attempts);
  }

  /** This run, having asked in vain once more. */
  Run askingAgain(Instant newDeadline) {
    return new Run(
        incident,
        remediation,
        step,
        phase,
        mode,
        blame,
        action,
        plan,
        newDeadline,
        end,
        attempts + 1);
  }
}
