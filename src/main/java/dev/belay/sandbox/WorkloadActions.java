package dev.belay.sandbox;

import dev.belay.core.incident.Reason;
import dev.belay.core.release.Owner;
import dev.belay.core.release.Revision;
import dev.belay.core.release.Rollout;
import dev.belay.core.release.Rollout.Obstacle;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Inspection;
import dev.belay.core.remediation.Inspection.Finding;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Preflight;
import dev.belay.core.remediation.Settlement;
import dev.belay.core.rule.Narrowing;
import dev.belay.core.rule.Place;
import dev.belay.core.rule.WorkloadSelector;
import dev.belay.port.Baselines;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Rollbacks, on the cluster in memory. Called with nobody else in between. */
final class WorkloadActions {
  private static final String CHANGE_CAUSE = "kubernetes.io/change-cause";

  private final ControlPlane plane;
  private final Baselines baselines;

  WorkloadActions(ControlPlane plane, Baselines baselines) {
    this.plane = plane;
    this.baselines = baselines;
  }

  Observation observe(Workload workload) {
    return found(workload)
        .<Observation>map(deployment -> observation(workload, deployment))
        .orElseGet(() -> new Observation.Missing(workload.toString()));
  }

  private Observation.OfWorkload observation(Workload workload, Deployment deployment) {
    return new Observation.OfWorkload(
        workload,
        deployment.uid,
        deployment.generation,
        deployment.paused,
        rollout(deployment),
        deployment.template.digest(),
        owner(deployment),
        Optional.of(deployment.writer),
        revisions(workload, deployment),
        Narrowing.of(
            Optional.ofNullable(deployment.annotations.get(Narrowing.MODE)),
            Optional.ofNullable(deployment.annotations.get(Narrowing.HOLD))),
        Map.of());
  }

  private List<Revision> revisions(Workload workload, Deployment deployment) {
    return baselines.revisions(
        workload,
        deployment.uid,
        deployment.template.digest(),
        deployment.newestFirst().stream().map(this::revision).toList(),
        revision -> template(deployment, revision.uid()).orElseThrow().tree());
  }

  private static Optional<PodTemplate> template(Deployment deployment, String replicaSet) {
    return deployment.replicaSets.stream()
        .filter(each -> each.uid.equals(replicaSet))
        .map(each -> each.template)
        .findFirst();
  }

  Set<Workload> find(WorkloadSelector selector, Place place) {
    return plane.deployments().stream()
        .filter(
            deployment -> {
              Workload workload = named(deployment);
              return place.holds(workload) && selector.selects(workload, deployment.labels);
            })
        .map(WorkloadActions::named)
        .collect(Collectors.toSet());
  }

  private static Workload named(Deployment deployment) {
    return new Workload("deployment", deployment.namespace, deployment.name);
  }

  private Rollout rollout(Deployment deployment) {
    Instant now = plane.now();
    String detail =
        deployment.available(now) + " of " + deployment.replicas + " replicas are available";
    if (deployment.complete(now)) {
      return Rollout.done(deployment.replicas > 0, detail);
    }
    Set<Obstacle> obstacles = EnumSet.noneOf(Obstacle.class);
    if (deployment.deadlineExceeded(now)) {
      obstacles.add(Obstacle.DEADLINE_EXCEEDED);
    }
    deployment.current().stream()
        .flatMap(current -> current.pods.stream())
        .filter(pod -> !pod.ready(now))
        .forEach(pod -> obstacle(pod).ifPresent(obstacles::add));
    return Rollout.underWay(Set.copyOf(obstacles), detail);
  }

  private static Optional<Obstacle> obstacle(Pod pod) {
    return switch (pod.waiting()) {
      case "CrashLoopBackOff" -> Optional.of(Obstacle.CRASH_LOOP);
      case "ImagePullBackOff" -> Optional.of(Obstacle.IMAGE_PULL);
      default -> Optional.empty();
    };
  }

  private Revision revision(ReplicaSet each) {
    return new Revision(
        each.uid,
        each.revision(),
        each.template.digest(),
        each.template.images(),
        each.createdAt,
        each.ready(plane.now()),
        each.annotation(CHANGE_CAUSE));
  }

  Preflight preflight(ActionId id, Plan.RollBack plan) {
    Optional<Deployment> found = found(plan.workload());
    if (found.isEmpty()) {
      return new Preflight.Refused(
          Reason.TARGET_MISSING, plan.workload() + " is not in the cluster");
    }
    Deployment deployment = found.get();
    if (stands(id, deployment)) {
      return new Preflight.AlreadyDone("action " + id + " stands on " + plan.workload());
    }
    if (!deployment.uid.equals(plan.uid())) {
      return new Preflight.Refused(
          Reason.SUPERSEDED, plan.workload() + " was deleted and made again");
    }
    Optional<Owner> owner = owner(deployment).filter(Owner::undoes);
    if (owner.isPresent()) {
      return new Preflight.Refused(
          Reason.OWNED_BY_ANOTHER,
          owner.get().name() + " writes " + plan.workload() + " and would undo a rollback");
    }
    if (deployment.paused) {
      return new Preflight.Refused(
          Reason.TARGET_PAUSED,
          "rollouts of " + plan.workload() + " are paused; kubectl rollout resume ends that");
    }
    String digest = deployment.template.digest();
    if (digest.equals(plan.toDigest())) {
      return new Preflight.AlreadyDone(
          plan.workload() + " already has the template of revision " + plan.toNumber());
    }
    if (!digest.equals(plan.fromDigest())) {
      return new Preflight.Refused(
          Reason.SUPERSEDED, plan.workload() + " no longer runs the template that was judged");
    }
    if (target(deployment, plan).isEmpty()) {
      return new Preflight.Refused(
          Reason.TARGET_MISSING,
          "revision " + plan.toNumber() + " of " + plan.workload() + " is gone");
    }
    return new Preflight.Ready(
        new Plan.RollBack(
            plan.workload(),
            plan.uid(),
            deployment.generation,
            plan.fromDigest(),
            plan.toRevision(),
            plan.toDigest(),
            plan.toNumber(),
            plan.fromImages(),
            plan.toImages(),
            plan.changes()));
  }

