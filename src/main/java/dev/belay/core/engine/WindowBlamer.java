package dev.belay.core.engine;

import dev.belay.core.incident.Blame;
import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.ImageReference;
import dev.belay.core.release.Release;
import dev.belay.core.release.Revision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Blames the newest release of the window, unless anything that fires now began before that release
 * did. Only the newest can be blamed: what it replaced no longer runs.
 */
final class WindowBlamer implements Blamer {
  /** How far a release event and the revision that it announces may lie apart. */
  static final Duration TIE = Duration.ofMinutes(15);

  private final ServiceIndex index;

  WindowBlamer(ServiceIndex index) {
    this.index = index;
  }

  @Override
  public Blame blame(ServiceState service, Trouble trouble, Duration window, Instant now) {
    List<Release> shipped =
        service.releases().stream()
            .filter(release -> release.change() != Release.Change.REMOVED)
            .filter(release -> release.startedAt().isAfter(now.minus(window)))
            .toList();
    Optional<Release> newest = new Succession(service.revisions()).last(shipped);
    if (newest.isEmpty()) {
      return new Blame(
          Optional.empty(),
          Optional.empty(),
          Reason.NO_RELEASE,
          List.of(),
          List.of(new Evidence("window", window.toString())));
    }
    Release release = newest.get();
    Optional<RevisionRecord> present = service.present();
    Optional<RevisionRecord> revision =
        present.filter(
            record -> brought(release, record.since(), record.revision(), service.revisions()));
    if (release.change() == Release.Change.ROLLED_BACK) {
      return untied(release, "is itself a rollback");
    }
    if (present.isPresent() && revision.isEmpty()) {
      return untied(release, "did not bring revision " + present.get().revision().number());
    }
    Instant began =
        revision
            .map(RevisionRecord::since)
            .filter(release.startedAt()::isAfter)
            .orElse(release.startedAt());
    return judge(release, revision, began, trouble);
  }

  private static Blame untied(Release release, String why) {
    return new Blame(
        Optional.empty(),
        Optional.empty(),
        Reason.RELEASE_UNJUDGED,
        List.of(),
        List.of(new Evidence("release", release.label() + " " + why)));
  }

  private static Evidence evidence(Trouble.Symptom symptom) {
    return new Evidence(symptom.name(), "began " + symptom.since());
  }

  private Blame judge(
      Release release, Optional<RevisionRecord> revision, Instant began, Trouble trouble) {
    List<Evidence> votes = new ArrayList<>();
    List<Evidence> vetoes = new ArrayList<>();
    votes.add(new Evidence("release", release.label() + " began " + began));
    trouble.before(index, began).forEach(symptom -> vetoes.add(evidence(symptom)));
    trouble.from(index, began).forEach(symptom -> votes.add(evidence(symptom)));
    return new Blame(
        vetoes.isEmpty() ? Optional.of(release) : Optional.empty(),
        revision.map(present -> present.revision().digest()),
        vetoes.isEmpty() ? Reason.RELEASE_TO_BLAME : Reason.OLDER_THAN_RELEASE,
        votes,
        vetoes);
  }

  /**
   * Whether it was this release that brought the revision: the two fit in time and image, and no
   * other revision lies nearer to the release, nor is newer and as near. One that came back, as a
   * rollback makes it, must be named by its image; lying near is too little to blame it.
   *
   * @param since when the revision became the present one
   * @param known the revisions that ran, this one or not
   */
  static boolean brought(
      Release release, Instant since, Revision revision, List<RevisionRecord> known) {
    boolean cameBack = revision.createdAt().isBefore(since);
    return announces(release, since, revision.images())
        && (!cameBack || release.image().isPresent())
        && known.stream()
            .filter(other -> !other.revision().digest().equals(revision.digest()))
            .filter(other -> announces(release, other.since(), other.revision().images()))
            .noneMatch(other -> goesBefore(release, other, since, revision));
  }

  private static boolean goesBefore(
      Release release, RevisionRecord other, Instant since, Revision revision) {
    int nearer = apart(release, other.since()).compareTo(apart(release, since));
    return nearer < 0 || (nearer == 0 && other.revision().number() > revision.number());
  }

  private static Duration apart(Release release, Instant since) {
    return Duration.between(release.startedAt(), since).abs();
  }

  private static boolean announces(Release release, Instant since, List<String> images) {
    Instant from = release.startedAt().minus(TIE);
    Instant to = release.finishedAt().orElse(release.startedAt()).plus(TIE);
    boolean inTime = !since.isBefore(from) && !since.isAfter(to);
    // An image that only may be the one that runs ties nothing: that would be a guess.
    return inTime
        && release
            .image()
            .map(image -> ImageReference.of(image).compare(images) == ImageReference.Likeness.SAME)
            .orElse(true);
  }
}
