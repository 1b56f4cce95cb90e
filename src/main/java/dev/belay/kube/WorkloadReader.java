package dev.belay.kube;

import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Observation;
import java.util.Optional;

/** Looks at workloads of every kind: what they run, and how far they are with it. */
final class WorkloadReader {
  private final Api api;
  private final KeptTemplates kept;

  WorkloadReader(Api api, KeptTemplates kept) {
    this.api = api;
    this.kept = kept;
  }

  Observation observe(Workload workload) {
    Optional<WorkloadKind> kind = WorkloadKind.of(workload);
    if (kind.isEmpty()) {
      return new Observation.Missing(workload + " (a kind or a name that no cluster has)");
    }
    return WorkloadView.read(api, kind.get(), workload)
        .map(view -> observation(workload, view))
        .orElseGet(() -> new Observation.Missing(workload.toString()));
  }

  private Observation observation(Workload workload, WorkloadView view) {
    if (view.object().json().path("spec").has("workloadRef")) {
      return new Observation.Missing(
          workload + " has its template elsewhere (workloadRef); name that Deployment instead");
    }
    return new Observation.OfWorkload(
        workload,
        view.uid(),
        view.generation(),
        view.paused(),
        PodTrouble.in(api, view),
        view.digest(),
        Owner.of(view.object()),
        view.object().templateWriter(),
        kept.revisions(workload, view));
  }
}
