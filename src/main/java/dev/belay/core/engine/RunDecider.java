package dev.belay.core.engine;

import dev.belay.core.incident.Blame;
import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Incident;
import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.Action;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Inspection;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Preflight;
import dev.belay.core.remediation.Remediation;
import dev.belay.core.remediation.Settlement;
import dev.belay.core.remediation.Step;
import dev.belay.core.remediation.Target;
import dev.belay.core.rule.Environment;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Carries a service's remediation from its first condition to its end. One step of the ladder goes
 * so:
 *
 * <pre>
 *  OBSERVING ──► COUNTDOWN | PROPOSED ──► PREFLIGHT ──► PERMIT ──► ACTING ──► SETTLING ──► VERIFYING
 *                (or neither: mode act)        ▲                     │            │            │
 *                                              └──── INSPECTING ◄────┘ (doubt)    └─► next ◄───┘
 * </pre>
 *
 * Up to PERMIT nothing has been changed, and the run ends at once when its condition no longer
 * certainly holds, a person objects, or something newer was shipped. From ACTING on it may have
 * been changed, and the run ends only when it is known what became of it.
 */
final class RunDecider {
  private static final Duration ANSWER = Duration.ofSeconds(15);
  private static final Duration CALL = Duration.ofMinutes(1);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration LOOK_LATEST = Duration.ofSeconds(10);
  private static final Duration DEFAULT_VERIFY = Duration.ofMinutes(5);

  /** How long a mitigation holds whose remediation the rules no longer know. */
  private static final Duration ORPHANED_LEASE = Duration.ofMinutes(30);

  private static final int OVERTAKEN_AT_MOST = 3;

  private final ServiceIndex index;
  private final Settings settings;
  private final Blamer blamer;
  private final LeaseDecider leases;
  private final WholeDecider whole;

  RunDecider(
      ServiceIndex index,
      Settings settings,
      Blamer blamer,
      LeaseDecider leases,
      WholeDecider whole) {
    this.index = index;
    this.settings = settings;
    this.blamer = blamer;
    this.leases = leases;
    this.whole = whole;
  }

  /** Begins a remediation where one is called for, or moves the one under way on. */
  void review(Turn turn, ServiceState service, Trouble trouble) {
    Optional<Service> rule = index.byName(service.name());
    if (service.run().isPresent()) {
      proceed(turn, service, service.run().get(), rule, trouble);
    } else if (service.incident().isPresent() && rule.isPresent()) {
      if (trouble.certain()) {
        begin(turn, service, service.incident().get(), rule.get(), trouble);
      } else if (trouble.blindFor(settings.blindAfter(), turn.now)) {
        refuseAll(turn, service, service.incident().get(), trouble, Reason.SIGNAL_LOST);
      }
    }
  }

  // ---- begin

  private void begin(
      Turn turn, ServiceState service, Incident incident, Service rule, Trouble trouble) {
    boolean called = false;
    boolean objected = service.tried.containsValue(Reason.VETOED.name());
    for (Remediation remediation : rule.remediations()) {
      if (!trouble.calls(remediation)) {
        continue;
      }
      called = true;
      if (ServiceState.BEGUN.equals(service.tried.get(remediation.name()))) {
        continue;
      }
      Optional<Blame> blame =
          remediation.blame().map(window -> blamer.blame(service, trouble, window, turn.now));
      Mode mode = mode(rule, remediation);
      // Who objects to one remediation has not agreed to the next.
      Optional<Reason> refusal =
          objected ? Optional.of(Reason.VETOED) : refusal(turn, service, rule, blame, mode);
      if (refusal.isEmpty()) {
        start(turn, service, incident, remediation, mode, blame, trouble);
        return;
      }
      refuse(turn, service, incident, remediation, refusal.get(), blame, trouble);
    }
    if (!called) {
      refuseAll(turn, service, incident, trouble, Reason.NO_REMEDIATION);
    }
  }

  private Mode mode(Service rule, Remediation remediation) {
    Mode cap = index.environmentOf(rule).map(Environment::cap).orElse(Mode.ACT);
    return remediation.mode().atMost(cap).atMost(settings.mode());
  }

