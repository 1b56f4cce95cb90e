package dev.belay.console;

import dev.belay.core.engine.InputState;
import dev.belay.core.engine.ServiceState;
import dev.belay.core.engine.State;
import java.time.Instant;
import java.util.List;
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
 * @param inputs those of which signs of life are expected
 */
record StatusView(
    String version,
    String standing,
    Optional<String> hold,
    Optional<Instant> brakeSince,
    long openIncidents,
    long leases,
    List<InputView> inputs) {
  /**
   * How an input stands.
   *
   * @param input which, in lower case
   * @param heardAt the last sign of life, to within a tenth of the time that it may be silent
   * @param silentSince since when nothing is heard of it, where that is too long
   * @param trouble what was last said to be amiss with it
   */
  record InputView(
      String input, Instant heardAt, Optional<Instant> silentSince, Optional<String> trouble) {
    static InputView of(InputState state) {
      return new InputView(
          state.input().label(), state.heardAt(), state.silentSince(), state.trouble());
    }
  }

  static StatusView of(State state, String version) {
    String standing;
    if (state.hold().isPresent()) {
      standing = "Everything is on hold: nothing is done until it is released.";
    } else if (state.brakeSince().isPresent()) {
      standing = "The storm brake is engaged: nothing is done until it calms down.";
    } else if (!state.silent().isEmpty()) {
      standing =
          "Nothing is heard of "
              + state.silentSubjects()
              + ": verdicts that rest on that are unknown.";
    } else {
      standing = "Belay is at work.";
    }
    return new StatusView(
        version,
        standing,
        state.hold(),
        state.brakeSince(),
        state.services().stream().filter(service -> service.incident().isPresent()).count(),
        state.services().stream().map(ServiceState::leases).mapToLong(List::size).sum(),
        state.inputs().stream().map(InputView::of).toList());
  }
}
