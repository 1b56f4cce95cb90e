package dev.belay.core.engine;

import dev.belay.core.alert.Alert;
import dev.belay.core.alert.Door;
import dev.belay.core.alert.Episode;
import dev.belay.core.alert.Labels;
import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Reason;
import dev.belay.core.rule.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Folds deliveries into episodes. Senders repeat themselves, in pairs, late and out of order; what
 * counts is {@code startsAt} and {@code endsAt}, never the order of arrival:
 *
 * <ol>
 *   <li>a firing copy of a firing alert only renews it, and the earliest start is kept;
 *   <li>a firing copy of an ended episode is old news, unless it starts after that end, or comes by
 *       a door by which senders repeat it, later than any copy is under way, with a longer validity
 *       than any before: then a twin of the sender that ended it still sees it fire;
 *   <li>only an explicit end ends an episode; silence makes it stale, until it is heard of again;
 *   <li>an end that overtook its beginning is remembered, so that the beginning is then old news.
 * </ol>
 */
final class AlertDecider {
  /** A renewal that adds less than this part of the validity is not worth a write. */
  private static final int RENEWAL_PART = 10;

  /** Senders of {@link Door#API_V2} give up after seconds; what comes later was sent later. */
  private static final Duration UNDER_WAY = Duration.ofMinutes(2);

  /** However far off its end is said to be: a sender that is gone for so long has no word. */
  private static final Duration VALID_AT_MOST = Duration.ofDays(7);

  private final ServiceIndex index;
  private final long strangersRoom;
  private final LivenessDecider liveness;

  AlertDecider(ServiceIndex index, long room, LivenessDecider liveness) {
    this.index = index;
    this.liveness = liveness;
    this.strangersRoom = room / 2;
  }

  void accept(Turn turn, Event.AlertsReceived event) {
    for (Alert alert : event.alerts()) {
      if (liveness.isWatchdog(alert.labels())) {
        liveness.watchdog(turn, event.door(), alert);
        continue;
      }
      int before = turn.factCount();
      Optional<Episode> known = turn.state.alert(alert.labels());
      if (alert.firing()) {
        firing(turn, event.door(), alert, known);
      } else if (known.isPresent() && known.get().firing()) {
        resolved(turn, alert, known.get(), event.truncated());
      } else if (event.truncated() == 0 && news(turn, alert, known)) {
        rememberEnd(turn, event.door(), alert, known);
      } else if (known.filter(it -> it.status() == Episode.Status.STALE).isPresent()) {
        resolved(turn, alert, known.get(), event.truncated());
      }
      if (turn.factCount() == before) {
        turn.repeated();
      }
    }
  }

  private void firing(Turn turn, Door door, Alert alert, Optional<Episode> known) {
    if (known.isEmpty() || begins(turn, door, alert, known.get())) {
      begin(turn, door, alert, known).services().forEach(turn::touch);
    } else if (known.get().firing()) {
      renew(turn, alert, known.get());
    }
  }

  private static boolean begins(Turn turn, Door door, Alert alert, Episode known) {
    return switch (known.status()) {
      case FIRING -> false;
      case STALE -> alert.validUntil().isAfter(known.validUntil());
      case RESOLVED -> {
        Instant ended = known.endedAt().orElse(known.startsAt());
        yield !alert.startsAt().isBefore(ended)
            || (door != Door.WEBHOOK
                && alert.validUntil().isAfter(known.validUntil())
                && !turn.now.isBefore(ended.plus(UNDER_WAY)));
      }
    };
  }

  private Episode begin(Turn turn, Door door, Alert alert, Optional<Episode> known) {
    List<String> services = services(door, alert.labels());
    Episode episode = episode(turn, door, alert, services, recurrence(turn, known));
    if (services.isEmpty()) {
      makeRoom(turn, episode.weight());
    }
    turn.record(new Fact.AlertFired(episode));
    return episode;
  }

  /**
   * The services that an alert speaks of. Belay's own names its service, and one that always fires
   * speaks of none.
   */
  private List<String> services(Door door, Labels labels) {
    if (liveness.isWatchdog(labels)) {
      return List.of();
    }
    return switch (door) {
      case WEBHOOK, API_V2, RULES -> index.servicesOf(labels);
      case WATCH ->
          labels.get(ServiceIndex.SERVICE).flatMap(index::byName).map(Service::name).stream()
              .toList();
    };
  }

  /**
   * What speaks of no service is remembered, so that people can ask why nothing came of it, but
   * never at the expense of what does.
   */
  private void makeRoom(Turn turn, long weight) {
    Optional<Labels> eldest = turn.state.eldestStranger();
    while (eldest.isPresent() && turn.state.strangersWeight() + weight > strangersRoom) {
      turn.record(new Fact.AlertForgotten(eldest.get()));
      eldest = turn.state.eldestStranger();
    }
  }

