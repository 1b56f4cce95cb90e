package dev.belay.intake.http;

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
  private static final int LONGEST = 400;

  private final Map<Entrance, Instant> quietUntil = new EnumMap<>(Entrance.class);

  void refused(Entrance door, Answer.Rejected rejected, Instant now) {
    if (due(door, now)) {
      LOG.warn(
          "door {} refused a request ({} {}; belay.intake.rejected counts all of them): {}",
          door.tag(),
          rejected.why().code(),
          rejected.why().tag(),
          printable(rejected.sentence()));
    }
  }

  private synchronized boolean due(Entrance door, Instant now) {
    if (now.isBefore(quietUntil.getOrDefault(door, Instant.MIN))) {
      return false;
    }
    quietUntil.put(door, now.plus(PAUSE));
    return true;
  }

  /** The text on one line of bounded length, all that is not printable replaced. */
  static String printable(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .limit(LONGEST)
        .map(point -> unprintable(point) ? '?' : point)
        .forEach(line::appendCodePoint);
    return line.toString();
  }

  private static boolean unprintable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }
}
