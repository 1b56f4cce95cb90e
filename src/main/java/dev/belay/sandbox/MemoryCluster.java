package dev.belay.sandbox;

import dev.belay.core.access.Access;
import dev.belay.core.incident.Reason;
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
import dev.belay.port.Baselines;
import dev.belay.port.Cluster;
import dev.belay.port.ClusterUnavailable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** A {@link ControlPlane} as Belay's actuators see it. Keeps a ledger of every effect. */
public final class MemoryCluster implements Cluster {
  static final String ACTION = "belay.dev/action";
  static final String ROLLED_BACK_FROM = "belay.dev/rolled-back-from";

  /** One change that was made in the cluster. */
  public record Effect(Instant at, ActionId id, Plan plan) {}

  private final ControlPlane plane;
  private final Faults faults;
  private final Baselines baselines = new MemoryBaselines();
  private final WorkloadActions workloads;
  private final FlagActions flags;
  private final ManifestActions manifests;
  private final List<Effect> ledger = new ArrayList<>();

  /** Belay's way to that cluster. */
  public MemoryCluster(ControlPlane plane, Faults faults) {
    this.plane = plane;
    this.faults = faults;
    this.workloads = new WorkloadActions(plane, baselines);
    this.flags = new FlagActions(plane);
    this.manifests = new ManifestActions(plane);
  }

  /** What it keeps of what the cluster forgets. */
  public Baselines baselines() {
    return baselines;
  }

  /** Every change that Belay made, in order. */
  public List<Effect> effects() {
    return plane.look(() -> List.copyOf(ledger));
  }

  /** How often the action took effect. */
  public long effects(ActionId id) {
    return effects().stream().filter(effect -> effect.id().equals(id)).count();
  }

  @Override
  public Observation observe(Target target) {
    return read(
        Faults.Read.OBSERVE,
        () ->
            switch (target) {
              case Target.OfWorkload(var workload) -> workloads.observe(workload);
              case Target.OfConfigMap(var configMap) -> flags.observe(configMap);
              case Target.OfManifests(var wanted) -> manifests.observe(wanted);
            });
  }

  @Override
  public Set<Workload> find(WorkloadSelector selector, Place place) {
    return read(Faults.Read.OBSERVE, () -> workloads.find(selector, place));
  }

  @Override
  public boolean allows(Access access) {
    return read(Faults.Read.OBSERVE, () -> !faults.forbids(access));
  }

  @Override
  public Preflight preflight(ActionId id, Plan plan) {
    return read(Faults.Read.PREFLIGHT, () -> checked(id, plan));
  }

  @Override
  public Inspection inspect(ActionId id, Plan plan) {
    return read(
        Faults.Read.INSPECT,
        () ->
            switch (plan) {
              case Plan.RollBack rollBack -> workloads.inspect(id, rollBack);
              case Plan.SetFlags set -> flags.inspect(id, set);
              case Plan.RestoreFlags restore -> flags.inspect(id, restore);
              case Plan.ApplyManifests apply -> manifests.inspect(id, apply);
              case Plan.DeleteManifests delete -> manifests.inspect(delete);
            });
  }

  @Override
  public Settlement settle(ActionId id, Plan plan) {
    return read(
        Faults.Read.SETTLE,
        () ->
            switch (plan) {
              case Plan.RollBack rollBack -> workloads.settle(rollBack);
              case Plan.SetFlags set -> flags.settle(set);
              case Plan.RestoreFlags restore -> flags.settle(restore);
              case Plan.ApplyManifests apply -> manifests.settle(id, apply);
              case Plan.DeleteManifests delete -> manifests.settle(delete);
            });
  }

  @Override
  public Outcome apply(ActionId id, Plan plan) {
    return plane.change(
        () ->
            switch (faults.fate(id, plan)) {
              case Faults.Fate.Answered _ -> carriedOut(id, plan);
              case Faults.Fate.Refused(var reason, var detail) ->
                  new Outcome.Refused(reason, detail);
              case Faults.Fate.RequestLost _ -> lost(plan);
              case Faults.Fate.AnswerLost _ -> {
                carriedOut(id, plan);
                yield lost(plan);
              }
              case Faults.Fate.Late(var by) -> {
                plane.later(plane.now().plus(by), () -> carriedOut(id, plan));
                yield lost(plan);
              }
            });
  }

  private static Outcome lost(Plan plan) {
    return new Outcome.Doubtful("no answer came to: " + plan.kind());
  }

  private Outcome carriedOut(ActionId id, Plan plan) {
    return switch (checked(id, plan)) {
      case Preflight.Refused(var reason, var detail) -> new Outcome.Refused(reason, detail);
      case Preflight.AlreadyDone(var detail) -> new Outcome.AlreadyDone(detail);
      case Preflight.Ready(var fresh) -> {
        if (!fresh.equals(plan)) {
          yield new Outcome.Refused(
              Reason.SUPERSEDED, "its generation moved since the plan was made");
        }
        ledger.add(new Effect(plane.now(), id, plan));
        yield new Outcome.Applied(changed(id, plan));
      }
    };
  }

  private Preflight checked(ActionId id, Plan plan) {
    return switch (plan) {
      case Plan.RollBack rollBack -> workloads.preflight(id, rollBack);
      case Plan.SetFlags set -> flags.preflight(id, set);
      case Plan.RestoreFlags restore -> flags.preflight(id, restore);
      case Plan.ApplyManifests apply -> manifests.preflight(id, apply);
      case Plan.DeleteManifests delete -> manifests.preflight(delete);
    };
  }

  private String changed(ActionId id, Plan plan) {
    return switch (plan) {
      case Plan.RollBack rollBack -> workloads.change(id, rollBack);
      case Plan.SetFlags set -> flags.change(id, set);
      case Plan.RestoreFlags restore -> flags.change(id, restore);
      case Plan.ApplyManifests apply -> manifests.change(id, apply);
      case Plan.DeleteManifests delete -> manifests.change(delete);
    };
  }

  private <T> T read(Faults.Read read, Supplier<T> work) {
    return plane.look(
        () -> {
          faults
              .silence(read)
              .ifPresent(
                  why -> {
                    throw new ClusterUnavailable(why);
                  });
          return work.get();
        });
  }
}
