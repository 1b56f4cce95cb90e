package dev.belay.core.engine;

import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.Inspection;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Remediation;
import dev.belay.core.remediation.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A run from ACTING on. The cluster may have been changed, so it ends only when it is known what
 * became of it.
 */
final class RunEffect {
  /** How long one change may take to be answered. */
  static final Duration CALL = Duration.ofMinutes(1);

  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration LOOK_LATEST = Duration.ofSeconds(10);

  /**
   * Rates over five minutes hold the trouble for as long after its end, and Alertmanager tells of a
   * resolved alert once in its group_interval, which is five minutes out of the box.
   */
  private static final Duration DEFAULT_VERIFY = Duration.ofMinutes(10);

  /** How long a mitigation holds whose remediation the rules no longer know. */
  private static final Duration ORPHANED_LEASE = Duration.ofMinutes(30);

  private static final int OVERTAKEN_AT_MOST = 3;

  private final Settings settings;
  private final Ladder ladder;
  private final LeaseDecider leases;
  private final Grounds grounds;

  RunEffect(Settings settings, Ladder ladder, LeaseDecider leases, Grounds grounds) {
    this.settings = settings;
    this.ladder = ladder;
    this.leases = leases;
    this.grounds = grounds;
  }

  void look(Turn turn, ServiceState service, Run run, Optional<Remediation> remediation) {
    Optional<InputState> cluster = Grounds.cluster(turn.state);
    if (!turn.now.isBefore(run.end()) && cluster.isPresent()) {
      Ladder.endInSilence(turn, service, run, cluster.get());
      return;
    }
    if (!turn.now.isBefore(run.end())) {
      ladder.nextStep(turn, service, run, remediation, Reason.ROLLOUT_STUCK, "it took too long");
      return;
    }
    Duration wait = LOOK.multipliedBy(1 + run.attempts());
    Ladder.move(
        turn,
        service,
        run.askingAgain(turn.now.plus(wait.compareTo(LOOK_LATEST) > 0 ? LOOK_LATEST : wait)));
    turn.command(new Command.Settle(service.name(), run.action(), run.plan().orElseThrow()));
  }

  /**
   * It helped if what called for it ended, whatever else is wrong: that keeps the incident open,
   * and calls for what it calls for. While something is silent on which that rests, nothing is
   * concluded, neither that it helped nor that it did not; and where that may be for a moment, it
   * waits for as long.
   */
  void verify(
      Turn turn,
      ServiceState service,
      Run run,
      Optional<Remediation> remediation,
      Trouble trouble) {
    boolean calls = remediation.map(trouble::calls).orElse(trouble.certain());
    boolean unknown =
        !calls
            && remediation
                .map(known -> trouble.mayCall(known) || service.lost(known))
                .orElse(trouble.doubtful() || service.lost());
    Optional<InputState> silent = grounds.silent(turn.state, service.name());
    if (silent.isPresent()) {
      InputState input = silent.get();
      boolean moment = !input.silent() && input.until().isAfter(turn.now);
      if (moment && Ladder.due(turn, run) && turn.now.isBefore(run.end())) {
        prolong(turn, service, run, input.until());
      } else if (Ladder.due(turn, run)) {
        Ladder.endInSilence(turn, service, run, input);
      }
    } else if (!calls && !unknown) {
      boolean well = !trouble.certain() && !trouble.doubtful();
      Ladder.end(turn, service, run, well ? Reason.VERIFIED : Reason.VERIFIED_IN_PART);
    } else if (Ladder.due(turn, run)) {
      if (unknown) {
        Ladder.end(turn, service, run, Reason.SIGNAL_LOST);
      } else {
        ladder.nextStep(
            turn, service, run, remediation, Reason.STEP_DID_NOT_HELP, trouble.summary());
      }
    }
  }

