package dev.belay.core.remediation;

import dev.belay.core.release.TemplateChange;
import dev.belay.core.release.Workload;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * An action worked out for the cluster as it was observed: exactly what changes, and the guards
 * under which it may. The guards are checked by the server in the same request as the change.
 */
public sealed interface Plan {
  /**
   * Return a workload to a revision.
   *
   * @param uid guard: the workload is still this one
   * @param generation guard: nobody changed it since it was read
   * @param fromDigest guard: it still runs the template that was judged
   * @param toRevision uid of the revision to return to
   * @param toDigest guard: and that still is the template that was chosen
   * @param toNumber its revision number, for people
   * @param fromImages for people
   * @param toImages for people
   * @param changes what changes besides images, for people; empty where nothing does, or in plans
   *     of early versions
   */
  record RollBack(
      Workload workload,
      String uid,
      long generation,
      String fromDigest,
      String toRevision,
      String toDigest,
      long toNumber,
      List<String> fromImages,
      List<String> toImages,
      Optional<List<TemplateChange>> changes)
      implements Plan {}

  /**
   * Set flags.
   *
   * @param uid guard: the ConfigMap is still this one
   * @param prior guard: each flag still has the value that was read; empty: it is absent
   * @param set what each becomes
   */
  record SetFlags(
      ConfigMapRef configMap,
      String uid,
      SortedMap<String, Optional<String>> prior,
      SortedMap<String, String> set)
      implements Plan {}

  /**
   * Put flags back. A flag that no longer has the value that Belay set was changed by a person: it
   * is left as it is.
   *
   * @param prior what each goes back to; empty: it is removed
   * @param set what Belay set
   */
  record RestoreFlags(
      ConfigMapRef configMap,
      String uid,
      SortedMap<String, Optional<String>> prior,
      SortedMap<String, String> set)
      implements Plan {}

  /** Apply manifests, ours only: a name taken by somebody else's object is refused. */
  record ApplyManifests(List<Manifest> manifests) implements Plan {}

  /**
   * Delete what {@link ApplyManifests} made, ours only.
   *
   * @param madeBy guard: each still carries the id of this action; one that another action has
   *     applied since is that one's, and is left to it. Empty in plans of early versions: whatever
   *     is Belay's.
   */
  record DeleteManifests(List<Manifest> manifests, Optional<ActionId> madeBy) implements Plan {}

  /**
   * What undoes this, where something does. A rollback is not undone.
   *
   * @param made the action that carries this out
   */
  default Optional<Plan> undo(ActionId made) {
    return switch (this) {
      case SetFlags(var configMap, var uid, var prior, var set) ->
          Optional.of(new RestoreFlags(configMap, uid, prior, set));
      case ApplyManifests(var manifests) ->
          Optional.of(new DeleteManifests(manifests, Optional.of(made)));
      case RollBack _, RestoreFlags _, DeleteManifests _ -> Optional.empty();
    };
  }

  /** The name for logs and metrics. */
  default String kind() {
    return switch (this) {
      case RollBack _ -> "rollback";
      case SetFlags _ -> "flags";
      case RestoreFlags _ -> "restore_flags";
      case ApplyManifests _ -> "rate_limit";
      case DeleteManifests _ -> "restore_rate_limit";
    };
  }

  /**
   * What tells this from every plan that does something else, or to something else: who approves
   * one has not approved another.
   */
  default String digest() {
    return PlanDigest.of(this);
  }

  /** Whether the two would do the same to the same thing, whatever generation it has. */
  default boolean sameEffectAs(Plan other) {
    return (this instanceof RollBack a && other instanceof RollBack b)
        ? a.uid.equals(b.uid) && a.fromDigest.equals(b.fromDigest) && a.toDigest.equals(b.toDigest)
        : equals(other);
  }
}