  private Optional<Reason> refusal(
      Turn turn, ServiceState service, Service rule, Optional<Blame> blame, Mode mode) {
    if (blame.isPresent() && blame.get().release().isEmpty()) {
      return Optional.of(blame.get().reason());
    }
    if (mode.kind() == Mode.Kind.OBSERVE) {
      return Optional.of(Reason.MODE_OBSERVE);
    }
    Optional<Reason> forbidden = whole.forbids(turn, Optional.empty());
    if (forbidden.isPresent()) {
      return forbidden;
    }
    boolean cooling =
        service.quietSince.isPresent()
            && turn.now.isBefore(service.quietSince.get().plus(rule.limits().cooldown()));
    if (cooling) {
      return Optional.of(Reason.COOLDOWN);
    }
    return spent(turn, service, rule) ? Optional.of(Reason.BUDGET_SPENT) : Optional.empty();
  }

  private static boolean spent(Turn turn, ServiceState service, Service rule) {
    return service.actionsInTheHourBefore(turn.now) >= rule.limits().actionsPerHour();
  }

  private static List<Evidence> evidence(Optional<Blame> blame, Trouble trouble) {
    List<Evidence> evidence = new ArrayList<>();
    evidence.add(new Evidence("trouble", trouble.summary()));
    blame.ifPresent(
        found -> {
          found
              .votes()
              .forEach(vote -> evidence.add(new Evidence("for: " + vote.what(), vote.value())));
          found
              .vetoes()
              .forEach(veto -> evidence.add(new Evidence("against: " + veto.what(), veto.value())));
        });
    return evidence;
  }

  /** Records a refusal, once as long as it stays the same. */
  private static void refuse(
      Turn turn,
      ServiceState service,
      Incident incident,
      Remediation remediation,
      Reason reason,
      Optional<Blame> blame,
      Trouble trouble) {
    if (!reason.name().equals(service.tried.get(remediation.name()))) {
      turn.record(
          new Fact.Decided(
              service.name(),
              incident.id(),
              remediation.name(),
              false,
              reason,
              evidence(blame, trouble),
              turn.now));
    }
  }

  private static void refuseAll(
      Turn turn, ServiceState service, Incident incident, Trouble trouble, Reason reason) {
    if (!reason.name().equals(service.tried.get(""))) {
      turn.record(
          new Fact.Decided(
              service.name(),
              incident.id(),
              "",
              false,
              reason,
              List.of(new Evidence("trouble", trouble.summary())),
              turn.now));
    }
  }

  private void start(
      Turn turn,
      ServiceState service,
      Incident incident,
      Remediation remediation,
      Mode mode,
      Optional<Blame> blame,
      Trouble trouble) {
    Reason reason = blame.map(Blame::reason).orElse(Reason.CONDITION_MET);
    turn.record(
        new Fact.Decided(
            service.name(),
            incident.id(),
            remediation.name(),
            true,
            reason,
            evidence(blame, trouble),
            turn.now));
    takeStep(turn, service, incident.id(), remediation, 0, mode, blame);
  }

  private void takeStep(
      Turn turn,
      ServiceState service,
      String incident,
      Remediation remediation,
      int number,
      Mode mode,
      Optional<Blame> blame) {
    ActionId action =
        ActionId.of(turn.state.journal(), incident, remediation.name(), number, service.name());
    Run run =
        new Run(
            incident,
            remediation.name(),
            number,
            Run.Phase.OBSERVING,
            mode,
            blame,
            action,
            Optional.empty(),
            turn.now.plus(ANSWER),
            turn.now.plus(settings.clusterPatience()),
            0);
    move(turn, service, run);
    Optional<Target> target = Planner.target(remediation.ladder().get(number).action());
    if (target.isPresent()) {
      turn.command(new Command.Observe(service.name(), action, target.get()));
    } else {
      end(turn, service, run, Reason.LADDER_EXHAUSTED);
    }
  }

  // ---- proceed

  private void proceed(
      Turn turn, ServiceState service, Run run, Optional<Service> rule, Trouble trouble) {
    Optional<Remediation> remediation = rule.flatMap(found -> named(found, run));
    switch (run.phase()) {
      case OBSERVING, PROPOSED, COUNTDOWN, PREFLIGHT, PERMIT ->
          beforeActing(turn, service, run, rule, remediation, trouble);
      case ACTING -> {
        if (due(turn, run)) {
          inspect(turn, service, run, run.attempts() + 1);
        }
      }
      case INSPECTING -> {
        if (due(turn, run)) {
          pageOnceStuck(turn, service, run);
          move(turn, service, run.askingAgain(turn.now.plus(backoff(run))));
          inspectCommand(turn, service, run);
        }
      }
      case SETTLING -> {
        if (due(turn, run)) {
          look(turn, service, run, remediation);
        }
      }
      case VERIFYING -> verify(turn, service, run, remediation, trouble);
    }
  }

