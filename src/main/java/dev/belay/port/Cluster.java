package dev.belay.port;

import dev.belay.core.access.Access;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Inspection;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Preflight;
import dev.belay.core.remediation.Settlement;
import dev.belay.core.remediation.Target;
import dev.belay.core.rule.Place;
import dev.belay.core.rule.WorkloadSelector;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The cluster that Belay acts on, and the one shape that all actions share: observe, preflight,
 * (the engine records the intent), apply, settle; to undo, the same again with {@link Plan#undo}.
 *
 * <p>Calls block; never make them on an event loop. Every call reads the cluster afresh.
 * Implementations pass {@code ClusterContract}.
 */
public interface Cluster {
  /**
   * Reads what an action is to be planned for. Of a workload's revisions it keeps those that are
   * {@linkplain Baselines#want wanted}, and tells of what it keeps where the cluster has forgotten
   * it.
   *
   * @throws ClusterUnavailable where no trustworthy answer was had
   */
  Observation observe(Target target);

  /**
   * Reads a workload; empty where it is not there.
   *
   * @throws ClusterUnavailable where no trustworthy answer was had
   */
  default Optional<Observation.OfWorkload> workload(Workload workload) {
    return observe(new Target.OfWorkload(workload)).ofWorkload();
  }

  /**
   * Reads many workloads of one place: what {@link #observe(Target)} would say of each, for less
   * work of the cluster's.
   *
   * @return of those that were made out; the others are to be asked for one by one
   * @throws ClusterUnavailable where no complete and trustworthy answer was had
   */
  default Map<Workload, Observation> observe(Place place, Set<Workload> workloads) {
    return workloads.stream()
        .collect(
            Collectors.toMap(
                Function.identity(), workload -> observe(new Target.OfWorkload(workload))));
  }

  /**
   * Asks whether the plan would go through now, by a fresh read and the server's own dry run.
   * Changes nothing.
   *
   * @throws ClusterUnavailable where no trustworthy answer was had
   */
  Preflight preflight(ActionId id, Plan plan);

  /**
   * Carries out the plan, once, under its guards. Writes {@code id} to the object in the same
   * request. Never repeats a request whose answer was lost; never throws: what is not known is
   * {@link Outcome.Doubtful}.
   */
  Outcome apply(ActionId id, Plan plan);

  /**
   * Looks whether the action took effect. Changes nothing.
   *
   * @throws ClusterUnavailable where no trustworthy answer was had
   */
  Inspection inspect(ActionId id, Plan plan);

  /**
   * Looks how far the cluster is with an accepted change. Changes nothing.
   *
   * @throws ClusterUnavailable where no trustworthy answer was had
   */
  Settlement settle(ActionId id, Plan plan);

  /**
   * Looks for workloads.
   *
   * @param place one of the selector's places
   * @return all that it selects there
   * @throws ClusterUnavailable where no complete and trustworthy answer was had
   */
  Set<Workload> find(WorkloadSelector selector, Place place);

  /**
   * Whether the cluster allows Belay this; access to workloads of a kind that it does not have it
   * keeps from nobody. Changes nothing.
   *
   * @throws ClusterUnavailable where no trustworthy answer was had
   */
  boolean allows(Access access);

  /**
   * Begins to watch these workloads and all that may be selected, and whatever else the cluster
   * cannot tell from them.
   *
   * @param changed told of each workload that is there, and of each that may have changed since, on
   *     a thread of the watch's: be quick
   * @return empty where the cluster tells of no changes, and must be asked
   */
  default Optional<WorkloadWatch> watch(
      Set<Workload> workloads, List<WorkloadSelector> selectors, Consumer<Workload> changed) {
    return Optional.empty();
  }

  /** Where it is and what named it, for people who look for a fault; holds no secrets. */
  default String where() {
    return "the cluster";
  }
}
