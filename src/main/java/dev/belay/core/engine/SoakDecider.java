package dev.belay.core.engine;

import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.Observation;
import dev.belay.core.rule.Service;
import dev.belay.core.rule.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Finds revisions known good: those that were seen to run well for their soak time.
 *
 * <p>Trouble begins the soak anew, and so does a restart of the daemon, as nobody knows what went
 * on meanwhile. What cannot be seen, be it the workload, a trigger or a silent input, counts for
 * nothing and ends nothing: the soak waits. So it does while no pod runs the revision, or not all
 * do that are wanted: those of a workload that is scaled to nothing, or that are yet to get it when
 * somebody deletes them or lowers a partition. Nothing is certified before an input was heard of
 * after the time that counts.
 */
final class SoakDecider {
  /** So often it is written down how far it is. */
  private static final Duration STEP = Duration.ofMinutes(1);

  /** Between two looks further apart than this nobody was looking. */
  private static final Duration GAP = Duration.ofMinutes(3);

  private final ServiceIndex index;
  private final Grounds grounds;

  SoakDecider(ServiceIndex index, Grounds grounds) {
    this.index = index;
    this.grounds = grounds;
  }

  /** The workload was looked at, and what it runs is recorded. */
  void seen(Turn turn, String service, Observation.OfWorkload workload) {
    Optional<Service> rule = index.byName(service);
    Optional<ServiceState> state = turn.state.service(service);
    Optional<String> digest =
        state.flatMap(SoakDecider::unproven).filter(workload.digest()::equals);
    if (rule.isEmpty() || digest.isEmpty()) {
      return;
    }
    Optional<Soak> was = soak(state.get());
    Soak soak = was.orElse(Soak.begun(digest.get(), turn.now));
    if (troubled(state.get(), soak)) {
      soak = Soak.begun(digest.get(), turn.now);
    }
    count(turn, rule.get(), state.get(), soak, serves(workload));
  }

  /** What no pod runs, or not every pod, is not known by what the others do. */
  private static boolean serves(Observation.OfWorkload workload) {
    return workload.complete() && workload.rollout().serving();
  }

  private void count(Turn turn, Service rule, ServiceState state, Soak soak, boolean serves) {
    Duration passed = Duration.between(soak.at(), turn.now);
    boolean well =
        serves
            && clear(state)
            && read(rule, soak, turn.now)
            && grounds.silent(turn.state, rule.name()).isEmpty();
    boolean counts = well && soak.counting() && passed.compareTo(GAP) <= 0;
    Duration soaked = counts ? soak.soaked().plus(passed) : soak.soaked();
    Duration unheard =
        Duration.between(grounds.heardUntil(turn.state, rule.name(), turn.now), turn.now);
    if (well && soaked.minus(unheard).compareTo(rule.soak()) >= 0) {
      turn.record(
          new Fact.RevisionJudged(rule.name(), soak.digest(), true, Reason.KNOWN_GOOD, turn.now));
    } else if (well != soak.counting() || (well && passed.compareTo(STEP) >= 0)) {
      record(turn, state, soak.counted(soaked, well, turn.now));
    } else {
      record(turn, state, soak);
    }
  }

  /** An input fell silent: of the time since it was last heard of nothing counts. */
  void doubt(Turn turn, ServiceState service, InputState silent) {
    soak(service)
        .filter(_ -> grounds.rests(service.name(), silent))
        .filter(soak -> soak.at().isAfter(silent.heardAt()))
        .ifPresent(
            soak -> {
              Duration sure = soak.soaked().minus(Duration.between(silent.heardAt(), soak.at()));
              record(
                  turn,
                  service,
                  soak.counted(sure.isNegative() ? Duration.ZERO : sure, false, turn.now));
            });
  }

  /** Triggers were read; those of one service need not all be read at once. */
  void read(Turn turn, Event.SignalsRead event) {
    Optional<Service> rule = index.byName(event.service());
    Optional<ServiceState> state = turn.state.service(event.service());
    Optional<Soak> soak = state.flatMap(SoakDecider::soak);
    if (rule.isEmpty() || soak.isEmpty() || !clear(state.get())) {
      return;
    }
    List<String> known =
        rule.get().triggers().stream()
            .map(Trigger::name)
            .filter(trigger -> known(event, trigger))
            .toList();
    Instant recently = turn.now.minus(soak.get().counting() ? STEP : GAP);
    boolean worthIt =
        known.stream()
            .anyMatch(trigger -> soak.get().readAt(trigger).filter(recently::isBefore).isEmpty());
    if (worthIt) {
      record(turn, state.get(), soak.get().read(known, turn.now));
    }
  }

  private static boolean known(Event.SignalsRead event, String trigger) {
    return event.readings().stream()
        .filter(reading -> reading.trigger().equals(trigger))
        .anyMatch(reading -> reading.value().filter(value -> !value.isNaN()).isPresent());
  }

  /** The daemon started. */
  void resume(Turn turn, ServiceState service) {
    soak(service).ifPresent(soak -> record(turn, service, Soak.begun(soak.digest(), turn.now)));
  }

  private static void record(Turn turn, ServiceState service, Soak soak) {
    boolean same =
        service
            .soak
            .filter(was -> was.equals(soak) || (was.fresh() && sameFresh(was, soak)))
            .isPresent();
    if (!same) {
      turn.record(new Fact.RevisionSoaked(service.name(), soak));
    }
  }

  private static boolean sameFresh(Soak was, Soak soak) {
    return soak.fresh() && was.digest().equals(soak.digest());
  }

  private static Optional<String> unproven(ServiceState service) {
    return service
        .present()
        .filter(present -> present.judgement() == RevisionRecord.Judgement.UNPROVEN)
        .map(present -> present.revision().digest());
  }

  private static Optional<Soak> soak(ServiceState service) {
    return service.soak.filter(soak -> unproven(service).filter(soak.digest()::equals).isPresent());
  }

  /** Whether anything was wrong since the soak was last written down. */
  private static boolean troubled(ServiceState service, Soak soak) {
    return service.incident().isPresent()
        || !service.firing.isEmpty()
        || service.troubleEnded.filter(soak.at()::isBefore).isPresent();
  }

  /**
   * Whether nothing speaks against the present revision; an alert that fell silent while it ran
   * certifies nothing.
   */
  private static boolean clear(ServiceState service) {
    boolean silenced =
        service.lost()
            && service
                .troubleEnded
                .filter(end -> service.present().filter(it -> it.since().isBefore(end)).isPresent())
                .isPresent();
    return service.incident().isEmpty()
        && service.firing.isEmpty()
        && !silenced
        && service.triggers.values().stream()
            .allMatch(
                trigger ->
                    trigger.phase() == TriggerState.Phase.INACTIVE
                        && trigger.blindSince().isEmpty());
  }

  /** Whether every trigger was read of late; one that nobody reads certifies nothing. */
  private static boolean read(Service rule, Soak soak, Instant now) {
    return rule.triggers().stream()
        .allMatch(
            trigger ->
                soak.readAt(trigger.name()).filter(at -> !at.plus(GAP).isBefore(now)).isPresent());
  }
}