  /** The run's remediation, unless the rules were changed so that its step is no more. */
  private static Optional<Remediation> named(Service rule, Run run) {
    return rule.remediations().stream()
        .filter(remediation -> remediation.name().equals(run.remediation()))
        .filter(remediation -> run.step() < remediation.ladder().size())
        .findFirst();
  }

  private static boolean due(Turn turn, Run run) {
    return !run.deadline().isAfter(turn.now);
  }

  private static Duration backoff(Run run) {
    Duration wait = LOOK.multipliedBy(1L << Math.min(run.attempts(), 6));
    return wait.compareTo(CALL) > 0 ? CALL : wait;
  }

  private void beforeActing(
      Turn turn,
      ServiceState service,
      Run run,
      Optional<Service> rule,
      Optional<Remediation> remediation,
      Trouble trouble) {
    Optional<Reason> end = endBeforeActing(turn, service, run, rule, remediation, trouble);
    if (end.isPresent()) {
      end(turn, service, run, end.get());
    } else if (due(turn, run)) {
      dueBeforeActing(turn, service, run, remediation.orElseThrow());
    }
  }

  /** Why a run that has not changed anything yet must end. */
  private Optional<Reason> endBeforeActing(
      Turn turn,
      ServiceState service,
      Run run,
      Optional<Service> rule,
      Optional<Remediation> remediation,
      Trouble trouble) {
    Optional<Reason> forbidden = whole.forbids(turn, Optional.of(run.action()));
    if (forbidden.isPresent()) {
      return forbidden;
    }
    if (rule.isEmpty() || remediation.isEmpty() || newerRelease(service, run)) {
      return Optional.of(Reason.SUPERSEDED);
    }
    Action action = remediation.get().ladder().get(run.step()).action();
    if (run.plan().filter(plan -> !Planner.fits(action, plan)).isPresent()) {
      // Somebody changed what is to be done.
      return Optional.of(Reason.SUPERSEDED);
    }
    if (mode(rule.get(), remediation.get()).compareTo(run.mode()) < 0) {
      // Somebody narrowed what Belay may do.
      return Optional.of(Reason.SUPERSEDED);
    }
    if (trouble.calls(remediation.get())) {
      return exonerated(turn, service, run, remediation.get(), trouble);
    }
    if (trouble.mayCall(remediation.get()) && !trouble.blindFor(settings.blindAfter(), turn.now)) {
      // Unknown holds: nothing is done on it, and nothing is given up for one lost reading.
      return Optional.empty();
    }
    return Optional.of(service.lost || trouble.doubtful() ? Reason.SIGNAL_LOST : Reason.RECOVERED);
  }

  /** Why the release is no longer to blame, where something that was heard since says so. */
  private Optional<Reason> exonerated(
      Turn turn, ServiceState service, Run run, Remediation remediation, Trouble trouble) {
    // What a step has changed is no longer what was judged.
    boolean judgeable = run.blame().isPresent() && (run.step() == 0 || !service.acted);
    return remediation
        .blame()
        .filter(_ -> judgeable)
        .map(window -> blamer.blame(service, trouble, window, turn.now))
        .filter(blame -> blame.release().isEmpty())
        .map(
            blame ->
                blame.reason() == Reason.RELEASE_UNJUDGED ? Reason.SUPERSEDED : blame.reason());
  }

  private static boolean newerRelease(ServiceState service, Run run) {
    return run.blame()
        .flatMap(Blame::release)
        .map(
            blamed ->
                service.releases().stream()
                    .anyMatch(
                        release ->
                            release.startedAt().isAfter(blamed.startedAt())
                                && !release.id().equals(blamed.id())))
        .orElse(false);
  }

