package dev.belay.console;

import dev.belay.core.engine.ServiceState;
import dev.belay.core.engine.State;
import java.time.Instant;
import java.util.Optional;

/**
 * How Belay itself stands.
 *
 * @param version Belay's version
 * @param standing for people
 * @param hold who put everything on hold, and why
 * @param brakeSince since when the storm brake is engaged
 * @param openIncidents how many incidents are open
 * @param leases how many mitigations are in force
 */
record StatusView(
    String version,
    String standing,
    Optional<String> hold,
    Optional<Instant> brakeSince,
    long openIncidents,
    long leases) {
  static StatusView of(State state, String version) {
    String standing;
    if (state.hold().isPresent()) {
      standing = "Everything is on hold: nothing is done until it is released.";
    } else if (state.brakeSince().isPresent()) {
      standing = "The storm brake is engaged: nothing is done until it calms down.";
    } else {
      standing = "Belay is at work.";
    }
    return new StatusView(
        version,
        standing,
        state.hold(),
        state.brakeSince(),
        state.services().stream().filter(service -> service.incident().isPresent()).count(),
        state.services().stream().map(ServiceState::leases).mapToLong(java.util.List::size).sum());
  }
}
