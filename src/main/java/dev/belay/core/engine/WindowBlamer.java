package dev.belay.core.engine;

import dev.belay.core.incident.Blame;
import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Release;
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
          List.of(new Evidence("window", Sentences.duration(window))));
    }
    Release release = newest.get();
    Optional<RevisionRecord> present = service.present();
    Optional<RevisionRecord> revision =
        present.filter(ran -> Tie.of(service).brought(release, ran));
    if (release.change() == Release.Change.ROLLED_BACK) {
      return untied(release, "is itself a rollback");
    }
    if (present.isPresent() && revision.isEmpty()) {
      return untied(
          release, "is not known to have brought revision " + present.get().revision().number());
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
    return new Evidence(
        symptom.name(),
        "began "
            + Sentences.moment(symptom.since())
            + (symptom.recurs() ? ", ended, and came back" : ""));
  }

  private Blame judge(
      Release release, Optional<RevisionRecord> revision, Instant began, Trouble trouble) {
    List<Evidence> votes = new ArrayList<>();
    List<Evidence> vetoes = new ArrayList<>();
    votes.add(new Evidence("release", release.label() + " began " + Sentences.moment(began)));
    trouble.before(index, began).forEach(symptom -> vetoes.add(evidence(symptom)));
    trouble.from(index, began).forEach(symptom -> votes.add(evidence(symptom)));
    return new Blame(
        vetoes.isEmpty() ? Optional.of(release) : Optional.empty(),
        revision.map(present -> present.revision().digest()),
        vetoes.isEmpty() ? Reason.RELEASE_TO_BLAME : Reason.OLDER_THAN_RELEASE,
        votes,
        vetoes);
  }
}
