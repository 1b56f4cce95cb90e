package dev.belay.core.engine;

import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Lets a person have an incident in hand for a while. What has touched the cluster is seen to its
 * end; all else ends, and what is called for after the snooze is worked out anew.
 */
final class SnoozeDecider {
  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofDays(1);

  private SnoozeDecider() {}

  static void snooze(
      Turn turn, ServiceState service, String incident, String person, Duration length) {
    if (!service.hasOpen(incident)) {
      Ladder.unanswered(
          turn,
          service,
          incident,
          Reason.ANSWER_TOO_LATE,
          List.of(new Evidence("answer", person + " snoozed it")));
      return;
    }
    Instant until = turn.now.plus(bounded(length));
    turn.record(new Fact.IncidentSnoozed(service.name(), incident, person, until, turn.now));
    turn.touch(service.name());
  }

  private static Duration bounded(Duration length) {
    if (length.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return length.compareTo(LONGEST) > 0 ? LONGEST : length;
  }

  /** Ends what is over; people are told, for the trouble goes on. */
  static void review(Turn turn, ServiceState service) {
    service
        .snooze()
        .filter(snooze -> !snooze.until().isAfter(turn.now))
        .flatMap(_ -> service.incident())
        .ifPresent(
            incident -> turn.record(new Fact.SnoozeEnded(service.name(), incident.id(), turn.now)));
  }
}
