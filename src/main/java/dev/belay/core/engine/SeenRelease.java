package dev.belay.core.engine;

import dev.belay.core.release.Announcement;
import dev.belay.core.release.Owner;
import dev.belay.core.release.Release;
import dev.belay.core.release.Revision;
import dev.belay.core.release.Sighting;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The release that Belay sees by itself when a workload begins to run another revision, whoever
 * shipped it and by whatever tool.
 */
final class SeenRelease {
  /** Who says so. Nobody outside can: what comes in under Belay's name is not taken. */
  static final String SOURCE = "belay/watch";

  /** The name that Belay itself gives the cluster. */
  private static final String SELF = "belay";

  /** What has run for longer than this when Belay comes was released in another life. */
  private static final Duration OLD = Duration.ofDays(1);

  /** What people write of a change may be as long as an annotation; so much of it is kept. */
  private static final int MOST_CAUSE = 1_000;

  private SeenRelease() {}

  /** Whether Belay saw it by itself before anybody announced it. */
  static boolean is(Release release) {
    return release.source().equals(SOURCE);
  }

  /** The name of the release that brought the revision, this time. */
  static Announcement announcement(RevisionRecord ran) {
    return new Announcement(ran.revision().uid() + "@" + ran.since(), SOURCE);
  }

  /**
   * The release of a revision that ran, and is recorded; empty where nobody shipped it: Belay went
   * back to it, or it has always run.
   *
   * @param workload as it was when the revision ran
   * @param current the revision as it is seen now
   * @param ran as it is recorded
   * @param before what ran before
   */
  static Optional<Release> of(
      Turn turn,
      String service,
      Observation.OfWorkload workload,
      Revision current,
      RevisionRecord ran,
      Optional<RevisionRecord> before) {
    ServiceState state = turn.state.service(service).orElseThrow();
    Sighting sighting = sighting(workload, current);
    Optional<RevisionRecord> same = before.filter(other -> same(other, ran));
    if (same.isPresent()) {
      return state
          .release(announcement(same.get()))
          .map(known -> goneOn(known, announcement(same.get()), ran.complete(), sighting));
    }
    return (before.isEmpty() && settled(turn, workload, ran)) || byBelay(state, workload, ran)
        ? Optional.empty()
        : Optional.of(
            begun(
                service, ran, before, workload.actor().filter(actor -> !isSelf(actor)), sighting));
  }

  private static Sighting sighting(Observation.OfWorkload workload, Revision revision) {
    return new Sighting(
        revision.number(),
        revision.digest(),
        revision
            .changeCause()
            .filter(cause -> !cause(workload, revision).equals(Optional.of(cause)))
            .map(SeenRelease::discreet)
            .map(SeenRelease::bounded),
        workload.owner().map(Owner::name));
  }

  /**
   * Why there was the revision before: it stays written on the workload, and so comes to stand on
   * the next one too where nobody says why there is that.
   */
  private static Optional<String> cause(Observation.OfWorkload workload, Revision revision) {
    return workload.revisions().stream()
        .filter(other -> other.number() < revision.number())
        .max(Comparator.comparingLong(Revision::number))
        .flatMap(Revision::changeCause);
  }

  /** {@code kubectl set env --record} writes its whole line down, values and all. */
  private static String discreet(String text) {
    int value = text.indexOf('=');
    return text.contains("set env") && value >= 0 ? text.substring(0, value + 1) + "\u2026" : text;
  }

  private static String bounded(String text) {
    return text.length() <= MOST_CAUSE ? text : text.substring(0, MOST_CAUSE) + "\u2026";
  }

  /** Whether what runs at the first look has been so for long, or has never been otherwise. */
  private static boolean settled(Turn turn, Observation.OfWorkload workload, RevisionRecord ran) {
    return workload.revisions().size() < 2 || ran.since().isBefore(turn.now.minus(OLD));
  }

  private static Release begun(
      String service,
      RevisionRecord ran,
      Optional<RevisionRecord> before,
      Optional<String> actor,
      Sighting sighting) {
    Announcement name = announcement(ran);
    return new Release(
        name.id(),
        name.source(),
        service,
        "",
        change(before, ran),
        Optional.empty(),
        image(before, ran.revision()),
        ran.since(),
        ran.complete(),
        actor,
        Optional.of(sighting));
  }

  private static Release goneOn(
      Release known, Announcement name, Optional<Instant> complete, Sighting sighting) {
    return new Release(
        name.id(),
        name.source(),
        known.service(),
        known.environment(),
        known.change(),
        known.version(),
        known.image(),
        known.startedAt(),
        complete,
        known.actor(),
        Optional.of(sighting));
  }

  private static boolean same(RevisionRecord one, RevisionRecord other) {
    return one.revision().digest().equals(other.revision().digest());
  }

  private static boolean byBelay(
      ServiceState state, Observation.OfWorkload workload, RevisionRecord ran) {
    return (workload.actor().filter(SeenRelease::isSelf).isPresent() && isReturn(ran))
        || state
            .run()
            .filter(_ -> state.acted)
            .flatMap(Run::plan)
            .filter(Plan.RollBack.class::isInstance)
            .map(Plan.RollBack.class::cast)
            .filter(plan -> plan.toDigest().equals(ran.revision().digest()))
            .isPresent();
  }

  private static boolean isSelf(String actor) {
    return actor.equals(SELF);
  }

  /**
   * Whether Belay can have gone back to it, which makes nothing new: it was made before it began to
   * run, or was judged. Who removes a field is an owner of none, so that whoever wrote the template
   * before, Belay after a rollback, is still said to have written it last.
   */
  private static boolean isReturn(RevisionRecord ran) {
    return cameBack(ran) || ran.judgement() != RevisionRecord.Judgement.UNPROVEN;
  }

  private static boolean cameBack(RevisionRecord ran) {
    return ran.revision().createdAt().isBefore(ran.since());
  }

  private static Release.Change change(Optional<RevisionRecord> before, RevisionRecord ran) {
    if (cameBack(ran)) {
      return Release.Change.ROLLED_BACK;
    }
    return before.isEmpty() ? Release.Change.DEPLOYED : Release.Change.UPGRADED;
  }

  /** The image that is new, or else the first. */
  private static Optional<String> image(Optional<RevisionRecord> before, Revision revision) {
    List<String> old = before.map(other -> other.revision().images()).orElse(List.of());
    return revision.images().stream()
        .filter(image -> !old.contains(image))
        .findFirst()
        .or(() -> revision.images().stream().findFirst());
  }
}
