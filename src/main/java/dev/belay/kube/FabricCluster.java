package dev.belay.kube;

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
import dev.belay.port.WorkloadWatch;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A Kubernetes cluster. Thread-safe; holds nothing but the connection, and what it reads it reads
 * afresh each time.
 *
 * <p>Needs the rights that {@link dev.belay.core.access.Rights} works out from the rules; without
 * that to list pods, what keeps a rollout from its end is known only when its deadline has passed.
 * With the right to get ConfigMaps, Secrets, ServiceAccounts and PersistentVolumeClaims it also
 * sees before a rollback whether the old revision still finds what it needs (it asks for their
 * metadata only); without, it takes for granted that it does.
 */
public final class FabricCluster implements Cluster, AutoCloseable {
  /** How long a request may take where people do not say otherwise. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  private final KubernetesClient client;
  private final ServedKinds kinds;
  private final WorkloadReader workloads;
  private final DeploymentRollbacks rollbacks;
  private final ConfigMapFlags flags;
  private final OwnObjects objects;
  private final AccessReviews reviews;

  /**
   * Connects to a cluster. Sends nothing yet.
   *
   * @param kubeconfig the file that says where and as whom; empty: in a pod its service account,
   *     elsewhere what kubectl would take
   * @param context which of the file's contexts; empty: the current one
   * @param timeout how long each request may take; half of it to connect
   * @param baselines where revisions are kept that can be returned to
   * @throws IllegalArgumentException where there is no such file or context
   */
  public static FabricCluster connect(
      Optional<Path> kubeconfig, Optional<String> context, Duration timeout, Baselines baselines) {
    return new FabricCluster(
        ClusterConnection.open(kubeconfig, context, timeout), timeout, baselines);
  }

  /** By the system's clock. */
  FabricCluster(KubernetesClient client, Duration timeout, Baselines baselines) {
    this(client, timeout, baselines, InstantSource.system());
  }

  /**
   * On a client that repeats nothing on its own; it is closed with this.
   *
   * @param clock tells how long ago the kubelets' times are
   */
  FabricCluster(
      KubernetesClient client, Duration timeout, Baselines baselines, InstantSource clock) {
    if (client.getConfiguration().getRequestRetryBackoffLimit() != 0) {
      throw new IllegalArgumentException(
          "the client repeats requests whose answer was lost; set requestRetryBackoffLimit to 0");
    }
    this.client = client;
    Api api = new Api(client, timeout);
    KeptTemplates kept = new KeptTemplates(baselines);
    kinds = new ServedKinds(api);
    workloads = new WorkloadReader(api, kinds, kept, clock);
    rollbacks = new DeploymentRollbacks(api, kept);
    flags = new ConfigMapFlags(api);
    objects = new OwnObjects(api);
    reviews = new AccessReviews(api);
  }

  @Override
  public Observation observe(Target target) {
    return reading(
        () ->
            switch (target) {
              case Target.OfWorkload(var workload) -> workloads.observe(workload);
              case Target.OfConfigMap(var configMap) -> flags.observe(configMap);
              case Target.OfManifests(var manifests) -> objects.observe(manifests);
            });
  }

  @Override
  public Map<Workload, Observation> observe(Place place, Set<Workload> workloads) {
    return reading(() -> this.workloads.observe(place, workloads));
  }

  @Override
  public Set<Workload> find(WorkloadSelector selector, Place place) {
    return reading(() -> workloads.find(selector, place));
  }

  @Override
  public Optional<WorkloadWatch> watch(
      Set<Workload> workloads, List<WorkloadSelector> selectors, Consumer<Workload> changed) {
    return Optional.of(
        InformedWatch.start(client, kinds, InformedWatch.PATIENCE, workloads, selectors, changed));
  }

  @Override
  public boolean allows(Access access) {
    return reading(() -> reviews.allows(access) || kinds.lacks(access));
  }

  @Override
  public Preflight preflight(ActionId id, Plan plan) {
    try {
      return switch (plan) {
        case Plan.RollBack rollBack -> rollbacks.preflight(id, rollBack);
        case Plan.SetFlags set -> flags.preflight(id, set);
        case Plan.RestoreFlags restore -> flags.preflight(id, restore);
        case Plan.ApplyManifests apply -> objects.preflight(id, apply);
        case Plan.DeleteManifests delete -> objects.preflight(delete);
      };
    } catch (Forbidden e) {
      return new Preflight.Refused(Reason.FORBIDDEN, sentence(e));
    }
  }

  @Override
  public Outcome apply(ActionId id, Plan plan) {
    try {
      return switch (plan) {
        case Plan.RollBack rollBack -> rollbacks.apply(id, rollBack);
        case Plan.SetFlags set -> flags.apply(id, set);
        case Plan.RestoreFlags restore -> flags.apply(id, restore);
        case Plan.ApplyManifests apply -> objects.apply(id, apply);
        case Plan.DeleteManifests delete -> objects.apply(delete);
      };
    } catch (Forbidden e) {
      // Only reads throw these, and what reads come after a write are caught where they are made.
      return new Outcome.Refused(Reason.FORBIDDEN, sentence(e));
    } catch (ClusterUnavailable e) {
      return new Outcome.Refused(Reason.CLUSTER_UNAVAILABLE, sentence(e));
    } catch (RuntimeException e) {
      return new Outcome.Doubtful("Belay failed on the answer: " + e);
    }
  }

  @Override
  public Inspection inspect(ActionId id, Plan plan) {
    return reading(
        () ->
            switch (plan) {
              case Plan.RollBack rollBack -> rollbacks.inspect(id, rollBack);
              case Plan.SetFlags set -> flags.inspect(id, set);
              case Plan.RestoreFlags restore -> flags.inspect(id, restore);
              case Plan.ApplyManifests apply -> objects.inspect(id, apply);
              case Plan.DeleteManifests delete -> objects.inspect(delete);
            });
  }

  @Override
  public Settlement settle(ActionId id, Plan plan) {
    return reading(
        () ->
            switch (plan) {
              case Plan.RollBack rollBack -> rollbacks.settle(rollBack);
              case Plan.SetFlags set -> flags.settle(set);
              case Plan.RestoreFlags restore -> flags.settle(restore);
              case Plan.ApplyManifests apply -> objects.settle(id, apply);
              case Plan.DeleteManifests delete -> objects.settle(delete);
            });
  }

  @Override
  public String where() {
    return ClusterConnection.where(client.getConfiguration());
  }

  @Override
  public void close() {
    client.close();
  }

  private static <T> T reading(Supplier<T> question) {
    try {
      return question.get();
    } catch (Forbidden e) {
      throw ClusterUnavailable.refusing(sentence(e) + "; grant Belay this right", e);
    }
  }

  private static String sentence(RuntimeException e) {
    String message = e.getMessage();
    return message == null ? e.toString() : message;
  }
}
