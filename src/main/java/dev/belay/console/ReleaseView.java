package dev.belay.console;

import dev.belay.core.release.Release;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** A release event. */
record ReleaseView(
    String service,
    String id,
    String source,
    String label,
    String environment,
    String change,
    Optional<String> version,
    Optional<String> image,
    Instant startedAt,
    Optional<Instant> finishedAt,
    Optional<String> actor) {
  static ReleaseView of(String service, Release release) {
    return new ReleaseView(
        service,
        release.id(),
        release.source(),
        release.label(),
        release.environment(),
        release.change().name().toLowerCase(Locale.ROOT),
        release.version(),
        release.image(),
        release.startedAt(),
        release.finishedAt(),
        release.actor());
  }
}
