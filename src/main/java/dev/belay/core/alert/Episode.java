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
 * @param recursSince when the first of those firings began that this one follows, each soon after
 *     the end of the one before and without a known cure in between; empty where it is the first
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
    List<String> services,
    Optional<Instant> recursSince) {

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

  /** When its trouble began, as far as it is known: firings that keep coming back are one. */
  public Instant troubledSince() {
    return recursSince.filter(startsAt::isAfter).orElse(startsAt);
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
        services,
        recursSince);
  }

  /** This episode, by rules in which it speaks of these services. */
  public Episode of(List<String> now) {
    return new Episode(
        labels,
        annotations,
        status,
        startsAt,
        endedAt,
        validUntil,
        door,
        receivedAt,
        now,
        recursSince);
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
        services,
        recursSince);
  }
}
