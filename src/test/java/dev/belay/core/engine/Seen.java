package dev.belay.core.engine;

import dev.belay.core.release.Owner;
import dev.belay.core.release.Revision;
import dev.belay.core.release.Rollout;
import dev.belay.core.remediation.Observation;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A workload as it was seen, with something about it otherwise. */
final class Seen {
  private final Observation.OfWorkload as;
  private boolean paused;
  private Rollout rollout;
  private Optional<Owner> owner;
  private Optional<String> actor;
  private List<Revision> revisions;

  Seen(Observation.OfWorkload as) {
    this.as = as;
    this.paused = as.paused();
    this.rollout = as.rollout();
    this.owner = as.owner();
    this.actor = as.actor();
    this.revisions = as.revisions();
  }

  Seen paused() {
    paused = true;
    return this;
  }

  Seen rollout(Rollout another) {
    rollout = another;
    return this;
  }

  Seen owner(Optional<Owner> another) {
    owner = another;
    return this;
  }

  Seen actor(String another) {
    actor = Optional.of(another);
    return this;
  }

  Seen revisions(UnaryOperator<Revision> change) {
    revisions = revisions.stream().map(change).toList();
    return this;
  }

  static Revision with(List<String> images, Optional<String> changeCause, Revision revision) {
    return new Revision(
        revision.uid(),
        revision.number(),
        revision.digest(),
        images,
        revision.createdAt(),
        revision.readyReplicas(),
        changeCause);
  }

  Observation.OfWorkload workload() {
    return new Observation.OfWorkload(
        as.workload(),
        as.uid(),
        as.generation(),
        paused,
        rollout,
        as.digest(),
        owner,
        actor,
        revisions,
        as.narrowing(),
        as.changes());
  }
}