  /** Makes the change; the preflight said that it may be made. */
  String change(ActionId id, Plan.RollBack plan) {
    Deployment deployment = found(plan.workload()).orElseThrow();
    PodTemplate target = target(deployment, plan).orElseThrow();
    plane.edit(
        deployment,
        "belay",
        each -> {
          each.template = target.withoutHash();
          each.annotations.put(MemoryCluster.ACTION, id.value());
          each.annotations.put(MemoryCluster.ROLLED_BACK_FROM, plan.fromDigest());
          each.annotations.put(
              CHANGE_CAUSE,
              "Belay rolled back to revision " + plan.toNumber() + " (action " + id + ")");
        });
    return plan.workload() + " returns to revision " + plan.toNumber();
  }

  Inspection inspect(ActionId id, Plan.RollBack plan) {
    Optional<Deployment> found = found(plan.workload());
    if (found.isEmpty()) {
      return new Inspection(Finding.SUPERSEDED, plan.workload() + " is gone");
    }
    Deployment deployment = found.get();
    if (stands(id, deployment)) {
      return new Inspection(Finding.EFFECTIVE, "action " + id + " stands on " + plan.workload());
    }
    if (!deployment.uid.equals(plan.uid())) {
      return new Inspection(Finding.SUPERSEDED, plan.workload() + " was deleted and made again");
    }
    String digest = deployment.template.digest();
    if (digest.equals(plan.toDigest())) {
      return new Inspection(
          Finding.ALREADY_DONE,
          plan.workload() + " has the template of revision " + plan.toNumber());
    }
    if (digest.equals(plan.fromDigest()) && deployment.generation == plan.generation()) {
      return new Inspection(Finding.UNTOUCHED, plan.workload() + " is as it was");
    }
    return new Inspection(
        Finding.SUPERSEDED, plan.workload() + " was changed by somebody else since");
  }

  Settlement settle(Plan.RollBack plan) {
    Optional<Deployment> found = found(plan.workload());
    if (found.isEmpty() || !found.get().uid.equals(plan.uid())) {
      return new Settlement.Failed(Reason.TARGET_MISSING, plan.workload() + " is gone");
    }
    Deployment deployment = found.get();
    if (!deployment.template.digest().equals(plan.toDigest())) {
      return new Settlement.Failed(
          Reason.SUPERSEDED, plan.workload() + " was given another template");
    }
    if (deployment.complete(plane.now())) {
      return new Settlement.Settled(
          deployment.replicas + " of " + deployment.replicas + " replicas are available");
    }
    if (deployment.paused) {
      return new Settlement.Failed(
          Reason.TARGET_PAUSED, "a person paused the rollouts of " + plan.workload());
    }
    if (deployment.deadlineExceeded(plane.now())) {
      return new Settlement.Failed(
          Reason.ROLLOUT_STUCK, plan.workload() + " exceeded its progress deadline");
    }
    return new Settlement.Progressing(
        deployment.updated() + " of " + deployment.replicas + " replicas are updated");
  }

  /** Also on a ReplicaSet: the controller copies it there, and a person's undo drops it above. */
  private static boolean stands(ActionId id, Deployment deployment) {
    return id.value().equals(deployment.annotations.get(MemoryCluster.ACTION))
        || deployment.replicaSets.stream()
            .anyMatch(each -> id.value().equals(each.annotations.get(MemoryCluster.ACTION)));
  }

  private Optional<PodTemplate> target(Deployment deployment, Plan.RollBack plan) {
    return template(deployment, plan.toRevision())
        .filter(template -> template.digest().equals(plan.toDigest()))
        .or(
            () ->
                baselines
                    .find(plan.workload(), deployment.uid, plan.toDigest())
                    .map(kept -> PodTemplate.of(kept.template())));
  }

  private static Optional<Owner> owner(Deployment deployment) {
    if (deployment.annotations.containsKey("argocd.argoproj.io/tracking-id")) {
      return Optional.of(new Owner("Argo CD", true));
    }
    if (deployment.labels.containsKey("kustomize.toolkit.fluxcd.io/name")
        || deployment.labels.containsKey("helm.toolkit.fluxcd.io/name")) {
      return Optional.of(new Owner("Flux", true));
    }
    return "Helm".equals(deployment.labels.get("app.kubernetes.io/managed-by"))
        ? Optional.of(new Owner("Helm", false))
        : Optional.empty();
  }

  private Optional<Deployment> found(Workload workload) {
    return workload.kind().equals("deployment")
        ? plane.deployment(workload.namespace(), workload.name())
        : Optional.empty();
  }
}
