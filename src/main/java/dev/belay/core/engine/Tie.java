package dev.belay.core.engine;

import dev.belay.core.release.ImageReference.Likeness;
import dev.belay.core.release.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.function.BiPredicate;

/**
 * Which release brought which revision.
 *
 * @param revisions that ran, or that are known of
 * @param releases that are known of
 * @param announced whether a source has announced one of them
 */
record Tie(
    Collection<RevisionRecord> revisions,
    Collection<Release> releases,
    BiPredicate<Release, String> announced) {
  /**
   * How far a release event and the beginning or end of the rollout that it announces may lie
   * apart.
   */
  static final Duration APART = Duration.ofMinutes(15);

  /** How far the clocks of a pipeline and a cluster may differ. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  /** Between what is known of a service. */
  static Tie of(ServiceState service) {
    return of(service, service.revisions());
  }

  /** Between a service's releases and these revisions. */
  static Tie of(ServiceState service, Collection<RevisionRecord> revisions) {
    return new Tie(revisions, service.releases(), service::announced);
  }

  /**
   * Whether it was this release that brought the revision: the two fit in time and image, and no
   * other revision fits better. A revision that came back, as a rollback makes it, must be named by
   * its image; lying near is too little to blame it.
   */
  boolean brought(Release release, RevisionRecord ran) {
    boolean cameBack = ran.revision().createdAt().isBefore(ran.since());
    return fits(release, ran)
        && (named(release, ran) || (!cameBack && mayHaveBrought(release, ran)));
  }

  /**
   * The same where the image does not tell. One that names none is believed. One whose image only
   * may be the revision's, as one names a tag and the other a digest, is believed as far as it is
   * no guess: where it does not begin after the revision did, and no other release may have brought
   * the revision instead of it.
   */
  private boolean mayHaveBrought(Release release, RevisionRecord ran) {
    boolean begins = release.finishedAt().isEmpty();
    boolean late = ran.since().isBefore(release.startedAt().minus(SKEW));
    return release.image().isEmpty()
        || (!(begins && late)
            && releases.stream().noneMatch(other -> disputes(other, release, ran)));
  }

  /**
   * Whether the other is of another version of that image; or the same source said of that one, and
   * of no other, that it is the revision's.
   */
  private boolean disputes(Release other, Release release, RevisionRecord ran) {
    return other.change() != Release.Change.REMOVED
        && fits(other, ran)
        && (anotherVersion(other, release)
            || (other.compareImage(release) == Likeness.UNKNOWN
                && named(other, ran)
                && !other.announcement().equals(release.announcement())
                && announced.test(other, release.source())));
  }

  private static boolean anotherVersion(Release one, Release other) {
    return one.reference()
        .flatMap(image -> other.reference().map(image::isAnotherVersionOf))
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
    return likeness(release, ran) != Likeness.OTHER && isAbout(release, moment(release, ran));
  }

  private static boolean isAbout(Release release, Instant moment) {
    return !moment.isBefore(release.startedAt().minus(APART))
        && !moment.isAfter(release.finishedAt().orElse(release.startedAt()).plus(APART));
  }

  /**
   * Which moment of the revision the release lies near: that at which it began; or else, of one
   * that is announced as done and names it, that at which its rollout ended, which may take long.
   */
  private static Instant moment(Release release, RevisionRecord ran) {
    return isAbout(release, ran.since())
        ? ran.since()
        : ran.complete()
            .filter(_ -> release.finishedAt().isPresent() && named(release, ran))
            .orElse(ran.since());
  }

  private static Duration apart(Release release, RevisionRecord ran) {
    return Duration.between(release.startedAt(), moment(release, ran)).abs();
  }

  private static boolean named(Release release, RevisionRecord ran) {
    return likeness(release, ran) == Likeness.SAME;
  }

  /** What the image that a release names says of a revision; one that names none says nothing. */
  private static Likeness likeness(Release release, RevisionRecord ran) {
    return release
        .reference()
        .map(image -> image.compare(ran.revision().images()))
        .orElse(Likeness.UNKNOWN);
  }
}