  /**
   * Since when it keeps coming back. An alert that ended is remembered for an hour, so that is how
   * long it may have been away; what a remediation was seen to cure is over for good.
   */
  private static Optional<Instant> recurrence(Turn turn, Optional<Episode> last) {
    return last.filter(known -> known.endedAt().isPresent())
        .filter(known -> !cured(turn, known))
        .map(Episode::troubledSince);
  }

  private static boolean cured(Turn turn, Episode known) {
    Instant ended = known.endedAt().orElse(known.startsAt());
    return !known.services().isEmpty()
        && known.services().stream()
            .allMatch(
                service ->
                    turn.state
                        .service(service)
                        .filter(state -> state.verified)
                        .flatMap(state -> state.troubleEnded)
                        .filter(end -> !end.isBefore(ended))
                        .isPresent());
  }

  private static Episode episode(
      Turn turn, Door door, Alert alert, List<String> services, Optional<Instant> recursSince) {
    return new Episode(
        alert.labels(),
        alert.annotations(),
        Episode.Status.FIRING,
        alert.startsAt(),
        Optional.empty(),
        validUntil(turn, alert),
        door,
        turn.now,
        services,
        recursSince);
  }

  /** Whether this end is one of a firing that was never heard of. */
  private static boolean news(Turn turn, Alert alert, Optional<Episode> known) {
    return known
        .flatMap(Episode::endedAt)
        .map(ended -> !alert.startsAt().isBefore(ended) && end(turn, alert).isAfter(ended))
        .orElse(true);
  }

  private void rememberEnd(Turn turn, Door door, Alert alert, Optional<Episode> known) {
    begin(turn, door, alert, known);
    turn.record(new Fact.AlertEnded(alert.labels(), Episode.Status.RESOLVED, end(turn, alert)));
  }

  private static Instant validUntil(Turn turn, Alert alert) {
    Instant latest = turn.now.plus(VALID_AT_MOST);
    return alert.validUntil().isAfter(latest) ? latest : alert.validUntil();
  }

  private static Instant end(Turn turn, Alert alert) {
    return alert.endsAt().filter(turn.now::isAfter).orElse(turn.now);
  }

  private static void renew(Turn turn, Alert alert, Episode known) {
    Instant validUntil = validUntil(turn, alert);
    Duration gained = Duration.between(known.validUntil(), validUntil);
    Duration validity = Duration.between(turn.now, validUntil);
    boolean longer =
        gained.isPositive() && gained.multipliedBy(RENEWAL_PART).compareTo(validity) >= 0;
    if (longer || alert.startsAt().isBefore(known.startsAt())) {
      turn.record(new Fact.AlertRenewed(alert.labels(), alert.startsAt(), validUntil));
      known.services().forEach(turn::touch);
    }
  }

  private static void resolved(Turn turn, Alert alert, Episode known, long truncated) {
    Instant end = alert.endsAt().orElse(turn.now);
    if (end.isBefore(known.startsAt())) {
      // The end of an earlier episode, overtaken.
      return;
    }
    if (truncated > 0) {
      // What the sender cut off may still fire.
      known.services().stream()
          .flatMap(service -> turn.state.service(service).stream())
          .filter(service -> !service.truncated)
          .flatMap(service -> service.incident().stream())
          .forEach(
              incident ->
                  turn.record(
                      new Fact.Decided(
                          incident.service(),
                          incident.id(),
                          "",
                          false,
                          Reason.TRUNCATED_GROUP,
                          List.of(new Evidence("cut off", Long.toString(truncated))),
                          turn.now)));
      return;
    }
    turn.record(new Fact.AlertEnded(alert.labels(), Episode.Status.RESOLVED, end(turn, alert)));
    known.services().forEach(turn::touch);
  }

  /**
   * The daemon started, perhaps by other rules than those by which it heard of what fires: each
   * alert counts for the services that it speaks of now.
   */
  void resume(Turn turn) {
    for (Episode episode : List.copyOf(turn.state.alerts())) {
      if (!episode.firing()) {
        continue;
      }
      List<String> services = services(episode.door(), episode.labels());
      if (!services.equals(episode.services())) {
        turn.record(new Fact.AlertAssigned(episode.labels(), services, turn.now));
        episode.services().forEach(turn::touch);
        services.forEach(turn::touch);
      }
    }
  }

  /** An episode's time has come: it goes stale, or, having ended long ago, it is forgotten. */
  static void due(Turn turn, Episode episode) {
    if (episode.firing()) {
      turn.record(new Fact.AlertEnded(episode.labels(), Episode.Status.STALE, turn.now));
    } else {
      turn.record(new Fact.AlertForgotten(episode.labels()));
    }
  }
}
