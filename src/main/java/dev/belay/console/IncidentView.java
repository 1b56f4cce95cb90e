package dev.belay.console;

import dev.belay.core.engine.ServiceState;
import dev.belay.core.engine.Snooze;
import dev.belay.core.engine.State;
import dev.belay.core.incident.Incident;
import dev.belay.core.remediation.ActionId;
import java.time.Instant;
import java.util.Optional;

/**
 * An incident.
 *
 * @param id its id
 * @param service the service
 * @param state {@code open} or {@code closed}
 * @param cause what opened it
 * @param openedAt when
 * @param closedAt when it ended
 * @param outcome how it ended
 * @param paged whether a person was called
 * @param inHandsOf who snoozed it, where somebody did
 * @param snoozedUntil until when
 * @param run the remediation under way
 * @param stopped where none is: the action that a hold, a storm or the like has stopped before it
 *     did anything, which begins once that is over; a person may object to it
 */
record IncidentView(
    String id,
    String service,
    String state,
    String cause,
    Instant openedAt,
    Optional<Instant> closedAt,
    Optional<ReasonView> outcome,
    boolean paged,
    Optional<String> inHandsOf,
    Optional<Instant> snoozedUntil,
    Optional<RunView> run,
    Optional<String> stopped) {
  static IncidentView of(Incident incident, State state, Instant now) {
    Optional<Snooze> snooze =
        state
            .service(incident.service())
            .filter(_ -> incident.open())
            .flatMap(ServiceState::snooze);
    return new IncidentView(
        incident.id(),
        incident.service(),
        incident.open() ? "open" : "closed",
        incident.cause(),
        incident.openedAt(),
        incident.closedAt(),
        incident.outcome().map(ReasonView::of),
        incident.paged(),
        snooze.map(Snooze::person),
        snooze.map(Snooze::until),
        RunView.underWay(incident, state).map(run -> RunView.of(run, now)),
        state.stopped(incident).map(ActionId::value));
  }
}
