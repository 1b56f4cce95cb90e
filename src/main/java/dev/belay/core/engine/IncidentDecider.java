package dev.belay.core.engine;

import dev.belay.core.incident.Incident;
import dev.belay.core.incident.Reason;
import java.util.Optional;

/**
 * Opens an incident when something is wrong with a service, and closes it when nothing is any more.
 */
final class IncidentDecider {
  private final Settings settings;

  IncidentDecider(Settings settings) {
    this.settings = settings;
  }

  void review(Turn turn, ServiceState service, Trouble trouble) {
    boolean blind = trouble.blindFor(settings.blindAfter(), turn.now);
    Optional<Incident> incident = service.incident();
    if (incident.isEmpty() && (trouble.certain() || blind)) {
      String id = service.name() + "-" + (service.incidentCount + 1);
      turn.record(new Fact.IncidentOpened(service.name(), id, trouble.summary(), turn.now));
    } else if (incident.isPresent()
        && service.run().isEmpty()
        && !trouble.certain()
        && !trouble.doubtful()
        && !blind) {
      Reason reason =
          service.lost() ? Reason.STALE : service.verified ? Reason.VERIFIED : Reason.RESOLVED;
      turn.record(new Fact.IncidentClosed(service.name(), incident.get().id(), reason, turn.now));
    }
  }
}
