package dev.belay.core.engine;

import dev.belay.core.incident.Blame;
import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Action;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Remediation;
import dev.belay.core.remediation.Target;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.Service;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The steps of a remediation: how one is taken, how the next follows where one cannot be taken or
 * does not help, and how a run moves and ends.
 */
final class Ladder {
  /** How long an answer from the cluster is waited for before it is asked again. */
  static final Duration ANSWER = Duration.ofSeconds(15);

  private final ServiceIndex index;
  private final Settings settings;

  Ladder(ServiceIndex index, Settings settings) {
    this.index = index;
    this.settings = settings;
  }

  /** Takes a step: it begins with a look at what it is about. */
  void takeStep(
      Turn turn,
      ServiceState service,
      String incident,
      Remediation remediation,
      int number,
      Mode mode,
      Optional<Blame> blame) {
    ActionId action = action(turn.state, service, incident, remediation.name(), number);
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

  /** The id of the action that is a step of the remediation in an incident. */
  static ActionId action(
      State state, ServiceState service, String incident, String remediation, int number) {
    return ActionId.of(
        state.journal(), lasting(service, incident), remediation, number, service.name());
  }

  /**
   * What tells the incident from every other: its number comes again in a journal that was restored
   * to what it was before, its moment does not.
   */
  private static String lasting(ServiceState service, String incident) {
    return service
        .incident()
        .filter(open -> open.id().equals(incident))
        .map(open -> incident + "@" + open.openedAt())
        .orElse(incident);
  }

  /** Goes on to the next step, for that reason, as far as there is one and it may be taken. */
  void nextStep(
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
    if (!page && service.snooze().isPresent()) {
      end(turn, service, run, Reason.SNOOZED);
      return;
    }
    if (!page && service.objected()) {
      end(turn, service, run, Reason.VETOED);
      return;
    }
    boolean spent = !page && spent(turn, service, rule.get());
    decide(
        turn,
        service,
        run,
        !page && !spent,
        spent ? Reason.BUDGET_SPENT : reason,
        List.of(
            new Evidence("step " + (run.step() + 1), detail), new Evidence("next", action.kind())));
    if (page && reason != Reason.STEP_DID_NOT_HELP) {
      end(turn, service, run, reason);
    } else if (spent) {
      end(turn, service, run, Reason.BUDGET_SPENT);
    } else {
      takeStep(turn, service, run.incident(), remediation.get(), next, run.mode(), run.blame());
    }
  }

  /**
   * A step cannot be taken. Where that says that Belay has judged something that is no longer so,
   * the run ends; otherwise the next step may still help.
   */
  void refused(
      Turn turn,
      ServiceState service,
      Run run,
      Optional<Remediation> remediation,
      Reason reason,
      String detail) {
    switch (reason) {
      case SUPERSEDED, RELEASE_UNJUDGED, OLDER_THAN_RELEASE -> {
        decide(turn, service, run, false, reason, List.of(new Evidence("seen", detail)));
        end(turn, service, run, reason);
      }
      default -> nextStep(turn, service, run, remediation, reason, detail);
    }
  }

  /** What was seen before may be so no more: asks whether the plan still fits. */
  void preflight(Turn turn, ServiceState service, Run run, int attempts) {
    move(
        turn,
        service,
        run.asking(
            Run.Phase.PREFLIGHT,
            turn.now.plus(ANSWER),
            turn.now.plus(settings.clusterPatience()),
            attempts));
    askPreflight(turn, service, run);
  }

  /**
   * What the service's team says on its workload is asked with it: nothing may have been read of it
   * since Belay began, or since they wrote it.
   */
  void askPreflight(Turn turn, ServiceState service, Run run) {
    turn.command(
        new Command.Preflight(
            service.name(),
            run.action(),
            run.plan().orElseThrow(),
            index.byName(service.name()).flatMap(Service::workload)));
  }

  /** The run's remediation, as the rules have it now. */
  Optional<Remediation> remediation(ServiceState service, Run run) {
    return index.byName(service.name()).flatMap(rule -> named(rule, run));
  }

  /** The run's remediation, unless the rules were changed so that its step is no more. */
  static Optional<Remediation> named(Service rule, Run run) {
    return rule.remediations().stream()
        .filter(remediation -> remediation.name().equals(run.remediation()))
        .filter(remediation -> run.step() < remediation.ladder().size())
        .findFirst();
  }

  /**
   * How far the remediation may go: by its rule, the whole daemon, what its team says on the
   * workload, and the environments of the workload and of all that any of its steps touches.
   */
  Mode mode(ServiceState service, Service rule, Remediation remediation) {
    return Stream.concat(
            rule.workload().map(Workload::namespace).stream(), remediation.namespaces())
        .distinct()
        .map(index::capIn)
        .reduce(service.narrowing.narrow(remediation.mode().atMost(settings.mode())), Mode::atMost);
  }

  /** Whether the service has had all the actions that its rules allow within an hour. */
  static boolean spent(Turn turn, ServiceState service, Service rule) {
    return service.actionsInTheHourBefore(turn.now) >= rule.limits().actionsPerHour();
  }

  /** Whether the time of the run's phase is up. */
  static boolean due(Turn turn, Run run) {
    return !run.deadline().isAfter(turn.now);
  }

  /** Says of the run what is done, or not done, and why. */
  static void decide(
      Turn turn,
      ServiceState service,
      Run run,
      boolean acts,
      Reason reason,
      List<Evidence> evidence) {
    turn.record(
        new Fact.Decided(
            service.name(), run.incident(), run.remediation(), acts, reason, evidence, turn.now));
  }

  /** Notes a person's answer that changes nothing. */
  static void unanswered(
      Turn turn, ServiceState service, String incident, Reason reason, List<Evidence> evidence) {
    turn.record(new Fact.Decided(service.name(), incident, "", false, reason, evidence, turn.now));
  }

  /** Ends the run, as nothing can be concluded while the input is silent; a person is called. */
  static void endInSilence(Turn turn, ServiceState service, Run run, InputState silent) {
    decide(turn, service, run, false, Reason.INPUT_SILENT, List.of(Grounds.evidence(silent)));
    end(turn, service, run, Reason.INPUT_SILENT);
  }

  static void move(Turn turn, ServiceState service, Run run) {
    turn.record(new Fact.RunMoved(service.name(), run, turn.now));
  }

  static void end(Turn turn, ServiceState service, Run run, Reason reason) {
    turn.record(new Fact.RunEnded(service.name(), run.incident(), reason, turn.now));
    turn.touch(service.name());
  }
}
