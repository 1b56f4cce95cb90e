package dev.belay.core.remediation;

import dev.belay.core.release.Owner;
import dev.belay.core.release.Revision;
import dev.belay.core.release.Rollout;
import dev.belay.core.release.TemplateChange;
import dev.belay.core.release.Workload;
import dev.belay.core.rule.Narrowing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** What the cluster said, freshly read. */
public sealed interface Observation {
  /** This, where it is of a workload that is there. */
  default Optional<OfWorkload> ofWorkload() {
    return this instanceof OfWorkload workload ? Optional.of(workload) : Optional.empty();
  }

  /**
   * A workload.
   *
   * @param uid the cluster's identity of it
   * @param generation moves with every change of its specification or annotations
   * @param paused a person has paused its rollouts
   * @param rollout how far it is with running its present template
   * @param digest of its present template
   * @param owner who else keeps it as it is, where somebody does
   * @param actor who gave it its present template, by the name that a client gives itself ({@code
   *     kubectl-set}, {@code helm}, …), where the cluster tells
   * @param revisions those that it owns, the highest number first; the present one is among them
   *     unless it is yet to be made
   * @param narrowing what its team says on it
   * @param changes what a return to each of the revisions changes besides images, by its digest;
   *     read only of a workload that is looked at alone
   */
  record OfWorkload(
      Workload workload,
      String uid,
      long generation,
      boolean paused,
      Rollout rollout,
      String digest,
      Optional<Owner> owner,
      Optional<String> actor,
      List<Revision> revisions,
      Narrowing narrowing,
      Map<String, List<TemplateChange>> changes)
      implements Observation {
    /** Whether its rollout is done. */
    public boolean complete() {
      return rollout.complete();
    }

    /** The revision that runs the present template, unless it is yet to be made. */
    public Optional<Revision> current() {
      return revisions.stream().filter(revision -> revision.digest().equals(digest)).findFirst();
    }
  }

  /** A ConfigMap. */
  record OfConfigMap(
      ConfigMapRef configMap, String uid, boolean immutable, SortedMap<String, String> values)
      implements Observation {}

  /**
   * Objects to be applied.
   *
   * @param foreign those whose name is taken by an object that Belay did not make
   */
  record OfManifests(List<Manifest> manifests, List<Manifest> foreign) implements Observation {}

  /** There is no such thing in the cluster. */
  record Missing(String what) implements Observation {}
}
