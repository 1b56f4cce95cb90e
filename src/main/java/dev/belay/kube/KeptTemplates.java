package dev.belay.kube;

import dev.belay.core.release.Revision;
import dev.belay.core.release.TemplateChange;
import dev.belay.core.release.TemplateChanges;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Plan;
import dev.belay.port.Baselines;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  /**
   * What a return to each of the revisions changes besides images, by their digests; those that
   * only images tell from the present one are left out.
   */
  Map<String, List<TemplateChange>> changes(
      Workload workload, WorkloadView view, List<Revision> revisions) {
    Map<String, List<TemplateChange>> changes = new HashMap<>();
    for (Revision revision : revisions) {
      template(workload, view, revision.uid(), revision.digest())
          .map(template -> TemplateChanges.between(view.plain(), WorkloadView.plain(template)))
          .filter(each -> !each.isEmpty())
          .ifPresent(each -> changes.put(revision.digest(), each));
    }
    return changes;
  }

  /** What the plan puts in place; empty where it is to be had no more. */
  Optional<JsonNode> target(Plan.RollBack plan, WorkloadView view) {
    return template(plan.workload(), view, plan.toRevision(), plan.toDigest());
  }

  private Optional<JsonNode> template(
      Workload workload, WorkloadView view, String uid, String digest) {
    return view.version(uid)
        .filter(version -> version.revision().digest().equals(digest))
        .map(WorkloadView.Version::template)
        .or(
            () ->
                baselines
                    .find(workload, view.uid(), digest)
                    .map(kept -> Api.JSON.valueToTree(kept.template())));
  }
}
