package dev.belay.console;

import dev.belay.core.engine.ServiceState;
import dev.belay.core.engine.Stage;
import dev.belay.core.release.Release;
import dev.belay.core.release.Sighting;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A release.
 *
 * @param stage the name of a {@link Stage.Phase}, lower case
 * @param stuckBy the names of what keeps it from going on, lower case
 * @param revision the workload's revision that it is, where it was seen in the cluster; likewise
 *     what follows
 * @param digest of the revision's pod template
 * @param changeCause why, where somebody wrote it down
 * @param owner who keeps the workload as it is, where that shows
 */
record ReleaseView(
    String service,
    String id,
    String source,
    String label,
    String environment,
    String change,
    String stage,
    List<String> stuckBy,
    Optional<String> version,
    Optional<String> image,
    Instant startedAt,
    Optional<Instant> finishedAt,
    Optional<String> actor,
    Optional<Long> revision,
    Optional<String> digest,
    Optional<String> changeCause,
    Optional<String> owner) {
  static ReleaseView of(ServiceState service, Release release) {
    Stage stage = Stage.of(service, release);
    Optional<Sighting> sighting = release.sighting();
    return new ReleaseView(
        service.name(),
        release.id(),
        release.source(),
        release.label(),
        release.environment(),
        lower(release.change()),
        lower(stage.phase()),
        stage.troubles().stream().map(ReleaseView::lower).toList(),
        release.version(),
        release.image(),
        release.startedAt(),
        release.finishedAt(),
        release.actor(),
        sighting.map(Sighting::revision),
        sighting.map(Sighting::digest),
        sighting.flatMap(Sighting::changeCause),
        sighting.flatMap(Sighting::owner));
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
