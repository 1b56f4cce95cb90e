package dev.belay.core.engine;

import dev.belay.core.rule.Service;
import dev.belay.core.rule.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Moves triggers by Prometheus's rules for {@code for} (prometheus rules/alerting.go): crossed, it
 * is pending; crossed for the whole of its time, it fires; a good reading ends it at once. Unlike
 * there, an unknown reading holds: it neither advances the clock nor resets it.
 */
final class TriggerDecider {
  /** So often it is written down that a trigger that fires was seen to. */
  private static final Duration STEP = Duration.ofSeconds(30);

  /** A crossed trigger that nobody read for so long is unknown, whatever it was. */
  static final Duration UNREAD = Duration.ofSeconds(90);

  private final ServiceIndex index;

  TriggerDecider(ServiceIndex index) {
    this.index = index;
  }

  void accept(Turn turn, Event.SignalsRead event) {
    Optional<Service> service = index.byName(event.service());
    if (service.isEmpty()) {
      return;
    }
    for (Trigger trigger : service.get().triggers()) {
      event.readings().stream()
          .filter(reading -> reading.trigger().equals(trigger.name()))
          .findFirst()
          .ifPresent(reading -> read(turn, service.get().name(), trigger, reading));
    }
    turn.touch(event.service());
  }

  private static void read(Turn turn, String service, Trigger trigger, Reading reading) {
    TriggerState known =
        turn.state
            .service(service)
            .map(state -> state.trigger(trigger.name()))
            .orElse(TriggerState.inactive(trigger.name()));
    TriggerState was = watched(known, turn.now);
    TriggerState is =
        reading
            .value()
            .filter(value -> !value.isNaN())
            .map(value -> next(was, trigger, value, turn.now))
            .orElseGet(() -> blind(was, turn.now));
    if (!is.equals(known) && !onlyRenewed(known, is)) {
      turn.record(new Fact.TriggerMoved(service, is));
    }
  }

  /** Whether all that is new is that it was seen once more, and it was not long ago. */
  private static boolean onlyRenewed(TriggerState was, TriggerState is) {
    return is.phase() == TriggerState.Phase.FIRING
        && was.phase() == TriggerState.Phase.FIRING
        && was.blindSince().equals(is.blindSince())
        && was.seenAt().isPresent()
        && is.seenAt().filter(was.seenAt().get().plus(STEP)::isAfter).isPresent();
  }

  /** What of the service's triggers nobody reads any more is unknown from now on. */
  void review(Turn turn, ServiceState service) {
    for (TriggerState was : service.triggers()) {
      TriggerState is = watched(was, turn.now);
      if (!is.equals(was)) {
        turn.record(new Fact.TriggerMoved(service.name(), is));
      }
    }
  }

  /** It was seen last when it was seen last, not when somebody noticed that it was not any more. */
  private static TriggerState watched(TriggerState was, Instant now) {
    return was.unreadAt().filter(at -> !at.isAfter(now)).isPresent()
        ? blind(was, was.seenAt().orElse(now))
        : was;
  }

  private static TriggerState blind(TriggerState was, Instant now) {
    return new TriggerState(
        was.trigger(),
        was.phase(),
        was.activeAt(),
        was.firedAt(),
        was.seenAt(),
        was.blindSince().or(() -> Optional.of(now)),
        was.crossedAt());
  }

  private static TriggerState next(TriggerState was, Trigger trigger, double value, Instant now) {
    if (!trigger.crossedBy(value)) {
      return TriggerState.inactive(trigger.name());
    }
    Duration unseen =
        was.blindSince().map(since -> Duration.between(since, now)).orElse(Duration.ZERO);
    Instant activeAt = was.activeAt().map(at -> at.plus(unseen)).orElse(now);
    boolean fires =
        was.phase() == TriggerState.Phase.FIRING
            || Duration.between(activeAt, now).compareTo(trigger.hold()) >= 0;
    return new TriggerState(
        trigger.name(),
        fires ? TriggerState.Phase.FIRING : TriggerState.Phase.PENDING,
        Optional.of(activeAt),
        fires ? was.firedAt().or(() -> Optional.of(now)) : Optional.empty(),
        Optional.of(now),
        Optional.empty(),
        was.began().or(() -> Optional.of(now)));
  }

  /**
   * The daemon started: nothing is known of the time since it stopped. What is crossed must be seen
   * again before it counts; a trigger that has yet to fire keeps the time for which it was seen to
   * be crossed, as Prometheus's does; one that the rules no longer know is never read again, and
   * must not count for ever.
   */
  void resume(Turn turn, ServiceState service) {
    List<String> read =
        index.byName(service.name()).stream()
            .flatMap(rule -> rule.triggers().stream())
            .map(Trigger::name)
            .toList();
    for (TriggerState was : service.triggers()) {
      TriggerState is =
          read.contains(was.trigger())
              ? unseen(was, turn.now)
              : TriggerState.inactive(was.trigger());
      if (!is.equals(was)) {
        turn.record(new Fact.TriggerMoved(service.name(), is));
      }
    }
  }

  private static TriggerState unseen(TriggerState was, Instant now) {
    return switch (was.phase()) {
      case INACTIVE -> was;
      case PENDING -> blind(was, was.seenAt().or(was::activeAt).orElse(now));
      case FIRING -> blind(was, now);
    };
  }
}
