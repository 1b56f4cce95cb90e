package dev.belay.core.engine;

import dev.belay.core.remediation.Remediation;
import dev.belay.core.rule.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is wrong with one service at one moment.
 *
 * @param alerts the alerts that fire
 * @param triggers the triggers that fire and are seen to
 * @param blind the triggers that were crossed when their readings went unknown
 */
record Trouble(Firing alerts, List<TriggerState> triggers, List<TriggerState> blind) {
  /** So many names of it are shown to people. */
  private static final int SHOWN = 3;

  /** So many alerts are named as evidence for a blame, and as many against it. */
  private static final int SIGNS = 5;

  static Trouble of(ServiceState service) {
    List<TriggerState> seen = new ArrayList<>();
    List<TriggerState> blind = new ArrayList<>();
    for (TriggerState trigger : service.triggers.values()) {
      if (trigger.phase() != TriggerState.Phase.INACTIVE && trigger.blindSince().isPresent()) {
        blind.add(trigger);
      } else if (trigger.phase() == TriggerState.Phase.FIRING) {
        seen.add(trigger);
      }
    }
    return new Trouble(service.firing, seen, blind);
  }

  /** Whether anything is known to be wrong. */
  boolean certain() {
    return !alerts.isEmpty() || !triggers.isEmpty();
  }

  /** Whether a crossed trigger has been without readings for so long that people must know. */
  boolean blindFor(Duration patience, Instant now) {
    return blind.stream()
        .flatMap(trigger -> trigger.blindSince().stream())
        .anyMatch(since -> !now.isBefore(since.plus(patience)));
  }

  /** Whether a trigger that fired cannot be seen any more: neither wrong nor right. */
  boolean doubtful() {
    return blind.stream().anyMatch(trigger -> trigger.phase() == TriggerState.Phase.FIRING);
  }

  /** Whether any of the remediation's conditions holds, for certain. */
  boolean calls(Remediation remediation) {
    return remediation.when().stream().anyMatch(this::holds);
  }

  private boolean holds(Condition condition) {
    return switch (condition) {
      case Condition.AnyTrigger _ -> !triggers.isEmpty();
      case Condition.AlertMatches matches -> alerts.any(matches);
    };
  }

  /** Whether any of the remediation's conditions held when its trigger was last seen. */
  boolean mayCall(Remediation remediation) {
    return doubtful()
        && remediation.when().stream().anyMatch(Condition.AnyTrigger.class::isInstance);
  }

  /** What it is, for people. */
  String summary() {
    List<String> others =
        triggers.stream().map(TriggerState::trigger).filter(name -> !alerts.has(name)).toList();
    if (!certain()) {
      others = blind.stream().map(trigger -> trigger.trigger() + " (no readings)").toList();
    }
    int more = alerts.nameCount() + others.size() - SHOWN;
    String shown =
        Stream.concat(alerts.names(SHOWN).stream(), others.stream())
            .limit(SHOWN)
            .collect(Collectors.joining(", "));
    return more > 0 ? shown + " and " + more + " more" : shown;
  }

  /** The earliest sign of it, with Prometheus's {@code for} taken off. */
  Optional<Symptom> earliest(ServiceIndex index) {
    return Stream.concat(alerts.earliest(index).stream(), crossings())
        .min(Comparator.comparing(Symptom::since));
  }

  /** Some of the signs that began before then; none only where there is none. */
  List<Symptom> before(ServiceIndex index, Instant then) {
    return Stream.concat(
            alerts.before(index, then, SIGNS).stream(),
            crossings().filter(symptom -> symptom.since().isBefore(then)))
        .toList();
  }

  /** Some of the signs that began then or later. */
  List<Symptom> from(ServiceIndex index, Instant then) {
    return Stream.concat(
            alerts.from(index, then, SIGNS).stream(),
            crossings().filter(symptom -> !symptom.since().isBefore(then)))
        .toList();
  }

  /** The triggers that fire, also those that cannot be seen just now. */
  private Stream<Symptom> crossings() {
    return Stream.concat(
            triggers.stream(),
            blind.stream().filter(trigger -> trigger.phase() == TriggerState.Phase.FIRING))
        .flatMap(
            trigger ->
                trigger.began().stream()
                    .map(since -> new Symptom(trigger.trigger(), since, false)));
  }

  /**
   * One sign of trouble.
   *
   * @param name the alert or trigger
   * @param since when it began
   * @param recurs whether it ended in between, and came back
   */
  record Symptom(String name, Instant since, boolean recurs) {}
}
