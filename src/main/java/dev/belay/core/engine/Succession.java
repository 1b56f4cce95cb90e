package dev.belay.core.engine;

import dev.belay.core.release.Release;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which of a service's releases came after which. Of two that were seen to run the order is known
 * by the revisions that they brought; when they began is known to the second only, and of one that
 * was announced as it was announced. Of all others the beginning tells.
 */
final class Succession {
  private final List<RevisionRecord> revisions;

  /** By the revisions that ran, in order. */
  Succession(List<RevisionRecord> revisions) {
    this.revisions = revisions;
  }

  /** The last of these; empty where there are none. */
  Optional<Release> last(List<Release> releases) {
    int last = releases.stream().mapToInt(this::place).max().orElse(-1);
    return releases.stream()
        .filter(release -> place(release) < 0 || place(release) == last)
        .max(Comparator.comparing(Release::startedAt));
  }

  /** Whether one came after the other. */
  boolean follows(Release one, Release other) {
    int place = place(one);
    int before = place(other);
    boolean seen = place >= 0 && before >= 0 && place != before;
    return seen ? place > before : one.startedAt().isAfter(other.startedAt());
  }

  /** The how-manieth of the revisions it brought; negative where that is not known. */
  private int place(Release release) {
    for (int place = revisions.size() - 1; place >= 0; place--) {
      String digest = revisions.get(place).revision().digest();
      if (release.sighting().filter(seen -> seen.digest().equals(digest)).isPresent()) {
        return place;
      }
    }
    return -1;
  }
}
