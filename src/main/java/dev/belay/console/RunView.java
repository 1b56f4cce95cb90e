package dev.belay.console;

import dev.belay.core.engine.Run;
import dev.belay.core.engine.Sentences;
import dev.belay.core.engine.ServiceState;
import dev.belay.core.engine.State;
import dev.belay.core.incident.Incident;
import dev.belay.core.rule.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A remediation under way.
 *
 * @param remediation its name
 * @param step which step of its ladder, from 1
 * @param phase for machines
 * @param standing the phase, for people
 * @param mode how far Belay may go on its own
 * @param action the step's idempotency key
 * @param deadline when the phase ends by itself
 * @param secondsLeft until then, 0 where it has passed
 * @param answers what people may answer now: {@code approve}, {@code veto}
 * @param blamed the release that is blamed, where one is asked for
 * @param votes what speaks for blaming it
 * @param plan what exactly will be, or was, changed; absent while it is being worked out
 */
record RunView(
    String remediation,
    int step,
    String phase,
    String standing,
    String mode,
    String action,
    Instant deadline,
    long secondsLeft,
    List<String> answers,
    Optional<String> blamed,
    List<EvidenceView> votes,
    Optional<PlanView> plan) {
  static RunView of(Run run, Instant now) {
    return new RunView(
        run.remediation(),
        run.step() + 1,
        run.phase().name().toLowerCase(Locale.ROOT),
        standing(run.phase()),
        mode(run.mode()),
        run.action().value(),
        run.deadline(),
        secondsLeft(run.deadline(), now),
        answers(run.phase()),
        run.blame().flatMap(blame -> blame.release()).map(release -> release.label()),
        run.blame().map(blame -> EvidenceView.of(blame.votes())).orElse(List.of()),
        run.plan().map(PlanView::of));
  }

  /** What is under way for the incident. */
  static Optional<Run> underWay(Incident incident, State state) {
    return state
        .service(incident.service())
        .flatMap(ServiceState::run)
        .filter(run -> run.incident().equals(incident.id()));
  }

  static long secondsLeft(Instant deadline, Instant now) {
    return Math.max(0, Duration.between(now, deadline).toSeconds());
  }

  /** A mode as people write it in a rule file. */
  static String mode(Mode mode) {
    String kind = mode.kind().word();
    return mode.window().isZero() ? kind : kind + " " + Sentences.duration(mode.window());
  }

  /** What people may answer in a phase: once it is being done, it is seen to its end. */
  static List<String> answers(Run.Phase phase) {
    return switch (phase) {
      case PROPOSED, COUNTDOWN -> List.of("approve", "veto");
      case OBSERVING, PREFLIGHT, PERMIT -> List.of("veto");
      case ACTING, INSPECTING, SETTLING, VERIFYING -> List.of();
    };
  }

  static String standing(Run.Phase phase) {
    return switch (phase) {
      case OBSERVING -> "The cluster is read, to work out what to do.";
      case PROPOSED -> "It is proposed, and done only if a person approves.";
      case COUNTDOWN -> "It will be done unless a person objects in time.";
      case PREFLIGHT -> "The cluster is asked whether it would go through.";
      case PERMIT -> "Hold, storm brake and budget are asked.";
      case ACTING -> "It is being done.";
      case INSPECTING -> "It is not known whether it took effect; the cluster is asked.";
      case SETTLING -> "It was accepted; the cluster carries it out.";
      case VERIFYING -> "It is done; Belay watches whether it helps.";
    };
  }
}
