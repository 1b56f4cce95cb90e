package dev.belay.kube;

import dev.belay.core.release.Revision;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Plan;
import dev.belay.port.Baseline;
import dev.belay.port.Baselines;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/**
 * The templates that a Deployment can be returned to: those of its ReplicaSets, and of those that
 * it has no more the ones that Belay keeps.
 */
final class KeptTemplates {
  private static final TypeReference<Map<String, @Nullable Object>> PLAIN =
      new TypeReference<>() {};

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
    Set<String> known = there.stream().map(Revision::digest).collect(Collectors.toSet());
    // One that has the present template is no earlier one: its ReplicaSet is yet to be made.
    return Stream.concat(
            there.stream(),
            baselines.kept(workload).stream()
                .filter(digest -> !known.contains(digest) && !digest.equals(view.digest()))
                .flatMap(digest -> find(workload, view, digest).stream())
                .map(Baseline::revision))
        .sorted(Comparator.comparingLong(Revision::number).reversed())
        .toList();
  }

  private Optional<Baseline> find(Workload workload, WorkloadView view, String digest) {
    return baselines.find(workload, digest).filter(kept -> kept.uid().equals(view.uid()));
  }

  /** What the plan puts in place; empty where it is to be had no more. */
  Optional<JsonNode> target(Plan.RollBack plan, WorkloadView view) {
    return view.versions().stream()
        .filter(version -> version.revision().uid().equals(plan.toRevision()))
        .filter(version -> version.revision().digest().equals(plan.toDigest()))
        .map(WorkloadView.Version::template)
        .findFirst()
        .or(
            () ->
                find(plan.workload(), view, plan.toDigest())
                    .map(kept -> Api.JSON.valueToTree(kept.template())));
  }

  /** Whether the revision is kept now. */
  boolean keep(Workload workload, WorkloadView view, String digest) {
    view.versions().stream()
        .filter(version -> version.revision().digest().equals(digest))
        .findFirst()
        .ifPresent(
            version ->
                baselines.keep(
                    new Baseline(
                        workload,
                        view.uid(),
                        version.revision(),
                        Api.JSON.convertValue(version.template(), PLAIN))));
    return find(workload, view, digest).isPresent();
  }
}
