package dev.belay.core.engine;

import dev.belay.core.release.Release;
import dev.belay.core.release.Sighting;
import java.util.List;
import java.util.Optional;

/**
 * How far a release is, by what the cluster shows of it; of one that was not seen there, by what
 * was said of it.
 *
 * @param troubles what keeps it from going on; none unless it is stuck
 */
public record Stage(Phase phase, List<RolloutTrouble> troubles) {
  /** Where a release can stand. */
  public enum Phase {
    /** It is under way. */
    PROGRESSING,
    /** It is in force, or was, and something keeps it from running everywhere. */
    STUCK,
    /** It came to its end. */
    COMPLETE,
    /** Another took its place before it came to its end. */
    REPLACED
  }

  /** Where this release of the service stands. */
  public static Stage of(ServiceState service, Release release) {
    Optional<RevisionRecord> present = service.present();
    if (present.flatMap(ran -> bringing(service, ran)).filter(release::equals).isPresent()) {
      return ofPresent(service, present.get());
    }
    if (release.finishedAt().isPresent()) {
      return new Stage(Phase.COMPLETE, List.of());
    }
    boolean replaced = present.filter(ran -> ran.since().isAfter(release.startedAt())).isPresent();
    return new Stage(replaced ? Phase.REPLACED : Phase.PROGRESSING, List.of());
  }

  private static Stage ofPresent(ServiceState service, RevisionRecord present) {
    List<RolloutTrouble> troubles =
        service.rollouts.stream()
            .map(RolloutState::trouble)
            .filter(trouble -> trouble != RolloutTrouble.IN_PROGRESS)
            .toList();
    if (!troubles.isEmpty()) {
      return new Stage(Phase.STUCK, troubles);
    }
    return new Stage(
        present.complete().isPresent() ? Phase.COMPLETE : Phase.PROGRESSING, List.of());
  }

  /** The release that brought the present revision, where it is known. */
  private static Optional<Release> bringing(ServiceState service, RevisionRecord present) {
    return service
        .release(SeenRelease.announcement(present))
        .or(
            () ->
                service.releases().reversed().stream()
                    .filter(release -> brought(service, release, present))
                    .findFirst());
  }

  private static boolean brought(ServiceState service, Release release, RevisionRecord present) {
    return release
        .sighting()
        .map(Sighting::digest)
        .map(present.revision().digest()::equals)
        .orElseGet(() -> Tie.of(service).brought(release, present));
  }
}
