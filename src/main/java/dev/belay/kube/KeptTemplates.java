package dev.belay.kube;

import dev.belay.core.release.Revision;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Plan;
import dev.belay.port.Baselines;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The templates that a Deployment can be returned to: those of its ReplicaSets, and of those that
 * it has no more the ones that Belay keeps.
 */
final class KeptTemplates {
  private final Baselines baselines;

  KeptTemplates(Baselines baselines) {
    this.baselines = baselines;
  }

  /** The highest number first. */
  List<Revision> revisions(Workload workload, WorkloadView view) {
    List<Revision> there = view.versions().stream().map(WorkloadView.Version::revision).toList();
    if (view.kind() != WorkloadKind.DEPLOYMENT) {
      return there;
    }
    return baselines.revisions(
        workload,
        view.uid(),
        view.digest(),
        there,
        revision -> view.version(revision.uid()).orElseThrow().plain());
  }

  /** What the plan puts in place; empty where it is to be had no more. */
  Optional<JsonNode> target(Plan.RollBack plan, WorkloadView view) {
    return view.version(plan.toRevision())
        .filter(version -> version.revision().digest().equals(plan.toDigest()))
        .map(WorkloadView.Version::template)
        .or(
            () ->
                baselines
                    .find(plan.workload(), view.uid(), plan.toDigest())
                    .map(kept -> Api.JSON.valueToTree(kept.template())));
  }
}
