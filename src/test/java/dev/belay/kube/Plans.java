package dev.belay.kube;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.belay.core.release.Revision;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Target;
import dev.belay.port.Cluster;
import java.util.Optional;

/** Plans made from what the cluster shows, as the core would make them. */
final class Plans {
  private Plans() {}

  static Observation.OfWorkload see(Cluster cluster, Workload workload) {
    return assertInstanceOf(
        Observation.OfWorkload.class, cluster.observe(new Target.OfWorkload(workload)));
  }

  static Revision revision(Observation.OfWorkload seen, long number) {
    return seen.revisions().stream()
        .filter(revision -> revision.number() == number)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no revision " + number + " in " + seen));
  }

  /** A return to the revision of that number. */
  static Plan.RollBack rollBack(Observation.OfWorkload seen, long number) {
    Revision to = revision(seen, number);
    return new Plan.RollBack(
        seen.workload(),
        seen.uid(),
        seen.generation(),
        seen.digest(),
        to.uid(),
        to.digest(),
        to.number(),
        seen.current().orElseThrow().images(),
        to.images(),
        Optional.empty());
  }
}
