package dev.belay.e2e;

import dev.belay.app.Daemon;
import dev.belay.core.engine.Fact;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a daemon has written down. */
final class Recorded {
  private Recorded() {}

  /** Its facts of this kind, of the last hour. */
  static <F extends Fact> List<F> facts(Daemon daemon, Class<F> kind) {
    List<F> found = new ArrayList<>();
    Instant now = Instant.now();
    daemon
        .queries()
        .history(
            now.minus(Duration.ofHours(1)),
            now.plus(Duration.ofHours(1)),
            entry ->
                entry.facts().stream()
                    .filter(kind::isInstance)
                    .map(kind::cast)
                    .forEach(found::add));
    return found;
  }
}
