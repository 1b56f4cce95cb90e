package dev.belay.kube;

import dev.belay.core.incident.Reason;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Inspection;
import dev.belay.core.remediation.Inspection.Finding;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Preflight;
import dev.belay.core.remediation.Settlement;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Returns Deployments to earlier revisions: one guarded JSON Patch that puts a ReplicaSet's
 * template back.
 *
 * <p>Unlike {@code kubectl rollout undo} it leaves others' annotations alone and is refused where
 * the Deployment is no longer the one that was judged.
 */
final class DeploymentRollbacks {
  private final Api api;
  private final KeptTemplates kept;

  DeploymentRollbacks(Api api, KeptTemplates kept) {
    this.api = api;
    this.kept = kept;
  }

  private Optional<WorkloadView> read(Workload workload) {
    return WorkloadKind.of(workload)
        .filter(WorkloadKind.DEPLOYMENT::equals)
        .flatMap(kind -> WorkloadView.read(api, kind, workload));
  }

  Preflight preflight(ActionId id, Plan.RollBack plan) {
    Optional<WorkloadView> view = read(plan.workload());
    return switch (check(id, plan, view)) {
      case Check.Stop(Preflight answer) -> answer;
      case Check.Go go -> rehearse(id, go);
    };
  }

  private Preflight rehearse(ActionId id, Check.Go go) {
    Plan.RollBack plan = go.plan();
    Optional<References.Reference> missing =
        References.missing(api, plan.workload().namespace(), go.template());
    if (missing.isPresent()) {
      return new Preflight.Refused(
          Reason.TARGET_MISSING,
          "revision " + plan.toNumber() + " needs " + missing.get() + ", which is gone");
    }
    Answer answer = api.patch(WorkloadKind.DEPLOYMENT.path(plan.workload()), patch(id, go), true);
    return Write.dryRun(answer, () -> moved(plan)).orElse(new Preflight.Ready(plan));
  }

  private boolean moved(Plan.RollBack plan) {
    return read(plan.workload())
        .filter(view -> view.uid().equals(plan.uid()))
        .filter(view -> view.generation() == plan.generation())
        .isEmpty();
  }

  Outcome apply(ActionId id, Plan.RollBack plan) {
    Optional<WorkloadView> view = read(plan.workload());
    Check check = check(id, plan, view);
    if (!(check instanceof Check.Go go) || !go.plan().equals(plan)) {
      return outcome(check, plan);
    }
    return Write.judge(
        api.patch(WorkloadKind.DEPLOYMENT.path(plan.workload()), patch(id, go), false),
        id,
        plan.workload() + " returns to revision " + plan.toNumber(),
        refusal -> explain(id, plan, refusal),
        () -> took(id, plan));
  }

  private boolean took(ActionId id, Plan.RollBack plan) {
    return read(plan.workload()).filter(view -> view.carries(id)).isPresent();
  }

  /** Why the server refused what stood a moment ago, from a fresh look. */
  private Outcome explain(ActionId id, Plan.RollBack plan, Answer.Of refusal) {
    Check check = check(id, plan, read(plan.workload()));
    return check instanceof Check.Go go && go.plan().equals(plan)
        ? new Outcome.Refused(Reason.CLUSTER_REFUSED, refusal.message())
        : outcome(check, plan);
  }

  private static Outcome outcome(Check check, Plan.RollBack plan) {
    return switch (check) {
      case Check.Stop(Preflight.AlreadyDone(var detail)) -> new Outcome.AlreadyDone(detail);
      case Check.Stop(Preflight.Refused(var reason, var detail)) ->
          new Outcome.Refused(reason, detail);
      case Check.Stop(Preflight.Ready _) -> throw new IllegalStateException("ready is no stop");
      case Check.Go go ->
          new Outcome.Refused(
              Reason.SUPERSEDED,
              "only its generation moved, from "
                  + plan.generation()
                  + " to "
                  + go.plan().generation()
                  + "; its template is still the one judged");
    };
  }

  /** Whether the plan fits the Deployment as it is. */
  private sealed interface Check {
    /** It does not, or is done already. */
    record Stop(Preflight answer) implements Check {}

    /**
     * It does.
     *
     * @param plan with the generation of now
     */
    record Go(Plan.RollBack plan, WorkloadView view, JsonNode template) implements Check {}
  }