  /**
   * An input is heard of again. The time of its silence does not count for a verification that
   * rests on it; and what is carried out in the cluster gets a look before it is judged.
   */
  void heardAgain(Turn turn, ServiceState service, InputState was) {
    service
        .run()
        .filter(_ -> grounds.rests(service.name(), was))
        .ifPresent(
            run -> {
              if (run.phase() == Run.Phase.VERIFYING) {
                prolong(turn, service, run, was);
              } else if (run.phase() == Run.Phase.SETTLING && was.input() == Input.CLUSTER) {
                lookAgain(turn, service, run);
              }
            });
  }

  /** Time in which another input is still silent is counted once that is heard of. */
  private void prolong(Turn turn, ServiceState service, Run run, InputState was) {
    Instant since = was.silentSince().orElse(turn.now);
    Instant counted =
        turn.state.silent().stream()
            .filter(other -> grounds.rests(service.name(), other))
            .flatMap(other -> other.silentSince().stream())
            .filter(turn.now::isAfter)
            .min(Instant::compareTo)
            .orElse(turn.now);
    if (since.isBefore(counted)) {
      prolong(turn, service, run, run.deadline().plus(Duration.between(since, counted)));
    }
  }

  private static void prolong(Turn turn, ServiceState service, Run run, Instant longer) {
    Instant until = longer.isAfter(run.end()) ? run.end() : longer;
    Ladder.move(turn, service, run.asking(Run.Phase.VERIFYING, until, run.end(), 0));
  }

  private static void lookAgain(Turn turn, ServiceState service, Run run) {
    Instant least = turn.now.plus(CALL);
    Instant end = run.end().isBefore(least) ? least : run.end();
    Ladder.move(turn, service, run.in(Run.Phase.SETTLING, turn.now.plus(LOOK), end));
  }

  private static Duration window(Optional<Remediation> remediation, Run run) {
    return remediation
        .flatMap(found -> found.ladder().get(run.step()).verify())
        .orElse(DEFAULT_VERIFY);
  }

  static void inspect(Turn turn, ServiceState service, Run run, int attempts) {
    if (run.phase() != Run.Phase.INSPECTING) {
      Ladder.move(
          turn,
          service,
          run.asking(Run.Phase.INSPECTING, turn.now.plus(backoff(run)), run.end(), attempts));
      inspectCommand(turn, service, run);
    }
  }

  void finished(Turn turn, ServiceState service, Run run, Outcome outcome) {
    if (run.phase() != Run.Phase.ACTING && run.phase() != Run.Phase.INSPECTING) {
      return;
    }
    switch (outcome) {
      case Outcome.Applied _, Outcome.AlreadyDone _ -> acted(turn, service, run, outcome, true);
      case Outcome.Refused(var reason, var detail) -> {
        turn.record(ended(turn, service, run, outcome));
        boolean overtaken = reason == Reason.SUPERSEDED && run.attempts() < OVERTAKEN_AT_MOST;
        if (overtaken) {
          ladder.preflight(turn, service, run, run.attempts() + 1);
        } else {
          ladder.refused(turn, service, run, ladder.remediation(service, run), reason, detail);
        }
      }
      case Outcome.Doubtful _ -> inspect(turn, service, run, run.attempts() + 1);
    }
  }

  void inspected(Turn turn, ServiceState service, Run run, Inspection inspection) {
    if (run.phase() != Run.Phase.INSPECTING) {
      return;
    }
    String detail = inspection.detail();
    switch (inspection.finding()) {
      case EFFECTIVE -> acted(turn, service, run, new Outcome.Applied(detail), true);
      case ALREADY_DONE -> acted(turn, service, run, new Outcome.AlreadyDone(detail), false);
      case UNTOUCHED -> untouched(turn, service, run, detail);
      case SUPERSEDED -> {
        turn.record(ended(turn, service, run, new Outcome.Refused(Reason.SUPERSEDED, detail)));
        ladder.refused(
            turn, service, run, ladder.remediation(service, run), Reason.SUPERSEDED, detail);
      }
    }
  }

