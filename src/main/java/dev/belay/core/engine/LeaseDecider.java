package dev.belay.core.engine;

import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.Action;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Inspection;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Undoes mitigations when their leases end: intent first, then the change, and after any doubt a
 * look at the cluster. Failures count, and lengthen the pauses; that the daemon stopped in between
 * is no failure of the undoing, and costs neither an attempt nor time.
 */
final class LeaseDecider {
  /** How long an undoing may be under way before the cluster is asked. */
  private static final Duration UNDOING = Duration.ofMinutes(1);

  private static final Duration AGAIN = Duration.ofSeconds(30);
  private static final Duration AGAIN_LATEST = Duration.ofMinutes(10);
  private static final int DOUBLINGS = 5;

  /** Together about three hours; then a person is called. */
  private static final int ATTEMPTS = 20;

  void take(Turn turn, String service, Run run, Duration length, Plan undo) {
    ActionId undoing =
        ActionId.of("", run.incident(), run.remediation(), run.step(), "undo " + run.action());
    turn.record(
        new Fact.LeaseMoved(
            service,
            new Lease(
                run.action(),
                run.incident(),
                undo,
                undoing,
                Lease.Phase.HOLDING,
                turn.now.plus(length),
                0),
            turn.now));
  }

  /**
   * Flags that a step wants set are set already, by an earlier mitigation of the service: it is in
   * force for as long as the step would be, or they would go back in the midst of this incident.
   */
  void prolong(Turn turn, ServiceState service, String incident, Step step) {
    for (Lease lease : List.copyOf(service.leases())) {
      Optional<Instant> until = step.lease().map(turn.now::plus).filter(lease.deadline()::isBefore);
      if (lease.phase() == Lease.Phase.HOLDING && until.isPresent() && shares(lease, step)) {
        move(turn, service.name(), lease.prolonged(incident, until.get()));
      }
    }
  }

  private static boolean shares(Lease lease, Step step) {
    return step.action() instanceof Action.Flags(var configMap, var set)
        && lease.undo() instanceof Plan.RestoreFlags undo
        && undo.configMap().equals(configMap)
        && undo.set().keySet().stream().anyMatch(set::containsKey);
  }

  /** The mitigation turned out to be somebody else's. */
  void drop(Turn turn, ServiceState service, ActionId action) {
    service.leases().stream()
        .filter(lease -> lease.action().equals(action))
        .findFirst()
        .ifPresent(
            lease -> end(turn, service.name(), lease, Reason.CHANGED_BY_PERSON, "it is theirs"));
  }

  void review(Turn turn, ServiceState service) {
    for (Lease lease : List.copyOf(service.leases())) {
      if (!lease.deadline().isAfter(turn.now)) {
        due(turn, service.name(), lease);
      }
    }
  }

  private void due(Turn turn, String service, Lease lease) {
    switch (lease.phase()) {
      case HOLDING -> undoUnlessHeld(turn, service, lease);
      // No answer came in all that time.
      case UNDOING, INSPECTING, RESUMING -> failed(turn, service, lease);
    }
  }

  /** Under a hold it stays in force; it is looked at again when the hold ends. */
  private void undoUnlessHeld(Turn turn, String service, Lease lease) {
    boolean held =
        turn.state.hold().isPresent()
            || turn.state.service(service).filter(it -> it.narrowing.hold()).isPresent();
    if (!held) {
      undo(turn, service, lease);
    } else if (lease.phase() != Lease.Phase.HOLDING) {
      again(turn, service, lease, lease.attempts());
    }
  }

  private void undo(Turn turn, String service, Lease lease) {
    if (lease.phase() == Lease.Phase.HOLDING && lease.attempts() == 0) {
      turn.record(
          new Fact.Decided(
              service,
              lease.incident(),
              "",
              true,
              Reason.LEASE_ENDED,
              List.of(new Evidence("undoing", Sentences.plan(lease.undo()))),
              turn.now));
    }
    move(turn, service, lease.in(Lease.Phase.UNDOING, turn.now.plus(UNDOING), lease.attempts()));
    turn.command(
        new Command.Apply(service, lease.undoAction(), lease.undo(), turn.now.plus(UNDOING)));
  }