  private Check check(ActionId id, Plan.RollBack plan, Optional<WorkloadView> read) {
    Workload workload = plan.workload();
    if (read.isEmpty()) {
      return refuse(Reason.TARGET_MISSING, workload + " is not in the cluster");
    }
    WorkloadView view = read.get();
    if (view.carries(id)) {
      return new Check.Stop(new Preflight.AlreadyDone("action " + id + " stands on " + workload));
    }
    if (!view.uid().equals(plan.uid())) {
      return refuse(Reason.SUPERSEDED, workload + " was deleted and made again");
    }
    Optional<String> owner = Owners.undoing(view.object());
    if (owner.isPresent()) {
      return refuse(
          Reason.OWNED_BY_ANOTHER,
          owner.get() + " keeps " + workload + " and would undo a rollback; roll back there");
    }
    if (view.paused()) {
      return refuse(
          Reason.TARGET_PAUSED,
          "rollouts of " + workload + " are paused; kubectl rollout resume ends that");
    }
    if (view.digest().equals(plan.toDigest())) {
      return new Check.Stop(
          new Preflight.AlreadyDone(
              workload + " already has the template of revision " + plan.toNumber()));
    }
    if (!view.digest().equals(plan.fromDigest())) {
      return refuse(Reason.SUPERSEDED, workload + " no longer runs the template that was judged");
    }
    return kept.target(plan, view)
        .<Check>map(template -> new Check.Go(refreshed(plan, view), view, template))
        .orElseGet(
            () ->
                refuse(
                    Reason.TARGET_MISSING,
                    "revision " + plan.toNumber() + " of " + workload + " is gone"));
  }

  private static Check refuse(Reason reason, String detail) {
    return new Check.Stop(new Preflight.Refused(reason, detail));
  }

  Inspection inspect(ActionId id, Plan.RollBack plan) {
    Optional<WorkloadView> read = read(plan.workload());
    if (read.isEmpty()) {
      return new Inspection(Finding.SUPERSEDED, plan.workload() + " is gone");
    }
    WorkloadView view = read.get();
    if (view.carries(id)) {
      return new Inspection(Finding.EFFECTIVE, "action " + id + " stands on " + plan.workload());
    }
    if (!view.uid().equals(plan.uid())) {
      return new Inspection(Finding.SUPERSEDED, plan.workload() + " was deleted and made again");
    }
    if (view.digest().equals(plan.toDigest())) {
      return new Inspection(
          Finding.ALREADY_DONE,
          plan.workload() + " has the template of revision " + plan.toNumber());
    }
    return view.digest().equals(plan.fromDigest()) && view.generation() == plan.generation()
        ? new Inspection(Finding.UNTOUCHED, plan.workload() + " is as it was")
        : new Inspection(Finding.SUPERSEDED, plan.workload() + " was changed since");
  }

  Settlement settle(Plan.RollBack plan) {
    Optional<WorkloadView> read =
        read(plan.workload()).filter(view -> view.uid().equals(plan.uid()));
    if (read.isEmpty()) {
      return new Settlement.Failed(Reason.TARGET_MISSING, plan.workload() + " is gone");
    }
    WorkloadView view = read.get();
    if (!view.digest().equals(plan.toDigest())) {
      return new Settlement.Failed(
          Reason.SUPERSEDED, plan.workload() + " was given another template");
    }
    Settlement settlement = RolloutStatus.settlement(view.object());
    return view.paused() && !(settlement instanceof Settlement.Settled)
        ? new Settlement.Failed(
            Reason.TARGET_PAUSED, "a person paused the rollouts of " + plan.workload())
        : settlement;
  }

  private static Plan.RollBack refreshed(Plan.RollBack plan, WorkloadView view) {
    return new Plan.RollBack(
        plan.workload(),
        plan.uid(),
        view.generation(),
        plan.fromDigest(),
        plan.toRevision(),
        plan.toDigest(),
        plan.toNumber(),
        plan.fromImages(),
        plan.toImages(),
        plan.changes());
  }

  private static JsonPatch patch(ActionId id, Check.Go go) {
    Plan.RollBack plan = go.plan();
    KubeObject deployment = go.view().object();
    String cause = "Belay rolled back to revision " + plan.toNumber() + " (action " + id + ")";
    // The generation moves with the specification and with annotations, not with status; so the
    // guard outlives the churn of a rollout, and covers the annotations too.
    return new JsonPatch()
        .test("/metadata/uid", plan.uid())
        .test("/metadata/generation", LongNode.valueOf(plan.generation()))
        .replace("/spec/template", withoutHash(go.template()))
        .annotate(deployment, Marks.ACTION, id.value())
        .annotate(deployment, Marks.ROLLED_BACK_FROM, plan.fromDigest())
        .annotate(deployment, Marks.CHANGE_CAUSE, cause);
  }

  /** The controller's label of one ReplicaSet must not become part of the Deployment. */
  private static JsonNode withoutHash(JsonNode template) {
    JsonNode copy = template.deepCopy();
    if (copy.path("metadata").path("labels") instanceof ObjectNode labels) {
      labels.remove("pod-template-hash");
    }
    return copy;
  }
}
