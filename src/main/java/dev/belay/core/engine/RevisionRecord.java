package dev.belay.core.engine;

import dev.belay.core.release.Revision;
import java.time.Instant;
import java.util.Optional;

/**
 * What Belay remembers of a revision, known by its template's digest.
 *
 * @param revision as last seen
 * @param since when it last became the present one
 * @param complete when its rollout was seen to be done
 * @param judgement good, bad or not known yet
 */
public record RevisionRecord(
    Revision revision, Instant since, Optional<Instant> complete, Judgement judgement) {
  /** What is known of a revision. Bad stays bad: it was rolled away from. */
  public enum Judgement {
    UNPROVEN,
    GOOD,
    BAD
  }
}