  private void dueBeforeActing(Turn turn, ServiceState service, Run run, Remediation remediation) {
    switch (run.phase()) {
      case PROPOSED -> end(turn, service, run, Reason.PROPOSAL_EXPIRED);
      case COUNTDOWN ->
          goAhead(
              turn,
              service,
              run,
              Reason.VETO_WINDOW_ELAPSED,
              List.of(new Evidence("window", Sentences.duration(run.mode().window()))));
      case OBSERVING, PREFLIGHT -> {
        if (!turn.now.isBefore(run.end())) {
          end(turn, service, run, Reason.CLUSTER_UNAVAILABLE);
          return;
        }
        move(turn, service, run.askingAgain(turn.now.plus(ANSWER)));
        ask(turn, service, run, remediation);
      }
      // Leave is given or refused at once, but for a stop in between: what was seen is old.
      case PERMIT -> preflightAgain(turn, service, run, run.attempts());
      case ACTING, INSPECTING, SETTLING, VERIFYING ->
          throw new IllegalStateException(run.phase() + " is not before acting");
    }
  }

  private static void ask(Turn turn, ServiceState service, Run run, Remediation remediation) {
    if (run.phase() == Run.Phase.PREFLIGHT) {
      turn.command(new Command.Preflight(service.name(), run.action(), run.plan().orElseThrow()));
    } else {
      Planner.target(remediation.ladder().get(run.step()).action())
          .ifPresent(
              target -> turn.command(new Command.Observe(service.name(), run.action(), target)));
    }
  }

  /** Nothing more is waited for: says why, and asks whether the plan still fits. */
  private void goAhead(
      Turn turn, ServiceState service, Run run, Reason reason, List<Evidence> evidence) {
    turn.record(
        new Fact.Decided(
            service.name(), run.incident(), run.remediation(), true, reason, evidence, turn.now));
    move(
        turn,
        service,
        run.in(
            Run.Phase.PREFLIGHT, turn.now.plus(ANSWER), turn.now.plus(settings.clusterPatience())));
    turn.command(new Command.Preflight(service.name(), run.action(), run.plan().orElseThrow()));
  }

  private void look(Turn turn, ServiceState service, Run run, Optional<Remediation> remediation) {
    if (!turn.now.isBefore(run.end())) {
      nextStep(turn, service, run, remediation, Reason.ROLLOUT_STUCK, "it took too long");
      return;
    }
    Duration wait = LOOK.multipliedBy(1 + run.attempts());
    move(
        turn,
        service,
        run.askingAgain(turn.now.plus(wait.compareTo(LOOK_LATEST) > 0 ? LOOK_LATEST : wait)));
    turn.command(new Command.Settle(service.name(), run.action(), run.plan().orElseThrow()));
  }

  private void verify(
      Turn turn,
      ServiceState service,
      Run run,
      Optional<Remediation> remediation,
      Trouble trouble) {
    boolean unknown = trouble.doubtful() || (!trouble.certain() && service.lost);
    if (!trouble.certain() && !unknown) {
      end(turn, service, run, Reason.VERIFIED);
    } else if (due(turn, run)) {
      if (unknown) {
        end(turn, service, run, Reason.SIGNAL_LOST);
      } else {
        nextStep(turn, service, run, remediation, Reason.STEP_DID_NOT_HELP, trouble.summary());
      }
    }
  }

  private void nextStep(
      Turn turn,
      ServiceState service,
      Run run,
      Optional<Remediation> remediation,
      Reason reason,
      String detail) {
    int next = run.step() + 1;
    Optional<Service> rule = index.byName(service.name());
    if (remediation.isEmpty() || rule.isEmpty() || next >= remediation.get().ladder().size()) {
      end(
          turn,
          service,
          run,
          reason == Reason.STEP_DID_NOT_HELP ? Reason.LADDER_EXHAUSTED : reason);
      return;
    }
    Action action = remediation.get().ladder().get(next).action();
    boolean page = action instanceof Action.Page;
    boolean spent = !page && spent(turn, service, rule.get());
    turn.record(
        new Fact.Decided(
            service.name(),
            run.incident(),
            run.remediation(),
            !page && !spent,
            spent ? Reason.BUDGET_SPENT : reason,
            List.of(
                new Evidence("step " + (run.step() + 1), detail),
                new Evidence("next", action.kind())),
            turn.now));
    if (page && reason != Reason.STEP_DID_NOT_HELP) {
      end(turn, service, run, reason);
    } else if (spent) {
      end(turn, service, run, Reason.BUDGET_SPENT);
    } else {
      takeStep(turn, service, run.incident(), remediation.get(), next, run.mode(), run.blame());
    }
  }

