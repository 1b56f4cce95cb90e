package dev.belay.core.engine;

import dev.belay.core.alert.Episode;
import dev.belay.core.remediation.Remediation;
import dev.belay.core.rule.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is wrong with one service at one moment.
 *
 * @param alerts the alerts that fire
 * @param triggers the triggers that fire and are seen to
 * @param blind the triggers that were crossed when their readings went unknown
 */
record Trouble(List<Episode> alerts, List<TriggerState> triggers, List<TriggerState> blind) {
  static Trouble of(State state, ServiceState service) {
    List<TriggerState> seen = new ArrayList<>();
    List<TriggerState> blind = new ArrayList<>();
    for (TriggerState trigger : service.triggers()) {
      if (trigger.phase() != TriggerState.Phase.INACTIVE && trigger.blindSince().isPresent()) {
        blind.add(trigger);
      } else if (trigger.phase() == TriggerState.Phase.FIRING) {
        seen.add(trigger);
      }
    }
    return new Trouble(
        service.firing().stream().flatMap(labels -> state.alert(labels).stream()).toList(),
        seen,
        blind);
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
      case Condition.AlertMatches matches ->
          alerts.stream().anyMatch(episode -> matches.matches(episode.labels()));
    };
  }

  /** Whether any of the remediation's conditions held when its trigger was last seen. */
  boolean mayCall(Remediation remediation) {
    return doubtful()
        && remediation.when().stream().anyMatch(Condition.AnyTrigger.class::isInstance);
  }

  /** What it is, for people. */
  String summary() {
    List<String> names = new ArrayList<>();
    alerts.forEach(episode -> names.add(episode.labels().alertName()));
    triggers.forEach(trigger -> names.add(trigger.trigger()));
    if (names.isEmpty()) {
      blind.forEach(trigger -> names.add(trigger.trigger() + " (no readings)"));
    }
    List<String> distinct = names.stream().distinct().toList();
    return distinct.size() <= SHOWN
        ? String.join(", ", distinct)
        : String.join(", ", distinct.subList(0, SHOWN))
            + " and "
            + (distinct.size() - SHOWN)
            + " more";
  }

  private static final int SHOWN = 3;

  /** The earliest sign of it, with Prometheus's {@code for} taken off. */
  Optional<Symptom> earliest(ServiceIndex index) {
    return symptoms(index).stream().min(java.util.Comparator.comparing(Symptom::since));
  }

  /** Every sign, with the time when it began; also those that cannot be seen just now. */
  List<Symptom> symptoms(ServiceIndex index) {
    List<Symptom> symptoms = new ArrayList<>();
    for (Episode episode : alerts) {
      String name = episode.labels().alertName();
      symptoms.add(new Symptom(name, episode.startsAt().minus(index.holdOf(name))));
    }
    triggers.forEach(trigger -> add(symptoms, trigger));
    blind.stream()
        .filter(trigger -> trigger.phase() == TriggerState.Phase.FIRING)
        .forEach(trigger -> add(symptoms, trigger));
    return symptoms;
  }

  private static void add(List<Symptom> symptoms, TriggerState trigger) {
    trigger.activeAt().ifPresent(since -> symptoms.add(new Symptom(trigger.trigger(), since)));
  }

  /**
   * One sign of trouble.
   *
   * @param name the alert or trigger
   * @param since when it began
   */
  record Symptom(String name, Instant since) {}
}
