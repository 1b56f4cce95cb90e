package dev.belay.core.alert;

import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One alert as it was received, checked and made uniform by its door.
 *
 * @param labels its identity
 * @param annotations texts for people; foreign, so escape them wherever they are shown
 * @param firing false where the sender says that it is resolved
 * @param startsAt when it began to fire, by the sender's clock
 * @param endsAt when it ended, where it has
 * @param validUntil firing only: when it goes stale unless it is sent again
 * @param generatorUrl a link to its origin, or empty
 */
public record Alert(
    Labels labels,
    SortedMap<String, String> annotations,
    boolean firing,
    Instant startsAt,
    Optional<Instant> endsAt,
    Instant validUntil,
    String generatorUrl) {
  /** What an alert costs besides its texts, in bytes, generously. */
  private static final long OVERHEAD = 1_024;

  /** What it takes to keep it, in bytes, roughly. */
  public long weight() {
    return weight(labels, annotations);
  }

  static long weight(Labels labels, SortedMap<String, String> annotations) {
    long characters = labels.characters();
    for (var annotation : annotations.entrySet()) {
      characters += annotation.getKey().length() + annotation.getValue().length();
    }
    return OVERHEAD + 2 * characters;
  }
}
