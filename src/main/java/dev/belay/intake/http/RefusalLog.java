package dev.belay.intake.http;

import dev.belay.intake.OneLine;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator why requests are refused: one line a minute and door at most, since senders
 * decide how many there are, and without the control characters that a sender may have put there.
 */
final class RefusalLog {
  private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final Map<Entrance, Instant> quietUntil = new EnumMap<>(Entrance.class);

  void refused(Entrance door, Answer.Rejected rejected, Instant now) {
    if (due(door, now)) {
      LOG.warn(
          "door {} refused a request ({} {}; belay_intake_rejected_total counts all of them): {}",
          door.tag(),
          rejected.why().code(),
          rejected.why().tag(),
          OneLine.of(rejected.sentence()));
    }
  }

  private synchronized boolean due(Entrance door, Instant now) {
    if (now.isBefore(quietUntil.getOrDefault(door, Instant.MIN))) {
      return false;
    }
    quietUntil.put(door, now.plus(PAUSE));
    return true;
  }
}