  // ---- answers

  void observed(Turn turn, ServiceState service, Run run, Observation observation) {
    Optional<Remediation> remediation = remediation(service, run);
    if (run.phase() != Run.Phase.OBSERVING || remediation.isEmpty()) {
      return;
    }
    Step step = remediation.get().ladder().get(run.step());
    Trouble trouble = Trouble.of(service);
    switch (Planner.plan(
        step.action(), observation, service, run.blame(), trouble.earliest(index), turn.now)) {
      case Planner.Result.Planned(var plan) -> announce(turn, service, run.with(plan));
      case Planner.Result.Refused(var reason, var detail) -> {
        if (reason == Reason.ALREADY_DONE) {
          leases.prolong(turn, service, run.incident(), step);
        }
        refused(turn, service, run, remediation, reason, detail);
      }
    }
  }

  private void announce(Turn turn, ServiceState service, Run run) {
    Instant until = turn.now.plus(run.mode().window());
    switch (run.mode().kind()) {
      case ACT -> goAhead(turn, service, run, Reason.MODE_ACT, List.of());
      case VETO -> move(turn, service, run.in(Run.Phase.COUNTDOWN, until, until));
      case PROPOSE -> move(turn, service, run.in(Run.Phase.PROPOSED, until, until));
      case OBSERVE -> throw new IllegalStateException("a run never begins in mode observe");
    }
  }

  /**
   * A step cannot be taken. Where that says that Belay has judged something that is no longer so,
   * the run ends; otherwise the next step may still help.
   */
  private void refused(
      Turn turn,
      ServiceState service,
      Run run,
      Optional<Remediation> remediation,
      Reason reason,
      String detail) {
    switch (reason) {
      case SUPERSEDED, RELEASE_UNJUDGED, OLDER_THAN_RELEASE -> {
        turn.record(
            new Fact.Decided(
                service.name(),
                run.incident(),
                run.remediation(),
                false,
                reason,
                List.of(new Evidence("seen", detail)),
                turn.now));
        end(turn, service, run, reason);
      }
      default -> nextStep(turn, service, run, remediation, reason, detail);
    }
  }

  void preflighted(Turn turn, ServiceState service, Run run, Preflight preflight) {
    boolean certain = remediation(service, run).filter(Trouble.of(service)::calls).isPresent();
    if (run.phase() != Run.Phase.PREFLIGHT || !certain) {
      // Where it is not certain that the condition holds, the question is asked again when due.
      return;
    }
    switch (preflight) {
      case Preflight.Ready(var plan) -> {
        if (run.plan().filter(plan::sameEffectAs).isEmpty()) {
          refused(
              turn, service, run, remediation(service, run), Reason.SUPERSEDED, "the plan changed");
          return;
        }
        move(
            turn,
            service,
            run.with(plan)
                .asking(Run.Phase.PERMIT, turn.now.plus(ANSWER), run.end(), run.attempts()));
        turn.record(new Fact.PermitAsked(service.name(), run.action(), turn.now));
      }
      case Preflight.Refused(var reason, var detail) ->
          refused(turn, service, run, remediation(service, run), reason, detail);
      case Preflight.AlreadyDone(var detail) -> {
        if (run.attempts() > 0 || service.attempted(run.action())) {
          // An earlier attempt may have come through late: see whose hand it was.
          inspect(turn, service, run, run.attempts());
        } else {
          acted(turn, service, run, new Outcome.AlreadyDone(detail), false);
        }
      }
    }
  }

  void permitted(Turn turn, ServiceState service, Run run, Optional<Reason> refusal) {
    if (run.phase() != Run.Phase.PERMIT) {
      return;
    }
    if (refusal.isPresent()) {
      end(turn, service, run, refusal.get());
      return;
    }
    Plan plan = run.plan().orElseThrow();
    turn.record(
        new Fact.ActionIntended(service.name(), run.incident(), run.action(), plan, turn.now));
    move(
        turn,
        service,
        run.asking(
            Run.Phase.ACTING,
            turn.now.plus(CALL),
            turn.now.plus(settings.intentLife()),
            run.attempts()));
    turn.command(new Command.Apply(service.name(), run.action(), plan, turn.now.plus(CALL)));
  }

