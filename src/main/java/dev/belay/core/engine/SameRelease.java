package dev.belay.core.engine;

import dev.belay.core.release.Announcement;
import dev.belay.core.release.ImageReference;
import dev.belay.core.release.ImageReference.Likeness;
import dev.belay.core.release.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the release that an announcement means. Pipelines, GitOps tools and Belay's own look at the
 * cluster speak of the same release by names of their own; it must count once.
 *
 * <p>Two announcements by one source are two releases. Those of several sources are one where they
 * brought the same revision, or where they name the same image or version at about the same time.
 */
final class SameRelease {
  private SameRelease() {}

  /** The release known by another announcement that is meant; empty where it is a new one. */
  static Optional<Release> of(ServiceState service, Release heard) {
    return brought(service, heard).or(() -> alike(service, heard));
  }

  private static Optional<Release> brought(ServiceState service, Release heard) {
    if (service.revisions().isEmpty()) {
      return Optional.empty();
    }
    return SeenRelease.is(heard) ? announced(service, heard) : seen(service, heard);
  }

  /** The release that Belay saw by itself, of the revision that this one brought. */
  private static Optional<Release> seen(ServiceState service, Release heard) {
    Tie tie = Tie.of(service);
    return service.revisions().stream()
        .filter(ran -> tie.brought(heard, ran))
        .flatMap(ran -> service.release(SeenRelease.announcement(ran)).stream())
        .filter(known -> joinable(service, known, heard))
        .findFirst();
  }

  /** The nearest of those that announced the revision that Belay saw. */
  private static Optional<Release> announced(ServiceState service, Release heard) {
    Tie tie = Tie.of(service);
    return service.revisions().stream()
        .filter(ran -> SeenRelease.announcement(ran).equals(heard.announcement()))
        .findFirst()
        .flatMap(
            ran ->
                service.releases().stream()
                    .filter(known -> joinable(service, known, heard))
                    .filter(known -> tie.brought(known, ran))
                    .min(Comparator.comparing(known -> apart(known, heard))));
  }

  private static Optional<Release> alike(ServiceState service, Release heard) {
    List<Release> alike = service.alike(heard);
    if (alike.isEmpty()) {
      return Optional.empty();
    }
    return alike.stream()
        .filter(
            known ->
                known.compareImage(heard) == Likeness.SAME
                    || agree(known.version(), heard.version()))
        .filter(known -> known.compareImage(heard) != Likeness.OTHER)
        .filter(known -> known.change() == heard.change())
        .filter(known -> apart(known, heard).compareTo(Tie.APART) <= 0)
        .filter(known -> joinable(service, known, heard))
        .min(Comparator.comparing(known -> apart(known, heard)));
  }

  private static boolean joinable(ServiceState service, Release known, Release heard) {
    return known.change() != Release.Change.REMOVED
        && heard.change() != Release.Change.REMOVED
        && !service.announced(known, heard.source());
  }

  private static boolean agree(Optional<String> one, Optional<String> other) {
    return one.isPresent() && one.equals(other);
  }

  private static Duration apart(Release one, Release other) {
    return Duration.between(one.startedAt(), other.startedAt()).abs();
  }

  /**
   * Two announcements of one release as one: its earliest beginning and its latest end. They may
   * come in any order, and the one that tells of the end may not know the beginning. What a source
   * says again replaces what it said; what another says fills the gaps, but people's word on what
   * they did goes before what was seen of it.
   *
   * @param again whether that was announced before; then a mere moment, which is when it was told
   *     where the sender wrote no time, moves no end that is known
   */
  static Release merged(Release known, Release heard, boolean again) {
    boolean same = known.announcement().equals(heard.announcement());
    boolean heardFirst = same || (SeenRelease.is(known) && !SeenRelease.is(heard));
    Release first = heardFirst ? heard : known;
    Release second = heardFirst ? known : heard;
    Announcement name = known.announcement();
    return new Release(
        name.id(),
        name.source(),
        known.service(),
        first.environment().isEmpty() ? second.environment() : first.environment(),
        first.change(),
        first.version().or(second::version),
        image(first, second),
        earlier(known.startedAt(), heard.startedAt()),
        again && moment(heard) && known.finishedAt().isPresent()
            ? known.finishedAt()
            : Stream.of(known, heard)
                .flatMap(each -> each.finishedAt().stream())
                .max(Instant::compareTo),
        first.actor().or(second::actor),
        // Only Belay itself gives one, and the look that was heard of last is the latest.
        heard.sighting().or(known::sighting));
  }

  /** What the first says of its image, and what the second knows beyond it. */
  private static Optional<String> image(Release first, Release second) {
    return first
        .reference()
        .flatMap(
            one ->
                second
                    .reference()
                    .filter(other -> one.compare(other) != Likeness.OTHER)
                    .map(one::with)
                    .filter(both -> !both.equals(one))
                    .map(ImageReference::toString))
        .or(first::image)
        .or(second::image);
  }

  private static boolean moment(Release release) {
    return release.finishedAt().filter(release.startedAt()::equals).isPresent();
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
