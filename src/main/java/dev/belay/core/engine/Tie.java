package dev.belay.core.engine;

import dev.belay.core.release.ImageReference;
import dev.belay.core.release.ImageReference.Likeness;
import dev.belay.core.release.Release;
import dev.belay.core.release.Revision;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Which release brought which revision.
 *
 * @param revisions that ran, or that are known of
 * @param releases that are known of
 */
record Tie(Collection<RevisionRecord> revisions, Collection<Release> releases) {
  /** How far a release event and the revision that it announces may lie apart. */
  static final Duration APART = Duration.ofMinutes(15);

  /** Between what is known of a service. */
  static Tie of(ServiceState service) {
    return new Tie(service.revisions(), service.releases());
  }

  /**
   * Whether it was this release that brought the revision: the two fit in time and image, and no
   * other revision fits better. A release whose image only may be the revision's, for one names a
   * tag and the other a digest, says as little by it as one that names none; and nothing at all
   * where another release, of another version of that image, may have brought the revision as well:
   * which of the two did would be a guess. A revision that came back, as a rollback makes it, must be named
   * by its image; lying near is too little to blame it.
   *
   * @param since when the revision became the present one
   */
  boolean brought(Release release, Instant since, Revision revision) {
    boolean cameBack = revision.createdAt().isBefore(since);
    boolean named = likeness(release, revision) == Likeness.SAME;
    return fits(release, since, revision)
        && (named || !cameBack)
        && (named || releases.stream().noneMatch(other -> disputes(other, release, since, revision)));
  }

  /** The same of a revision that ran. */
  boolean brought(Release release, RevisionRecord ran) {
    return brought(release, ran.since(), ran.revision());
  }

  private boolean disputes(Release other, Release release, Instant since, Revision revision) {
    return other.change() != Release.Change.REMOVED
        && anotherVersion(other, release)
        && fits(other, since, revision);
  }

  private static boolean anotherVersion(Release one, Release other) {
    return one.image()
        .map(ImageReference::of)
        .flatMap(image -> other.image().map(ImageReference::of).map(image::isAnotherVersionOf))
        .orElse(false);
  }

  private boolean fits(Release release, Instant since, Revision revision) {
    boolean named = likeness(release, revision) == Likeness.SAME;
    return mayAnnounce(release, since, revision)
        && revisions.stream()
            .filter(other -> !other.revision().digest().equals(revision.digest()))
            .filter(other -> mayAnnounce(release, other.since(), other.revision()))
            .noneMatch(
                other ->
                    likeness(release, other.revision()) == Likeness.SAME
                        ? !named || goesBefore(release, other, since, revision)
                        : !named && goesBefore(release, other, since, revision));
  }

  private static boolean goesBefore(
      Release release, RevisionRecord other, Instant since, Revision revision) {
    int nearer = apart(release, other.since()).compareTo(apart(release, since));
    return nearer < 0 || (nearer == 0 && other.revision().number() > revision.number());
  }

  private static Duration apart(Release release, Instant since) {
    return Duration.between(release.startedAt(), since).abs();
  }

  private static boolean mayAnnounce(Release release, Instant since, Revision revision) {
    Instant from = release.startedAt().minus(APART);
    Instant to = release.finishedAt().orElse(release.startedAt()).plus(APART);
    return !since.isBefore(from)
        && !since.isAfter(to)
        && likeness(release, revision) != Likeness.OTHER;
  }

  /** What the image that a release names says of a revision; one that names none says nothing. */
  private static Likeness likeness(Release release, Revision revision) {
    return release
        .image()
        .map(image -> ImageReference.of(image).compare(revision.images()))
        .orElse(Likeness.UNKNOWN);
  }
}