  void finished(Turn turn, ServiceState service, Run run, Outcome outcome) {
    if (run.phase() != Run.Phase.ACTING && run.phase() != Run.Phase.INSPECTING) {
      return;
    }
    switch (outcome) {
      case Outcome.Applied _, Outcome.AlreadyDone _ -> acted(turn, service, run, outcome, true);
      case Outcome.Refused(var reason, var detail) -> {
        turn.record(
            new Fact.ActionEnded(service.name(), run.incident(), run.action(), outcome, turn.now));
        boolean overtaken = reason == Reason.SUPERSEDED && run.attempts() < OVERTAKEN_AT_MOST;
        if (overtaken) {
          preflightAgain(turn, service, run, run.attempts() + 1);
        } else {
          refused(turn, service, run, remediation(service, run), reason, detail);
        }
      }
      case Outcome.Doubtful _ -> inspect(turn, service, run, run.attempts() + 1);
    }
  }

  /** What was seen before may be so no more: ask whether the plan still fits. */
  private void preflightAgain(Turn turn, ServiceState service, Run run, int attempts) {
    move(
        turn,
        service,
        run.asking(
            Run.Phase.PREFLIGHT,
            turn.now.plus(ANSWER),
            turn.now.plus(settings.clusterPatience()),
            attempts));
    turn.command(new Command.Preflight(service.name(), run.action(), run.plan().orElseThrow()));
  }

  private static void inspect(Turn turn, ServiceState service, Run run, int attempts) {
    if (run.phase() != Run.Phase.INSPECTING) {
      move(
          turn,
          service,
          run.asking(Run.Phase.INSPECTING, turn.now.plus(backoff(run)), run.end(), attempts));
      inspectCommand(turn, service, run);
    }
  }

  /** The run may not end while it is not known what became of the change; but people must know. */
  private static void pageOnceStuck(Turn turn, ServiceState service, Run run) {
    if (!turn.now.isBefore(run.end()) && !service.stuck.equals(Optional.of(run.action()))) {
      turn.record(
          new Fact.Decided(
              service.name(),
              run.incident(),
              run.remediation(),
              false,
              Reason.INSPECTION_STUCK,
              List.of(
                  new Evidence("action", run.action().value()),
                  new Evidence("plan", run.plan().map(Sentences::plan).orElse(""))),
              turn.now));
    }
  }