  /** The attempt failed, and may have taken effect all the same: see. */
  private void failed(Turn turn, String service, Lease lease) {
    if (lease.attempts() >= ATTEMPTS) {
      end(turn, service, lease, Reason.CLUSTER_UNAVAILABLE, "the cluster did not answer");
    } else {
      inspect(turn, service, lease, Lease.Phase.INSPECTING, lease.attempts() + 1);
    }
  }

  private static void inspect(
      Turn turn, String service, Lease lease, Lease.Phase phase, int attempts) {
    move(turn, service, lease.in(phase, later(turn, lease), attempts));
    turn.command(new Command.Inspect(service, lease.undoAction(), lease.undo()));
  }

  /**
   * Takes up what was under way when the daemon stopped: a look at once, whatever failed before.
   */
  void resume(Turn turn, ServiceState service) {
    for (Lease lease : List.copyOf(service.leases())) {
      switch (lease.phase()) {
        case HOLDING -> {}
        case UNDOING, RESUMING ->
            inspect(turn, service.name(), lease, Lease.Phase.RESUMING, lease.attempts());
        case INSPECTING ->
            inspect(turn, service.name(), lease, Lease.Phase.INSPECTING, lease.attempts());
      }
    }
  }

  Optional<Lease> undoneBy(ServiceState service, ActionId action) {
    return service.leases().stream().filter(lease -> lease.undoAction().equals(action)).findFirst();
  }

  void finished(Turn turn, String service, Lease lease, Outcome outcome) {
    if (lease.phase() == Lease.Phase.HOLDING) {
      return;
    }
    switch (outcome) {
      case Outcome.Applied(var detail) -> end(turn, service, lease, Reason.RESTORED, detail);
      case Outcome.AlreadyDone(var detail) ->
          end(turn, service, lease, Reason.ALREADY_DONE, detail);
      case Outcome.Refused(var reason, var detail) -> {
        if (passing(reason) && lease.attempts() < ATTEMPTS) {
          again(turn, service, lease, lease.attempts() + 1);
        } else {
          end(turn, service, lease, reason, detail);
        }
      }
      case Outcome.Doubtful _ -> failed(turn, service, lease);
    }
  }

  void inspected(Turn turn, String service, Lease lease, Inspection inspection) {
    if (lease.phase() != Lease.Phase.INSPECTING && lease.phase() != Lease.Phase.RESUMING) {
      return;
    }
    switch (inspection.finding()) {
      case EFFECTIVE -> end(turn, service, lease, Reason.RESTORED, inspection.detail());
      case ALREADY_DONE -> end(turn, service, lease, Reason.ALREADY_DONE, inspection.detail());
      case UNTOUCHED -> {
        if (lease.phase() == Lease.Phase.RESUMING) {
          undoUnlessHeld(turn, service, lease);
        } else {
          again(turn, service, lease, lease.attempts());
        }
      }
      case SUPERSEDED -> end(turn, service, lease, Reason.CHANGED_BY_PERSON, inspection.detail());
    }
  }

  /**
   * Whether the refusal may be gone the next time: the guard was overtaken, or the cluster was
   * busy.
   */
  private static boolean passing(Reason reason) {
    return reason == Reason.SUPERSEDED || reason == Reason.CLUSTER_UNAVAILABLE;
  }

  private static void again(Turn turn, String service, Lease lease, int attempts) {
    move(turn, service, lease.in(Lease.Phase.HOLDING, later(turn, lease), attempts));
  }

  private static Instant later(Turn turn, Lease lease) {
    Duration wait = AGAIN.multipliedBy(1L << Math.min(lease.attempts(), DOUBLINGS));
    return turn.now.plus(wait.compareTo(AGAIN_LATEST) > 0 ? AGAIN_LATEST : wait);
  }

  private static void move(Turn turn, String service, Lease lease) {
    turn.record(new Fact.LeaseMoved(service, lease, turn.now));
  }

  private static void end(Turn turn, String service, Lease lease, Reason reason, String detail) {
    turn.record(
        new Fact.LeaseEnded(
            service, lease.action(), reason, detail, turn.now, Optional.of(lease.incident())));
  }
}
