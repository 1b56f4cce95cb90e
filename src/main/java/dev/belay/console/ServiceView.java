package dev.belay.console;

import dev.belay.core.alert.Episode;
import dev.belay.core.engine.RevisionRecord;
import dev.belay.core.engine.ServiceState;
import dev.belay.core.engine.State;
import dev.belay.core.engine.TriggerState;
import dev.belay.core.incident.Incident;
import dev.belay.core.incident.Verdict;
import dev.belay.core.rule.Narrowing;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A service as it stands.
 *
 * @param name its name
 * @param workload what runs it, where the rules say so
 * @param fleet the fleet that found it, where one did
 * @param mode the furthest that its team lets Belay go, where an annotation says so
 * @param hold whether its team has put it on hold by annotation
 * @param health the name of a {@link Verdict}, lower case; unknown is neither good nor bad
 * @param present the revision that runs, where one was seen
 * @param baseline the newest other revision that is known to be good, to which a rollback would go
 * @param release the newest release that was announced
 * @param incident the open incident's id
 * @param firing the names of the alerts that fire
 * @param triggers where its triggers stand
 * @param leases how many mitigations are in force
 */
record ServiceView(
    String name,
    Optional<String> workload,
    Optional<String> fleet,
    Optional<String> mode,
    boolean hold,
    String health,
    Optional<RevisionView> present,
    Optional<RevisionView> baseline,
    Optional<ReleaseView> release,
    Optional<String> incident,
    List<String> firing,
    List<TriggerView> triggers,
    int leases) {
  /** A revision, and what is known of it. */
  record RevisionView(
      long number,
      List<String> images,
      String digest,
      Instant since,
      Optional<Instant> complete,
      String judgement) {
    static RevisionView of(RevisionRecord known) {
      return new RevisionView(
          known.revision().number(),
          known.revision().images(),
          known.revision().digest(),
          known.since(),
          known.complete(),
          lower(known.judgement()));
    }
  }

  /** Where a trigger stands. */
  record TriggerView(
      String name, String phase, Optional<Instant> activeAt, Optional<Instant> blindSince) {
    static TriggerView of(TriggerState trigger) {
      return new TriggerView(
          trigger.trigger(), lower(trigger.phase()), trigger.activeAt(), trigger.blindSince());
    }
  }

  static ServiceView of(String name, Optional<String> workload, State state) {
    Optional<ServiceState> known = state.service(name);
    Narrowing narrowing = known.map(ServiceState::narrowing).orElse(Narrowing.NONE);
    List<TriggerState> triggers = known.map(ServiceState::triggers).orElse(List.of());
    return new ServiceView(
        name,
        workload,
        Optional.ofNullable(state.found().get(name)).map(found -> found.fleets().getFirst()),
        narrowing.mode().map(RunView::mode),
        narrowing.hold(),
        lower(health(name, known, state)),
        known.flatMap(ServiceState::present).map(RevisionView::of),
        known.flatMap(ServiceView::baseline).map(RevisionView::of),
        known
            .filter(service -> !service.releases().isEmpty())
            .map(service -> ReleaseView.of(service, service.releases().getLast())),
        known.flatMap(ServiceState::incident).map(Incident::id),
        known.stream()
            .flatMap(service -> service.firing().stream())
            .map(labels -> labels.alertName())
            .distinct()
            .sorted()
            .toList(),
        triggers.stream().map(TriggerView::of).toList(),
        known.map(service -> service.leases().size()).orElse(0));
  }

  private static Optional<RevisionRecord> baseline(ServiceState service) {
    Optional<RevisionRecord> present = service.present();
    return service.revisions().reversed().stream()
        .filter(known -> known.judgement() == RevisionRecord.Judgement.GOOD)
        .filter(known -> !present.equals(Optional.of(known)))
        .findFirst();
  }

  /** Whether something is wrong with it or under way on it; such come first where people look. */
  static boolean troubled(ServiceState service) {
    return service.incident().isPresent()
        || service.run().isPresent()
        || !service.leases().isEmpty()
        || !service.firing().isEmpty();
  }

  /** Sickness is what fires and is seen to; health, that something is seen and nothing fires. */
  private static Verdict health(String name, Optional<ServiceState> known, State state) {
    boolean unseen =
        state.found().containsKey(name) && known.flatMap(ServiceState::present).isEmpty();
    if (known.isEmpty() || (unseen && known.get().firing().isEmpty())) {
      return Verdict.UNKNOWN;
    }
    List<TriggerState> triggers = known.get().triggers();
    boolean fires =
        !known.get().firing().isEmpty()
            || triggers.stream()
                .anyMatch(
                    trigger ->
                        trigger.phase() == TriggerState.Phase.FIRING
                            && trigger.blindSince().isEmpty());
    if (fires) {
      return Verdict.UNHEALTHY;
    }
    boolean blind = triggers.stream().anyMatch(trigger -> trigger.blindSince().isPresent());
    boolean silent =
        state.alerts().stream()
            .anyMatch(
                episode ->
                    episode.status() == Episode.Status.STALE && episode.services().contains(name));
    return blind || silent || known.get().incident().isPresent()
        ? Verdict.UNKNOWN
        : Verdict.HEALTHY;
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
