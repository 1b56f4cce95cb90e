package dev.belay.core.engine;

import dev.belay.core.incident.Blame;
import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Incident;
import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.Action;
import dev.belay.core.remediation.Remediation;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Begins a remediation where one is called for, or says why none may begin. */
final class RunOpener {
  /** So often a remediation begins again for one incident that ended before anything was done. */
  private static final int LAPSES = 3;

  private final Ladder ladder;
  private final Blamer blamer;
  private final WholeDecider whole;

  RunOpener(Ladder ladder, Blamer blamer, WholeDecider whole) {
    this.ladder = ladder;
    this.blamer = blamer;
    this.whole = whole;
  }

  void begin(Turn turn, ServiceState service, Incident incident, Service rule, Trouble trouble) {
    boolean called = false;
    boolean objected = service.objected();
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
      Mode mode = ladder.mode(service, rule, remediation);
      // Who objects to one remediation has not agreed to the next.
      Optional<Reason> refusal =
          objected
              ? Optional.of(Reason.VETOED)
              : had(service, remediation)
                  .or(() -> refusal(turn, service, rule, blame, mode))
                  .or(() -> silence(turn, remediation));
      if (refusal.isEmpty()) {
        start(turn, service, incident, remediation, mode, blame, trouble);
        return;
      }
      refuse(turn, service, incident, remediation.name(), refusal.get(), blame, trouble);
    }
    if (!called) {
      refuseAll(turn, service, incident, trouble, Reason.NO_REMEDIATION);
    }
  }

  /** Why the incident has had enough of the remediation. */
  private static Optional<Reason> had(ServiceState service, Remediation remediation) {
    String was = service.tried.getOrDefault(remediation.name(), "");
    if (was.equals(ServiceState.ENDED) || was.equals(Reason.ALREADY_HAD.name())) {
      return Optional.of(Reason.ALREADY_HAD);
    }
    if (service.lapses.getOrDefault(remediation.name(), 0) < LAPSES) {
      return Optional.empty();
    }
    return Optional.of(
        was.equals(Reason.CLUSTER_UNAVAILABLE.name())
            ? Reason.CLUSTER_UNAVAILABLE
            : Reason.FLAPPING);
  }

  private Optional<Reason> refusal(
      Turn turn, ServiceState service, Service rule, Optional<Blame> blame, Mode mode) {
    if (blame.isPresent() && blame.get().release().isEmpty()) {
      return Optional.of(blame.get().reason());
    }
    if (mode.kind() == Mode.Kind.OBSERVE) {
      return Optional.of(Reason.MODE_OBSERVE);
    }
    if (service.narrowing.hold()) {
      return Optional.of(Reason.WORKLOAD_HELD);
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
    return Ladder.spent(turn, service, rule) ? Optional.of(Reason.BUDGET_SPENT) : Optional.empty();
  }

  /** Nothing is begun in a cluster of which nothing is heard, but a person can be called. */
  private static Optional<Reason> silence(Turn turn, Remediation remediation) {
    return Grounds.cluster(turn.state)
        .filter(_ -> !(remediation.ladder().getFirst().action() instanceof Action.Page))
        .map(_ -> Reason.INPUT_SILENT);
  }

  private static List<Evidence> evidence(
      Turn turn, ServiceState service, Optional<Blame> blame, Trouble trouble) {
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
    evidence.addAll(Grounds.evidence(turn.state));
    evidence.addAll(service.narrowing.evidence());
    return evidence;
  }

  /** Records of every remediation that it is refused, once as long as it stays the same. */
  static void refuseAll(
      Turn turn, ServiceState service, Incident incident, Trouble trouble, Reason reason) {
    refuse(turn, service, incident, "", reason, Optional.empty(), trouble);
  }

  /** Records a refusal, once as long as it stays the same. */
  private static void refuse(
      Turn turn,
      ServiceState service,
      Incident incident,
      String remediation,
      Reason reason,
      Optional<Blame> blame,
      Trouble trouble) {
    if (!reason.name().equals(service.tried.get(remediation))) {
      turn.record(
          new Fact.Decided(
              service.name(),
              incident.id(),
              remediation,
              false,
              reason,
              evidence(turn, service, blame, trouble),
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
            evidence(turn, service, blame, trouble),
            turn.now));
    ladder.takeStep(turn, service, incident.id(), remediation, 0, mode, blame);
  }
}
