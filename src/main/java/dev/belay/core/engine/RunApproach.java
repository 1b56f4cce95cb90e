package dev.belay.core.engine;

import dev.belay.core.incident.Blame;
import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Release;
import dev.belay.core.remediation.Action;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Preflight;
import dev.belay.core.remediation.Remediation;
import dev.belay.core.remediation.Step;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.Service;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A run up to PERMIT. Nothing has been changed yet, and it ends at once when its condition no
 * longer certainly holds, a person objects, or something newer was shipped.
 */
final class RunApproach {
  private final ServiceIndex index;
  private final Settings settings;
  private final Ladder ladder;
  private final Blamer blamer;
  private final LeaseDecider leases;
  private final WholeDecider whole;
  private final RunEffect effect;
  private final Grounds grounds;

  RunApproach(
      ServiceIndex index,
      Settings settings,
      Ladder ladder,
      Blamer blamer,
      LeaseDecider leases,
      WholeDecider whole,
      RunEffect effect,
      Grounds grounds) {
    this.index = index;
    this.settings = settings;
    this.ladder = ladder;
    this.blamer = blamer;
    this.leases = leases;
    this.whole = whole;
    this.effect = effect;
    this.grounds = grounds;
  }

  void beforeActing(
      Turn turn,
      ServiceState service,
      Run run,
      Optional<Service> rule,
      Optional<Remediation> remediation,
      Trouble trouble) {
    Optional<Evidence> changed = changed(service, run, rule, remediation);
    Optional<Reason> end = endBeforeActing(turn, service, run, changed, remediation, trouble);
    if (end.isPresent()) {
      List<Evidence> said = new ArrayList<>();
      if (end.get() == Reason.SUPERSEDED) {
        changed.ifPresent(said::add);
      }
      if (end.get() == Reason.SUPERSEDED || end.get() == Reason.WORKLOAD_HELD) {
        said.addAll(service.narrowing.evidence());
      }
      if (!said.isEmpty()) {
        Ladder.decide(turn, service, run, false, end.get(), said);
      }
      end(turn, service, run, end.get());
    } else if (Ladder.due(turn, run)) {
      dueBeforeActing(turn, service, run, remediation.orElseThrow());
    }
  }

  private void end(Turn turn, ServiceState service, Run run, Reason reason) {
    Optional<InputState> silent =
        Grounds.cluster(turn.state).or(() -> grounds.silent(turn.state, service.name()));
    if (reason == Reason.INPUT_SILENT && silent.isPresent()) {
      Ladder.endInSilence(turn, service, run, silent.get());
    } else {
      Ladder.end(turn, service, run, reason);
    }
  }

  /**
   * Why a run that has not changed anything yet must end.
   *
   * @param changed what makes it another than the one that was announced
   */
  private Optional<Reason> endBeforeActing(
      Turn turn,
      ServiceState service,
      Run run,
      Optional<Evidence> changed,
      Optional<Remediation> remediation,
      Trouble trouble) {
    if (service.objected()) {
      return Optional.of(Reason.VETOED);
    }
    Optional<Reason> forbidden = whole.forbids(turn, Optional.of(run.action()));
    if (forbidden.isPresent()) {
      return forbidden;
    }
    if (service.narrowing.hold()) {
      return Optional.of(Reason.WORKLOAD_HELD);
    }
    if (service.snooze().isPresent()) {
      return Optional.of(Reason.SNOOZED);
    }
    if (changed.isPresent() || remediation.isEmpty()) {
      return Optional.of(Reason.SUPERSEDED);
    }
    if (Grounds.cluster(turn.state).isPresent() && !waitsForPeople(turn, run)) {
      return Optional.of(Reason.INPUT_SILENT);
    }
    if (trouble.calls(remediation.get())) {
      return exonerated(turn, service, run, remediation.get(), trouble);
    }
    if (trouble.mayCall(remediation.get()) && !trouble.blindFor(settings.blindAfter(), turn.now)) {
      // Unknown holds: nothing is done on it, and nothing is given up for one lost reading.
      return Optional.empty();
    }
    if (service.lost() || trouble.doubtful()) {
      return Optional.of(Reason.SIGNAL_LOST);
    }
    // What ended is believed so far that nothing is done; that all is well is not concluded.
    return Optional.of(
        grounds.silent(turn.state, service.name()).isPresent()
            ? Reason.INPUT_SILENT
            : Reason.RECOVERED);
  }

  /** What makes the run another than the one that was announced. */
  private Optional<Evidence> changed(
      ServiceState service, Run run, Optional<Service> rule, Optional<Remediation> remediation) {
    if (rule.isEmpty() || remediation.isEmpty()) {
      return Optional.of(new Evidence("rules", "this remediation is no longer among them"));
    }
    Optional<Release> newer = newerRelease(service, run);
    if (newer.isPresent()) {
      return Optional.of(new Evidence("newer release", newer.get().label()));
    }
    Action action = remediation.get().ladder().get(run.step()).action();
    if (run.plan().filter(plan -> !Planner.fits(action, plan)).isPresent()) {
      return Optional.of(new Evidence("rules", "the step is now another: " + action.kind()));
    }
    Mode mode = ladder.mode(service, rule.get(), remediation.get());
    return mode.compareTo(run.mode()) < 0
        ? Optional.of(
            new Evidence("mode", mode.kind().word() + " instead of " + run.mode().kind().word()))
        : Optional.empty();
  }

