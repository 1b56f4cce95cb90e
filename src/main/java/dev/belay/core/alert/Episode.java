package dev.belay.core.alert;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The newest firing of one label set: from {@code startsAt} until it is resolved, or stale.
 *
 * @param labels the alert's identity; with {@code startsAt} the episode's
 * @param annotations texts for people, foreign
 * @param status firing, resolved by its sender, or stale because its sender fell silent
 * @param startsAt when it began, the earliest that any sender said
 * @param endedAt when it ended, where it has
 * @param validUntil when it goes stale unless it is sent again
 * @param door by which way it first came
 * @param receivedAt when Belay first had it, by Belay's clock
 * @param services the services it speaks of; empty where no rule knows it
 */
public record Episode(
    Labels labels,
    SortedMap<String, String> annotations,
    Status status,
    Instant startsAt,
    Optional<Instant> endedAt,
    Instant validUntil,
    Door door,
    Instant receivedAt,
    List<String> services) {

  /** Where an episode stands. */
  public enum Status {
    FIRING,
    RESOLVED,
    /** Not heard of for too long. Silence is no health: a stale alert never certifies anything. */
    STALE
  }

  /** What it takes to remember it, in bytes, roughly. */
  public long weight() {
    return Alert.weight(labels, annotations);
  }

  /** Whether it still fires. */
  public boolean firing() {
    return status == Status.FIRING;
  }

  /** This episode, ended. */
  public Episode ended(Status how, Instant at) {
    return new Episode(
        labels,
        annotations,
        how,
        startsAt,
        Optional.of(at),
        validUntil,
        door,
        receivedAt,
        services);
  }

  /** This episode, heard of again: the earlier start and the longer validity. */
  public Episode renewed(Instant start, Instant validity) {
    return new Episode(
        labels,
        annotations,
        status,
        start.isBefore(startsAt) ? start : startsAt,
        endedAt,
        validity.isAfter(validUntil) ? validity : validUntil,
        door,
        receivedAt,
        services);
  }
}
