package dev.belay.core.engine;

import dev.belay.core.release.ImageReference;
import dev.belay.core.release.ImageReference.Likeness;
import dev.belay.core.release.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Which release brought which revision.
 *
 * @param revisions that ran, or that are known of
 * @param releases that are known of
 */
record Tie(Collection<RevisionRecord> revisions, Collection<Release> releases) {
  /**
   * How far a release event and the beginning or end of the rollout that it announces may lie
   * apart.
   */
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
   * which of the two did would be a guess. A revision that came back, as a rollback makes it, must
   * be named by its image; lying near is too little to blame it.
   */
  boolean brought(Release release, RevisionRecord ran) {
    boolean cameBack = ran.revision().createdAt().isBefore(ran.since());
    boolean named = named(release, ran);
    return fits(release, ran)
        && (named || !cameBack)
        && (named || releases.stream().noneMatch(other -> disputes(other, release, ran)));
  }

  private boolean disputes(Release other, Release release, RevisionRecord ran) {
    return other.change() != Release.Change.REMOVED
        && anotherVersion(other, release)
        && fits(other, ran);
  }

  private static boolean anotherVersion(Release one, Release other) {
    return one.image()
        .map(ImageReference::of)
        .flatMap(image -> other.image().map(ImageReference::of).map(image::isAnotherVersionOf))
        .orElse(false);
  }

  private boolean fits(Release release, RevisionRecord ran) {
    return mayAnnounce(release, ran)
        && revisions.stream()
            .filter(other -> !other.revision().digest().equals(ran.revision().digest()))
            .filter(other -> mayAnnounce(release, other))
            .noneMatch(other -> fitsBetter(release, other, ran));
  }

  private static boolean fitsBetter(Release release, RevisionRecord one, RevisionRecord other) {
    boolean named = named(release, one);
    if (named != named(release, other)) {
      return named;
    }
    int nearer = apart(release, one).compareTo(apart(release, other));
    return nearer < 0 || (nearer == 0 && one.revision().number() > other.revision().number());
  }

  private static boolean mayAnnounce(Release release, RevisionRecord ran) {
    return likeness(release, ran) != Likeness.OTHER
        && moments(release, ran).anyMatch(moment -> isAbout(release, moment));
  }

  private static boolean isAbout(Release release, Instant moment) {
    return !moment.isBefore(release.startedAt().minus(APART))
        && !moment.isAfter(release.finishedAt().orElse(release.startedAt()).plus(APART));
  }

  /**
   * When a release of this revision may be announced: as it begins, and, by its image, as its
   * rollout ends, which may take long.
   */
  private static Stream<Instant> moments(Release release, RevisionRecord ran) {
    return Stream.concat(
        Stream.of(ran.since()), ran.complete().filter(_ -> named(release, ran)).stream());
  }

  private static Duration apart(Release release, RevisionRecord ran) {
    return moments(release, ran)
        .map(moment -> Duration.between(release.startedAt(), moment).abs())
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  private static boolean named(Release release, RevisionRecord ran) {
    return likeness(release, ran) == Likeness.SAME;
  }

  /** What the image that a release names says of a revision; one that names none says nothing. */
  private static Likeness likeness(Release release, RevisionRecord ran) {
    return release
        .image()
        .map(image -> ImageReference.of(image).compare(ran.revision().images()))
        .orElse(Likeness.UNKNOWN);
  }
}
