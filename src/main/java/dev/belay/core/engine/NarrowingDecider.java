package dev.belay.core.engine;

import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Observation;
import dev.belay.core.rule.Narrowing;
import dev.belay.core.rule.Service;

/** Takes note of what a workload's team says on it. What is begun already ends where it says so. */
final class NarrowingDecider {
  private final ServiceIndex index;

  NarrowingDecider(ServiceIndex index) {
    this.index = index;
  }

  /** A workload was looked at for the service. Whether its team says something else than before. */
  boolean seen(Turn turn, String service, Observation.OfWorkload seen) {
    Workload workload = seen.workload();
    if (index.byName(service).flatMap(Service::workload).filter(workload::equals).isEmpty()) {
      return false;
    }
    Narrowing was = turn.state.service(service).map(ServiceState::narrowing).orElse(Narrowing.NONE);
    if (was.equals(seen.narrowing())) {
      return false;
    }
    turn.record(new Fact.ServiceNarrowed(service, seen.narrowing(), turn.now));
    turn.touch(service);
    return true;
  }
}
