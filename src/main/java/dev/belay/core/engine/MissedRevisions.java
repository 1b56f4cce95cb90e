package dev.belay.core.engine;

import dev.belay.core.release.Revision;
import dev.belay.core.remediation.Observation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds the revisions that were made after the last look and replaced before this one: while the
 * cluster was away, or because they followed each other closely.
 *
 * <p>A revision that merely still exists is none of them, whatever the clocks say: revisions are
 * numbered in the order in which they begin to run, and one that comes back gets a new number. Of
 * an old one that came back in between it is not known when, so it is not told.
 */
final class MissedRevisions {
  /** More than these are not made up for; the latest count. */
  private static final int MOST = 10;

  private static final Comparator<Revision> BY_AGE =
      Comparator.comparing(Revision::createdAt).thenComparingLong(Revision::number);

  private MissedRevisions() {}

  /**
   * In the order in which they were made.
   *
   * @param current what runs now; where it was itself made and replaced in between, and came back,
   *     it is among them
   */
  static List<Revision> of(
      ServiceState service, Observation.OfWorkload workload, Revision current) {
    Optional<RevisionRecord> before = service.present();
    if (before.isEmpty()) {
      // What ran before Belay came is history.
      return List.of();
    }
    long last = before.get().revision().number();
    Instant since = before.get().since();
    List<Revision> missed = new ArrayList<>();
    for (Revision revision : workload.revisions()) {
      boolean between = revision.number() > last && revision.number() < current.number();
      if (between && isNew(service, revision, since)) {
        missed.add(revision);
      }
    }
    missed.sort(BY_AGE);
    boolean cameBack =
        !missed.isEmpty()
            && isNew(service, current, since)
            && current.createdAt().isBefore(missed.getLast().createdAt());
    if (cameBack) {
      missed.add(current);
      missed.sort(BY_AGE);
    }
    return missed.subList(Math.max(0, missed.size() - MOST), missed.size());
  }

  private static boolean isNew(ServiceState service, Revision revision, Instant since) {
    return !revision.createdAt().isBefore(since)
        && service.revisions().stream()
            .noneMatch(known -> known.revision().uid().equals(revision.uid()));
  }
}
