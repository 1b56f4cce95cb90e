package dev.belay.core.engine;

import dev.belay.core.incident.Incident;
import dev.belay.core.incident.Reason;
import java.util.Optional;

/**
 * Opens an incident when something is wrong with a service, and closes it when nothing is any more.
 */
final class IncidentDecider {
  private final Settings settings;
  private final Grounds grounds;

  IncidentDecider(Settings settings, Grounds grounds) {
    this.settings = settings;
    this.grounds = grounds;
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
        && !blind
        && heard(turn, service)) {
      Reason reason =
          service.lost() ? Reason.STALE : service.verified ? Reason.VERIFIED : Reason.RESOLVED;
      turn.record(new Fact.IncidentClosed(service.name(), incident.get().id(), reason, turn.now));
    }
  }

  /**
   * Whether what the end rests on is alive. That an alert fell silent is taken for its end only
   * once its input was heard of after that.
   */
  private boolean heard(Turn turn, ServiceState service) {
    return grounds.silent(turn.state, service.name()).isEmpty()
        && service.silent.stream()
            .flatMap(alert -> turn.state.alert(alert).stream())
            .flatMap(episode -> episode.endedAt().stream())
            .noneMatch(grounds.heardUntil(turn.state, service.name(), turn.now)::isBefore);
  }
}
