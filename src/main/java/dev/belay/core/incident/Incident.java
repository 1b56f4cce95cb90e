package dev.belay.core.incident;

import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

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
  /** One that has just begun, of which nothing was told yet. */
  public static Incident opened(String id, String service, String cause, Instant at) {
    return new Incident(
        id, service, cause, at, Optional.empty(), Optional.empty(), 0, new TreeMap<>(), false);
  }

  /** Whether it goes on. */
  public boolean open() {
    return closedAt.isEmpty();
  }

  /** The same, over. */
  public Incident closed(Instant at, Reason how) {
    return new Incident(
        id, service, cause, openedAt, Optional.of(at), Optional.of(how), notices, threads, paged);
  }

  /**
   * The same, of which one notice more was made.
   *
   * @param number the notice's
   * @param page whether it calls a person
   */
  public Incident told(int number, boolean page) {
    return new Incident(
        id,
        service,
        cause,
        openedAt,
        closedAt,
        outcome,
        Math.max(number, notices),
        threads,
        paged || page);
  }

  /** The same, with the conversation that a channel has about it. */
  public Incident within(String channel, String thread) {
    SortedMap<String, String> more = new TreeMap<>(threads);
    more.put(channel, thread);
    return new Incident(id, service, cause, openedAt, closedAt, outcome, notices, more, paged);
  }
}
