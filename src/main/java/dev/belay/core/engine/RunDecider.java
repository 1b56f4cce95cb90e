package dev.belay.core.engine;

import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.Remediation;
import dev.belay.core.rule.Service;
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
 * {@link RunOpener} decides whether one begins, {@link RunApproach} sees to it up to PERMIT, {@link
 * RunEffect} from ACTING on, and {@link Ladder} leads from step to step.
 */
final class RunDecider {
  private final ServiceIndex index;
  private final Settings settings;
  private final Ladder ladder;
  private final RunOpener opener;
  private final RunApproach approach;
  private final RunEffect effect;

  RunDecider(
      ServiceIndex index,
      Settings settings,
      Ladder ladder,
      RunOpener opener,
      RunApproach approach,
      RunEffect effect) {
    this.index = index;
    this.settings = settings;
    this.ladder = ladder;
    this.opener = opener;
    this.approach = approach;
    this.effect = effect;
  }

  /** Begins a remediation where one is called for, or moves the one under way on. */
  void review(Turn turn, ServiceState service, Trouble trouble) {
    Optional<Service> rule = index.byName(service.name());
    if (service.run().isPresent()) {
      proceed(turn, service, service.run().get(), rule, trouble);
    } else if (service.incident().isPresent() && rule.isPresent() && service.snooze().isEmpty()) {
      if (trouble.certain()) {
        opener.begin(turn, service, service.incident().get(), rule.get(), trouble);
      } else if (trouble.blindFor(settings.blindAfter(), turn.now)) {
        RunOpener.refuseAll(turn, service, service.incident().get(), trouble, Reason.SIGNAL_LOST);
      }
    }
  }

  private void proceed(
      Turn turn, ServiceState service, Run run, Optional<Service> rule, Trouble trouble) {
    Optional<Remediation> remediation = rule.flatMap(found -> Ladder.named(found, run));
    switch (run.phase()) {
      case OBSERVING, PROPOSED, COUNTDOWN, PREFLIGHT, PERMIT ->
          approach.beforeActing(turn, service, run, rule, remediation, trouble);
      case ACTING -> {
        if (Ladder.due(turn, run)) {
          RunEffect.inspect(turn, service, run, run.attempts() + 1);
        }
      }
      case INSPECTING -> {
        if (Ladder.due(turn, run)) {
          RunEffect.pageOnceStuck(turn, service, run);
          Ladder.move(turn, service, run.askingAgain(turn.now.plus(RunEffect.backoff(run))));
          RunEffect.inspectCommand(turn, service, run);
        }
      }
      case SETTLING -> {
        if (Ladder.due(turn, run)) {
          effect.look(turn, service, run, remediation);
        }
      }
      case VERIFYING -> effect.verify(turn, service, run, remediation, trouble);
    }
  }

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
          ladder
              .remediation(service, run)
              .ifPresent(remediation -> approach.ask(turn, service, run, remediation));
      case PERMIT -> ladder.preflight(turn, service, run, run.attempts());
      case ACTING -> RunEffect.inspect(turn, service, run, run.attempts());
      case INSPECTING -> RunEffect.inspectCommand(turn, service, run);
      case SETTLING ->
          turn.command(new Command.Settle(service.name(), run.action(), run.plan().orElseThrow()));
      case PROPOSED, COUNTDOWN, VERIFYING -> {}
    }
  }
}
