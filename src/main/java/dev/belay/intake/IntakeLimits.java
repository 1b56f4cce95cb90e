package dev.belay.intake;

import java.time.Duration;

/**
 * How much a sender may send, and how long its word holds. Beyond these, every JSON body is bounded
 * at 32 levels, 64 KiB a string and 4 KiB a key, an alert's labels at 32 Ki characters in all, and
 * what is kept of its annotations at 4 Ki characters each and 16 Ki in all.
 *
 * @param bodyBytes a request's body, at most; more is refused before it is read whole
 * @param alerts alerts in one request, at most
 * @param labels labels, and likewise annotations, of one alert, at most
 * @param nameLength a label's or annotation's name, at most, in characters
 * @param valueLength a label's value, at most, in characters; annotations only know the 64 KiB
 * @param webhookStaleAfter how long a firing alert from a webhook holds unless it is sent again;
 *     longer than the sender's repeat interval
 * @param resolveTimeout how long an alert without an end holds at {@code /api/v2/alerts}
 */
public record IntakeLimits(
    int bodyBytes,
    int alerts,
    int labels,
    int nameLength,
    int valueLength,
    Duration webhookStaleAfter,
    Duration resolveTimeout) {

  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException where one is not positive
   */
  public IntakeLimits {
    if (bodyBytes < 1 || alerts < 1 || labels < 1 || nameLength < 1 || valueLength < 1) {
      throw new IllegalArgumentException("every intake limit must be at least 1");
    }
    if (!webhookStaleAfter.isPositive() || !resolveTimeout.isPositive()) {
      throw new IllegalArgumentException("webhookStaleAfter and resolveTimeout must be positive");
    }
  }

  /**
   * 8 MiB, 10 000 alerts of 64 labels, names of 1 KiB, values of 8 KiB; a webhook's word holds for
   * five hours (Alertmanager repeats after four), a posted alert's for five minutes.
   */
  public static IntakeLimits standard() {
    return new IntakeLimits(
        8 << 20, 10_000, 64, 1 << 10, 8 << 10, Duration.ofHours(5), Duration.ofMinutes(5));
  }
}
