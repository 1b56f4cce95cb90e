package dev.belay.kube;

import dev.belay.core.release.Revision;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Observation;
import dev.belay.core.rule.Narrowing;
import dev.belay.core.rule.Place;
import dev.belay.core.rule.WorkloadSelector;
import dev.belay.port.ClusterUnavailable;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Looks at workloads of every kind: what they run, and how far they are with it. */
final class WorkloadReader {
  /** What one selector may find in one place. */
  private static final int MOST = 10_000;

  private final Api api;
  private final ServedKinds kinds;
  private final KeptTemplates kept;
  private final InstantSource clock;

  WorkloadReader(Api api, ServedKinds kinds, KeptTemplates kept, InstantSource clock) {
    this.api = api;
    this.kinds = kinds;
    this.kept = kept;
    this.clock = clock;
  }

  /**
   * All workloads of the place that the selector selects; of each, no more is read than its name
   * and, of a Rollout, where its template is. Of a kind that the server does not have there are
   * none.
   */
  Set<Workload> find(WorkloadSelector selector, Place place) {
    WorkloadKind kind =
        WorkloadKind.of(place.kind())
            .orElseThrow(() -> new ClusterUnavailable("no cluster has the kind " + place.kind()));
    if (!kinds.has(kind)) {
      return Set.of();
    }
    Set<Workload> found = new HashSet<>();
    String labels =
        selector.labels().isEmpty() ? "" : "?labelSelector=" + Api.query(selector.labelSelector());
    Consumer<KubeObject> take =
        object -> {
          Workload workload = named(place, object, object.name());
          if (selector.covers(workload)
              && !templateElsewhere(object)
              && found.add(workload)
              && found.size() > MOST) {
            throw new ClusterUnavailable(
                "the selector finds more than " + MOST + " " + place + "; make it narrower");
          }
        };
    String path = kind.path(place.namespace()) + labels;
    if (kind == WorkloadKind.ROLLOUT) {
      api.each(path, take);
    } else {
      api.eachMetadata(path, take);
    }
    return found;
  }

  /** Whether it only runs what stands in a Deployment, which is found by itself. */
  private static boolean templateElsewhere(KubeObject object) {
    return object.json().path("spec").has("workloadRef");
  }

  /**
   * {@link #observe} of many, by one list of the place's workloads and one of what keeps their
   * templates: asked for one by one, the server goes through all of the latter for each of them.
   *
   * @return of what is there and could be made out
   */
  Map<Workload, Observation> observe(Place place, Set<Workload> workloads) {
    Optional<WorkloadKind> known = WorkloadKind.of(place.kind());
    if (known.isEmpty() || !kinds.has(known.get())) {
      return Map.of();
    }
    WorkloadKind kind = known.get();
    Map<String, List<WorkloadView.Version>> versions = new HashMap<>();
    api.each(
        kind.keepers(place.namespace()),
        keeper ->
            keeper
                .controller()
                // The uid says whose it is; the name spares others' templates being looked into.
                .filter(owner -> workloads.contains(named(place, keeper, owner.name())))
                .ifPresent(
                    owner ->
                        WorkloadView.version(kind, keeper)
                            .map(version -> version.light(api, kind))
                            .ifPresent(
                                version ->
                                    versions
                                        .computeIfAbsent(owner.uid(), _ -> new ArrayList<>())
                                        .add(version))));
    Map<Workload, Observation> seen = new HashMap<>();
    api.each(
        kind.path(place.namespace()),
        object -> {
          Workload workload = named(place, object, object.name());
          if (workloads.contains(workload)) {
            WorkloadView view =
                WorkloadView.of(kind, object, versions.getOrDefault(object.uid(), List.of()));
            try {
              seen.put(workload, observation(workload, view, false));
            } catch (ClusterUnavailable e) {
              // Whoever asks for it alone is told why.
            }
          }
        });
    return seen;
  }

  private static Workload named(Place place, KubeObject in, String name) {
    return new Workload(place.kind(), in.namespace(), name);
  }

  Observation observe(Workload workload) {
    Optional<WorkloadKind> kind = WorkloadKind.of(workload);
    if (kind.isEmpty()) {
      return new Observation.Missing(workload + " (a kind or a name that no cluster has)");
    }
    return WorkloadView.read(api, kind.get(), workload)
        .map(view -> observation(workload, view, true))
        .orElseGet(() -> new Observation.Missing(workload.toString()));
  }

  /**
   * What there is to say of it.
   *
   * @param alone whether its templates are compared too, which takes time and memory
   */
  private Observation observation(Workload workload, WorkloadView view, boolean alone) {
    if (templateElsewhere(view.object())) {
      return new Observation.Missing(
          workload + " has its template elsewhere (workloadRef); name that Deployment instead");
    }
    List<Revision> revisions = kept.revisions(workload, view);
    return new Observation.OfWorkload(
        workload,
        view.uid(),
        view.generation(),
        view.paused(),
        PodTrouble.in(api, view, clock.instant()),
        view.digest(),
        Owners.of(view.object()),
        view.object().templateWriter(),
        revisions,
        Narrowing.of(
            view.object().annotation(Narrowing.MODE), view.object().annotation(Narrowing.HOLD)),
        alone ? kept.changes(workload, view, revisions) : Map.of());
  }
}
