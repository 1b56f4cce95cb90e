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
    String generatorUrl) {}
