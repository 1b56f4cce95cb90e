package dev.belay.core.engine;

import dev.belay.core.alert.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Where an alert stands that Belay evaluates itself: pending, or firing.
 *
 * @param labels the alert's identity
 * @param activeAt where its {@code for} counts from; while it is pending, later by all time in
 *     which its rule could not be evaluated
 * @param firedAt when it began to fire; empty while it is pending
 * @param keepFiringSince since when it fires only because of {@code keep_firing_for}
 */
public record Standing(
    Labels labels, Instant activeAt, Optional<Instant> firedAt, Optional<Instant> keepFiringSince) {
  static Standing pending(Labels labels, Instant at) {
    return new Standing(labels, at, Optional.empty(), Optional.empty());
  }

  /** Whether it fires. */
  public boolean fires() {
    return firedAt.isPresent();
  }

  /** Whether time counts for it, so that it matters when it was last seen. */
  boolean waits() {
    return !fires() || keepFiringSince.isPresent();
  }

  /** The same, with time of which nothing is known left out; it begins anew after too much. */
  Standing without(Duration dark, Duration most, Instant at) {
    if (dark.isZero() || !waits()) {
      return this;
    }
    Instant since = dark.compareTo(most) > 0 ? at : activeAt.plus(dark);
    return new Standing(
        labels,
        fires() ? activeAt : since,
        firedAt,
        keepFiringSince.map(from -> dark.compareTo(most) > 0 ? at : from.plus(dark)));
  }

  /** It is seen at this moment. */
  Standing seen(Duration hold, Instant at) {
    boolean held = Duration.between(activeAt, at).compareTo(hold) >= 0;
    return new Standing(
        labels,
        activeAt,
        held ? firedAt.or(() -> Optional.of(at)) : Optional.empty(),
        Optional.empty());
  }

  /** It is not seen at this moment; empty where that is its end. */
  Optional<Standing> missed(Duration keepFiringFor, Instant at) {
    if (!fires() || keepFiringFor.isZero()) {
      return Optional.empty();
    }
    Instant since = keepFiringSince.orElse(at);
    return Duration.between(since, at).compareTo(keepFiringFor) < 0
        ? Optional.of(new Standing(labels, activeAt, firedAt, Optional.of(since)))
        : Optional.empty();
  }
}
