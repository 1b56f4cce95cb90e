package dev.belay.core.incident;

import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What is wrong with one service, from the first alert to the last.
 *
 * @param id {@code SERVICE-NUMBER}
 * @param service the service
 * @param cause what opened it
 * @param openedAt when
 * @param closedAt when it ended; empty while it is open
 * @param outcome how it ended; empty while it is open
 * @param notices how many notices were made of it
 * @param threads for each channel that has them, the conversation about it
 * @param paged whether a person was called
 */
public record Incident(
    String id,
    String service,
    String cause,
    Instant openedAt,
    Optional<Instant> closedAt,
    Optional<Reason> outcome,
    int notices,
    SortedMap<String, String> threads,
    boolean paged) {
  /** Whether it goes on. */
  public boolean open() {
    return closedAt.isEmpty();
  }
}
