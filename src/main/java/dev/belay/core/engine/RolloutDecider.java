package dev.belay.core.engine;

import dev.belay.core.alert.Alert;
import dev.belay.core.alert.Door;
import dev.belay.core.alert.Labels;
import dev.belay.core.release.Rollout;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Observation;
import dev.belay.core.rule.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes alerts of rollouts that do not come to their end. What is not looked at, or a look that
 * cannot tell, says nothing: time in the dark does not count, and an alert that nobody renews goes
 * stale.
 */
final class RolloutDecider {
  /** So often it is written down that what is amiss was looked at. */
  private static final Duration STEP = Duration.ofSeconds(30);

  /** Between two looks that are further apart nothing is known. */
  private static final Duration GAP = Duration.ofSeconds(90);

  /** How long an alert holds without another look. */
  private static final Duration VALIDITY = Duration.ofMinutes(5);

  private final ServiceIndex index;
  private final AlertDecider alerts;

  RolloutDecider(ServiceIndex index, AlertDecider alerts) {
    this.index = index;
    this.alerts = alerts;
  }

  /** The workload of the service was looked at. */
  void seen(Turn turn, String service, Observation.OfWorkload workload) {
    Optional<Service> rule = index.byName(service);
    if (rule.isEmpty()) {
      return;
    }
    for (RolloutTrouble trouble : RolloutTrouble.values()) {
      Optional<RolloutState> was =
          turn.state.service(service).flatMap(state -> state.rollout(trouble));
      if (trouble.of(workload)) {
        amiss(turn, rule.get(), workload, trouble, was);
      } else if (was.isPresent() && !trouble.unknownOf(workload)) {
        over(turn, rule.get(), workload, was.get());
      }
    }
  }

  private void amiss(
      Turn turn,
      Service service,
      Observation.OfWorkload workload,
      RolloutTrouble trouble,
      Optional<RolloutState> was) {
    Instant since =
        was.flatMap(known -> known.since().map(begun -> begun.plus(unseen(known, turn.now))))
            .orElse(turn.now);
    if (was.filter(known -> turn.now.isBefore(known.seenAt().plus(STEP))).isEmpty()) {
      turn.record(
          new Fact.RolloutMoved(
              service.name(), new RolloutState(trouble, Optional.of(since), turn.now)));
    }
    Instant fires = since.plus(index.holdOf(trouble.alert()));
    if (!fires.isAfter(turn.now)) {
      send(turn, service, workload, trouble, fires, true);
    }
  }

  private static Duration unseen(RolloutState known, Instant now) {
    Duration gap = Duration.between(known.seenAt(), now);
    return gap.compareTo(GAP) > 0 ? gap : Duration.ZERO;
  }

  private void over(Turn turn, Service service, Observation.OfWorkload workload, RolloutState was) {
    turn.record(
        new Fact.RolloutMoved(
            service.name(), new RolloutState(was.trouble(), Optional.empty(), turn.now)));
    Labels labels = labels(service, workload.workload(), was.trouble());
    turn.state
        .alert(labels)
        .filter(episode -> episode.door() == Door.WATCH)
        .ifPresent(
            episode -> send(turn, service, workload, was.trouble(), episode.startsAt(), false));
  }

  private void send(
      Turn turn,
      Service service,
      Observation.OfWorkload workload,
      RolloutTrouble trouble,
      Instant startsAt,
      boolean firing) {
    Alert alert =
        new Alert(
            labels(service, workload.workload(), trouble),
            new TreeMap<>(Map.of("summary", summary(workload.workload(), workload.rollout()))),
            firing,
            startsAt,
            firing ? Optional.empty() : Optional.of(turn.now),
            firing ? turn.now.plus(VALIDITY) : turn.now,
            "");
    alerts.accept(turn, new Event.AlertsReceived(Door.WATCH, List.of(alert), 0));
  }

  private static String summary(Workload workload, Rollout rollout) {
    return workload + ": " + rollout.detail();
  }

  /** What its rules call it by, and what kube-state-metrics does. */
  private static Labels labels(Service service, Workload workload, RolloutTrouble trouble) {
    Map<String, String> labels = new HashMap<>(ServiceIndex.named(service));
    labels.put("namespace", workload.namespace());
    labels.put(workload.kind(), workload.name());
    labels.put("severity", trouble.severity());
    labels.put("alertname", trouble.alert());
    return Labels.of(labels);
  }
}
