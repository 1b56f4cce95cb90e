package dev.belay.app;

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
import dev.belay.port.Cluster;
import dev.belay.port.ClusterUnavailable;
import java.util.Set;

/**
 * The cluster of a daemon whose configuration says {@code cluster: enabled: false}: it never
 * answers.
 */
public final class NoCluster implements Cluster {
  private static final String WHY = "the configuration says cluster.enabled: false";

  @Override
  public String where() {
    return "no cluster";
  }

  @Override
  public Observation observe(Target target) {
    throw new ClusterUnavailable(WHY);
  }

  @Override
  public Set<Workload> find(WorkloadSelector selector, Place place) {
    throw new ClusterUnavailable(WHY);
  }

  @Override
  public boolean allows(Access access) {
    throw new ClusterUnavailable(WHY);
  }

  @Override
  public Preflight preflight(ActionId id, Plan plan) {
    throw new ClusterUnavailable(WHY);
  }

  @Override
  public Outcome apply(ActionId id, Plan plan) {
    return new Outcome.Refused(Reason.CLUSTER_UNAVAILABLE, WHY);
  }

  @Override
  public Inspection inspect(ActionId id, Plan plan) {
    throw new ClusterUnavailable(WHY);
  }

  @Override
  public Settlement settle(ActionId id, Plan plan) {
    throw new ClusterUnavailable(WHY);
  }
}