  /** Whether people are asked first, so that the cluster may be silent meanwhile. */
  private static boolean waitsForPeople(Turn turn, Run run) {
    return switch (run.phase()) {
      case PROPOSED -> true;
      case COUNTDOWN -> !Ladder.due(turn, run);
      case OBSERVING, PREFLIGHT, PERMIT, ACTING, INSPECTING, SETTLING, VERIFYING -> false;
    };
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

  private static Optional<Release> newerRelease(ServiceState service, Run run) {
    Succession succession = new Succession(service.revisions());
    return run.blame()
        .flatMap(Blame::release)
        .flatMap(
            blamed ->
                service.releases().stream()
                    .filter(
                        release ->
                            succession.follows(release, blamed)
                                && !release.id().equals(blamed.id()))
                    .findFirst());
  }

  private void dueBeforeActing(Turn turn, ServiceState service, Run run, Remediation remediation) {
    switch (run.phase()) {
      case PROPOSED -> Ladder.end(turn, service, run, Reason.PROPOSAL_EXPIRED);
      case COUNTDOWN ->
          goAhead(
              turn,
              service,
              run,
              Reason.VETO_WINDOW_ELAPSED,
              List.of(new Evidence("window", Sentences.duration(run.mode().window()))));
      case OBSERVING, PREFLIGHT -> {
        if (!turn.now.isBefore(run.end())) {
          Ladder.end(turn, service, run, Reason.CLUSTER_UNAVAILABLE);
          return;
        }
        Ladder.move(turn, service, run.askingAgain(turn.now.plus(Ladder.ANSWER)));
        ask(turn, service, run, remediation);
      }
      // Leave is given or refused at once, but for a stop in between: what was seen is old.
      case PERMIT -> ladder.preflight(turn, service, run, run.attempts());
      case ACTING, INSPECTING, SETTLING, VERIFYING ->
          throw new IllegalStateException(run.phase() + " is not before acting");
    }
  }

  void observed(Turn turn, ServiceState service, Run run, Observation observation) {
    Optional<Remediation> remediation = ladder.remediation(service, run);
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
        ladder.refused(turn, service, run, remediation, reason, detail);
      }
    }
  }

  private void announce(Turn turn, ServiceState service, Run run) {
    Instant until = turn.now.plus(run.mode().window());
    switch (run.mode().kind()) {
      case ACT -> goAhead(turn, service, run, Reason.MODE_ACT, List.of());
      case VETO -> Ladder.move(turn, service, run.in(Run.Phase.COUNTDOWN, until, until));
      case PROPOSE -> Ladder.move(turn, service, run.in(Run.Phase.PROPOSED, until, until));
      case OBSERVE -> throw new IllegalStateException("a run never begins in mode observe");
    }
  }

  /** Nothing more is waited for: says why, and asks whether the plan still fits. */
  private void goAhead(
      Turn turn, ServiceState service, Run run, Reason reason, List<Evidence> evidence) {
    Ladder.decide(turn, service, run, true, reason, evidence);
    ladder.preflight(turn, service, run, 0);
  }

  void ask(Turn turn, ServiceState service, Run run, Remediation remediation) {
    if (run.phase() == Run.Phase.PREFLIGHT) {
      ladder.askPreflight(turn, service, run);
    } else {
      Planner.target(remediation.ladder().get(run.step()).action())
          .ifPresent(
              target -> turn.command(new Command.Observe(service.name(), run.action(), target)));
    }
  }

  void preflighted(Turn turn, ServiceState service, Run run, Preflight preflight) {
    boolean certain =
        ladder.remediation(service, run).filter(Trouble.of(service)::calls).isPresent();
    if (run.phase() != Run.Phase.PREFLIGHT || !certain) {
      // Where it is not certain that the condition holds, the question is asked again when due.
      return;
    }
    switch (preflight) {
      case Preflight.Ready(var plan) -> {
        if (run.plan().filter(plan::sameEffectAs).isEmpty()) {
          ladder.refused(
              turn,
              service,
              run,
              ladder.remediation(service, run),
              Reason.SUPERSEDED,
              "the plan changed");
          return;
        }
        Ladder.move(
            turn,
            service,
            run.with(plan)
                .asking(Run.Phase.PERMIT, turn.now.plus(Ladder.ANSWER), run.end(), run.attempts()));
        turn.record(new Fact.PermitAsked(service.name(), run.action(), turn.now));
      }
      case Preflight.Refused(var reason, var detail) ->
          ladder.refused(turn, service, run, ladder.remediation(service, run), reason, detail);
      case Preflight.AlreadyDone(var detail) -> {
        if (run.attempts() > 0 || service.attempted(run.action())) {
          // An earlier attempt may have come through late: see whose hand it was.
          RunEffect.inspect(turn, service, run, run.attempts());
        } else {
          effect.acted(turn, service, run, new Outcome.AlreadyDone(detail), false);
        }
      }
    }
  }

  void permitted(Turn turn, ServiceState service, Run run, Optional<Reason> refusal) {
    if (run.phase() != Run.Phase.PERMIT) {
      return;
    }
    if (refusal.isPresent()) {
      Ladder.end(turn, service, run, refusal.get());
      return;
    }
    Plan plan = run.plan().orElseThrow();
    turn.record(
        new Fact.ActionIntended(service.name(), run.incident(), run.action(), plan, turn.now));
    Ladder.move(
        turn,
        service,
        run.asking(
            Run.Phase.ACTING,
            turn.now.plus(RunEffect.CALL),
            turn.now.plus(settings.intentLife()),
            run.attempts()));
    turn.command(
        new Command.Apply(service.name(), run.action(), plan, turn.now.plus(RunEffect.CALL)));
  }

  void approved(Turn turn, ServiceState service, Event.Approved answer) {
    String incident = answer.incident();
    String person = answer.person();
    Optional<Run> asked = asked(turn, service, incident, answer.action(), person + " approved");
    if (asked.isEmpty()) {
      return;
    }
    Run run = asked.get();
    switch (run.phase()) {
      case PROPOSED, COUNTDOWN -> {
        String plan = run.plan().orElseThrow().digest();
        if (answer.plan().filter(seen -> !seen.equals(plan)).isPresent()) {
          Ladder.unanswered(
              turn,
              service,
              incident,
              Reason.ANSWER_TO_ANOTHER_PLAN,
              List.of(
                  new Evidence("answer", person + " approved"),
                  new Evidence("plan answered", answer.plan().get()),
                  new Evidence("plan that asks", plan)));
          return;
        }
        turn.record(
            new Fact.PersonApproved(service.name(), incident, person, turn.now, Optional.of(plan)));
        goAhead(turn, service, run, Reason.APPROVED, List.of(new Evidence("person", person)));
      }
      // It goes ahead already; or it has yet to be worked out, and nobody was asked.
      case OBSERVING, PREFLIGHT, PERMIT, ACTING, INSPECTING, SETTLING, VERIFYING -> {}
    }
  }

  void vetoed(Turn turn, ServiceState service, String incident, ActionId action, String person) {
    String answer = person + " objected";
    Optional<String> comesBack = comesBack(turn, service, incident, action);
    if (comesBack.isPresent()) {
      turn.record(new Fact.PersonVetoed(service.name(), incident, person, turn.now));
      turn.record(
          new Fact.Decided(
              service.name(),
              incident,
              comesBack.get(),
              false,
              Reason.VETOED,
              List.of(new Evidence("person", person)),
              turn.now));
      // What is under way instead is not agreed to either.
      turn.touch(service.name());
      return;
    }
    Optional<Run> asked = asked(turn, service, incident, action, answer);
    if (asked.isEmpty()) {
      return;
    }
    Run run = asked.get();
    switch (run.phase()) {
      case OBSERVING, PROPOSED, COUNTDOWN, PREFLIGHT, PERMIT -> {
        turn.record(new Fact.PersonVetoed(service.name(), incident, person, turn.now));
        Ladder.end(turn, service, run, Reason.VETOED);
      }
      // What has begun is seen to its end.
      case ACTING, INSPECTING, SETTLING, VERIFYING ->
          tooLate(turn, service, incident, action, answer);
    }
  }

  /**
   * The remediation of which the action is a step, where that ended before it did anything and
   * would begin again once a storm, a hold or whatever else ended it is over: who objects to it
   * meanwhile has objected in time.
   */
  private Optional<String> comesBack(
      Turn turn, ServiceState service, String incident, ActionId action) {
    boolean underWay = service.run().filter(run -> run.action().equals(action)).isPresent();
    if (!service.hasOpen(incident) || underWay || service.attempted(action)) {
      return Optional.empty();
    }
    return index.byName(service.name()).stream()
        .flatMap(rule -> rule.remediations().stream())
        .filter(remediation -> service.mayBegin(remediation.name()))
        .filter(remediation -> isStep(turn, service, incident, remediation, action))
        .map(Remediation::name)
        .findFirst();
  }

  private static boolean isStep(
      Turn turn, ServiceState service, String incident, Remediation remediation, ActionId action) {
    return IntStream.range(0, remediation.ladder().size())
        .mapToObj(step -> Ladder.action(turn.state, service, incident, remediation.name(), step))
        .anyMatch(action::equals);
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
    Ladder.unanswered(
        turn,
        service,
        incident,
        Reason.ANSWER_TOO_LATE,
        List.of(new Evidence("answer", what), new Evidence("to action", action.value())));
  }

  /** Whoever may not answer is noted, and changes nothing. */
  static void forbidden(Turn turn, ServiceState service, Event.AnswerForbidden answer) {
    Ladder.unanswered(
        turn,
        service,
        answer.incident(),
        Reason.ANSWER_FORBIDDEN,
        List.of(
            new Evidence("answer", answer.person() + ": " + answer.answer()),
            new Evidence("because", answer.why())));
  }
}