  /**
   * The change never happened. It is tried again under the same id, unless too much time has
   * passed.
   */
  private void untouched(Turn turn, ServiceState service, Run run, String detail) {
    lease(turn, service, run);
    if (turn.now.isBefore(run.end()) && run.attempts() <= OVERTAKEN_AT_MOST) {
      ladder.preflight(turn, service, run, run.attempts());
    } else {
      turn.record(ended(turn, service, run, new Outcome.Refused(Reason.INTENT_STALE, detail)));
      Ladder.end(turn, service, run, Reason.INTENT_STALE);
    }
  }

  /** The cluster is as the plan wants it. */
  void acted(Turn turn, ServiceState service, Run run, Outcome outcome, boolean ours) {
    Plan plan = run.plan().orElseThrow();
    turn.record(ended(turn, service, run, outcome));
    if (plan instanceof Plan.RollBack rollBack) {
      turn.record(
          new Fact.RevisionJudged(
              service.name(), rollBack.fromDigest(), false, Reason.KNOWN_BAD, turn.now));
    }
    ladder
        .remediation(service, run)
        .map(found -> found.ladder().get(run.step()))
        .ifPresent(step -> leases.prolong(turn, service, run.incident(), step));
    if (ours) {
      lease(turn, service, run);
    } else {
      leases.drop(turn, service, run.action());
    }
    Ladder.move(
        turn,
        service,
        run.in(Run.Phase.SETTLING, turn.now.plus(LOOK), turn.now.plus(settings.settlePatience())));
  }

  void settled(Turn turn, ServiceState service, Run run, Settlement settlement) {
    if (run.phase() != Run.Phase.SETTLING) {
      return;
    }
    Optional<Remediation> remediation = ladder.remediation(service, run);
    switch (settlement) {
      case Settlement.Progressing _ -> {}
      case Settlement.Failed(var reason, var detail) ->
          ladder.nextStep(turn, service, run, remediation, reason, detail);
      case Settlement.Settled _ -> {
        Duration window = window(remediation, run);
        Instant until = turn.now.plus(window);
        // Silences of inputs prolong it, but not without end.
        Ladder.move(turn, service, run.in(Run.Phase.VERIFYING, until, until.plus(window)));
        turn.touch(service.name());
      }
    }
  }

  /** What was done, or may yet be done by a request that is late, is undone when its lease ends. */
  private void lease(Turn turn, ServiceState service, Run run) {
    Optional<Remediation> known = ladder.remediation(service, run);
    Optional<Duration> length =
        known.isPresent()
            ? known.get().ladder().get(run.step()).lease()
            : Optional.of(ORPHANED_LEASE);
    Optional<Plan> undo = run.plan().flatMap(plan -> plan.undo(run.action()));
    if (length.isPresent() && undo.isPresent()) {
      leases.take(turn, service.name(), run, length.get(), undo.get());
    }
  }

  private static Fact ended(Turn turn, ServiceState service, Run run, Outcome outcome) {
    return new Fact.ActionEnded(service.name(), run.incident(), run.action(), outcome, turn.now);
  }

  /** The run may not end while it is not known what became of the change; but people must know. */
  static void pageOnceStuck(Turn turn, ServiceState service, Run run) {
    if (!turn.now.isBefore(run.end()) && !service.stuck.equals(Optional.of(run.action()))) {
      Ladder.decide(
          turn,
          service,
          run,
          false,
          Reason.INSPECTION_STUCK,
          List.of(
              new Evidence("action", run.action().value()),
              new Evidence("plan", run.plan().map(Sentences::plan).orElse(""))));
    }
  }

  static void inspectCommand(Turn turn, ServiceState service, Run run) {
    turn.command(new Command.Inspect(service.name(), run.action(), run.plan().orElseThrow()));
  }

  static Duration backoff(Run run) {
    Duration wait = LOOK.multipliedBy(1L << Math.min(run.attempts(), 6));
    return wait.compareTo(CALL) > 0 ? CALL : wait;
  }
}