  private static void inspectCommand(Turn turn, ServiceState service, Run run) {
    turn.command(new Command.Inspect(service.name(), run.action(), run.plan().orElseThrow()));
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
        refused(turn, service, run, remediation(service, run), Reason.SUPERSEDED, detail);
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
      preflightAgain(turn, service, run, run.attempts());
    } else {
      turn.record(ended(turn, service, run, new Outcome.Refused(Reason.INTENT_STALE, detail)));
      end(turn, service, run, Reason.INTENT_STALE);
    }
  }

  /** What was done, or may yet be done by a request that is late, is undone when its lease ends. */
  private void lease(Turn turn, ServiceState service, Run run) {
    Optional<Remediation> known = remediation(service, run);
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

  /** The cluster is as the plan wants it. */
  private void acted(Turn turn, ServiceState service, Run run, Outcome outcome, boolean ours) {
    Plan plan = run.plan().orElseThrow();
    turn.record(ended(turn, service, run, outcome));
    if (plan instanceof Plan.RollBack rollBack) {
      turn.record(
          new Fact.RevisionJudged(
              service.name(), rollBack.fromDigest(), false, Reason.KNOWN_BAD, turn.now));
    }
    remediation(service, run)
        .map(found -> found.ladder().get(run.step()))
        .ifPresent(step -> leases.prolong(turn, service, run.incident(), step));
    if (ours) {
      lease(turn, service, run);
    } else {
      leases.drop(turn, service, run.action());
    }
    move(
        turn,
        service,
        run.in(Run.Phase.SETTLING, turn.now.plus(LOOK), turn.now.plus(settings.settlePatience())));
  }

  void settled(Turn turn, ServiceState service, Run run, Settlement settlement) {
    if (run.phase() != Run.Phase.SETTLING) {
      return;
    }
    Optional<Remediation> remediation = remediation(service, run);
    switch (settlement) {
      case Settlement.Progressing _ -> {}
      case Settlement.Failed(var reason, var detail) ->
          nextStep(turn, service, run, remediation, reason, detail);
      case Settlement.Settled _ -> {
        Duration window =
            remediation
                .flatMap(found -> found.ladder().get(run.step()).verify())
                .orElse(DEFAULT_VERIFY);
        Instant until = turn.now.plus(window);
        move(turn, service, run.in(Run.Phase.VERIFYING, until, until));
        turn.touch(service.name());
      }
    }
  }

  private Optional<Remediation> remediation(ServiceState service, Run run) {
    return index.byName(service.name()).flatMap(rule -> named(rule, run));
  }

  // ---- people

  void approved(Turn turn, ServiceState service, String incident, ActionId action, String person) {
    Optional<Run> asked = asked(turn, service, incident, action, person + " approved");
    if (asked.isEmpty()) {
      return;
    }
    Run run = asked.get();
    switch (run.phase()) {
      case PROPOSED, COUNTDOWN -> {
        turn.record(new Fact.PersonApproved(service.name(), incident, person, turn.now));
        goAhead(turn, service, run, Reason.APPROVED, List.of(new Evidence("person", person)));
      }
      // It goes ahead already; or it has yet to be worked out, and nobody was asked.
      case OBSERVING, PREFLIGHT, PERMIT, ACTING, INSPECTING, SETTLING, VERIFYING -> {}
    }
  }

  void vetoed(Turn turn, ServiceState service, String incident, ActionId action, String person) {
    String answer = person + " objected";
    Optional<Run> asked = asked(turn, service, incident, action, answer);
    if (asked.isEmpty()) {
      return;
    }
    Run run = asked.get();
    switch (run.phase()) {
      case OBSERVING, PROPOSED, COUNTDOWN, PREFLIGHT, PERMIT -> {
        turn.record(new Fact.PersonVetoed(service.name(), incident, person, turn.now));
        end(turn, service, run, Reason.VETOED);
      }
      // What has begun is seen to its end.
      case ACTING, INSPECTING, SETTLING, VERIFYING ->
          tooLate(turn, service, incident, action, answer);
    }
  }

  /** The run that the person was asked about; where it is no longer under way, that is said. */
  private static Optional<Run> asked(
      Turn turn, ServiceState service, String incident, ActionId action, String answer) {
    Optional<Run> asked =
        service
            .run()
            .filter(run -> run.incident().equals(incident))
            .filter(run -> run.action().equals(action));
    if (asked.isEmpty()) {
      tooLate(turn, service, incident, action, answer);
    }
    return asked;
  }

  private static void tooLate(
      Turn turn, ServiceState service, String incident, ActionId action, String what) {
    turn.record(
        new Fact.Decided(
            service.name(),
            incident,
            "",
            false,
            Reason.ANSWER_TOO_LATE,
            List.of(new Evidence("answer", what), new Evidence("to action", action.value())),
            turn.now));
  }

  // ---- restart

  /**
   * Takes up what was under way when the daemon stopped; what may have been changed is looked at
   * first.
   */
  void resume(Turn turn, ServiceState service) {
    if (service.run().isEmpty()) {
      return;
    }
    Run run = service.run().get();
    switch (run.phase()) {
      case OBSERVING, PREFLIGHT ->
          remediation(service, run).ifPresent(remediation -> ask(turn, service, run, remediation));
      case PERMIT -> preflightAgain(turn, service, run, run.attempts());
      case ACTING -> inspect(turn, service, run, run.attempts());
      case INSPECTING -> inspectCommand(turn, service, run);
      case SETTLING ->
          turn.command(new Command.Settle(service.name(), run.action(), run.plan().orElseThrow()));
      case PROPOSED, COUNTDOWN, VERIFYING -> {}
    }
  }

  private static void move(Turn turn, ServiceState service, Run run) {
    turn.record(new Fact.RunMoved(service.name(), run, turn.now));
  }

  private static void end(Turn turn, ServiceState service, Run run, Reason reason) {
    turn.record(new Fact.RunEnded(service.name(), run.incident(), reason, turn.now));
    turn.touch(service.name());
  }
}
