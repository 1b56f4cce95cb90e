package dev.belay.intake.prometheus;

import dev.belay.core.alert.Labels;
import dev.belay.core.engine.Candidate;
import dev.belay.core.engine.Event;
import dev.belay.core.rule.AlertRule;
import dev.belay.port.Round;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Evaluates one alerting rule again and again. The rules of a group have their turns at once, and
 * each asks for the very moment of its turn, as in Prometheus.
 *
 * <p>An alert that its expression gives no more has ended, or what it is made of is not scraped any
 * more: where one is missing that was there, or nobody knows what was, that is asked.
 */
final class RuleRound implements Round {
  /** More than are followed of all rules; and so many series that are not scraped are named. */
  private static final int MOST = 10_000;

  private final AlertRule rule;
  private final Duration usual;
  private final Map<String, String> external;
  private final QueryApi api;
  private final Scrapes scrapes;
  private final Complaints complaints;
  private final PrometheusMeters meters;
  private final List<String> selectors;

  /** The alerts that it gave the last time. */
  private Set<Labels> before = Set.of();

  /** Whether there may be others that it does not give. */
  private boolean wary = true;

  /** What is not scraped, by target; also that whose last good scrape is long ago. */
  private final Map<Labels, Set<Labels>> lost = new HashMap<>();

  /**
   * For this rule.
   *
   * @param usual from one turn to the next, where the group does not say
   * @param external labels that Prometheus would add to the alerts that it sends
   */
  RuleRound(
      AlertRule rule,
      Duration usual,
      Map<String, String> external,
      QueryApi api,
      Complaints complaints,
      PrometheusMeters meters) {
    this.rule = rule;
    this.usual = usual;
    this.external = external;
    this.api = api;
    this.scrapes = new Scrapes(api);
    this.complaints = complaints;
    this.meters = meters;
    this.selectors = Selectors.of(rule.expr());
  }

  @Override
  public String name() {
    return rule.group().file() + ";" + rule.group().name();
  }

  @Override
  public Optional<Duration> interval() {
    return Optional.of(rule.group().interval().orElse(usual));
  }

  @Override
  public List<Event> look(Turn turn) {
    String query = "alert " + rule.alert() + " in " + rule.group().name();
    Instant at = turn.machine().minus(rule.group().queryOffset());
    Answer answer = judged(api.ask(rule.expr(), Optional.of(at)));
    complaints.asked(query, answer);
    Optional<List<Candidate>> active = candidates(answer);
    Optional<List<Labels>> unscraped = active.flatMap(given -> unscraped(given, at));
    return List.of(
        new Event.RuleEvaluated(
            rule.id(),
            turn.steady(),
            interval().orElse(usual),
            unscraped.flatMap(_ -> active),
            unscraped.orElse(List.of())));
  }

  /** Empty where it cannot be said. */
  private Optional<List<Labels>> unscraped(List<Candidate> active, Instant at) {
    Set<Labels> now = active.stream().map(Candidate::labels).collect(Collectors.toSet());
    wary |= !now.containsAll(before);
    before = now;
    if (!wary || selectors.isEmpty()) {
      return Optional.of(List.of());
    }
    return switch (unscraped(at)) {
      case Answer.Series(var samples) -> {
        samples.forEach(
            sample ->
                lost.computeIfAbsent(Scrapes.target(sample.labels()), _ -> new LinkedHashSet<>())
                    .add(unnamed(sample.labels())));
        wary = !lost.isEmpty();
        yield Optional.of(named());
      }
      case Answer.Unknown(var result, _) when result.silent() -> Optional.empty();
      // What fires must not be held because of this question; what is missing may be anything.
      case Answer.Unknown _ -> Optional.of(List.of(Labels.NONE));
    };
  }

  /** What is read and not scraped; a target is forgotten that is scraped again, or gone. */
  private Answer unscraped(Instant at) {
    Answer failing = scrapes.failing(Optional.of(at));
    if (failing instanceof Answer.Series(var down)) {
      Set<Labels> targets = Scrapes.targets(down);
      lost.keySet().retainAll(targets);
      return targets.isEmpty() ? failing : scrapes.lost(selectors, targets, Optional.of(at));
    }
    return failing;
  }

  /** More than can be named may be anything. */
  private List<Labels> named() {
    Set<Labels> all = new LinkedHashSet<>();
    lost.values().forEach(all::addAll);
    return all.size() > MOST ? List.of(Labels.NONE) : List.copyOf(all);
  }

  /** Without what an alert of it does not have, or has otherwise. */
  private Labels unnamed(Labels series) {
    Map<String, String> labels = series.toMap();
    labels.remove("__name__");
    labels.keySet().removeAll(rule.labels().keySet());
    return Labels.of(labels);
  }

  /** What no alerts can be made of is as unknown as no answer. */
  private Answer judged(Answer answer) {
    if (answer instanceof Answer.Series(var samples)) {
      if (samples.size() > MOST) {
        return unknown("gives more than " + MOST + " alerts; have it give fewer");
      }
      long identities =
          new HashSet<>(made(samples).stream().map(Candidate::labels).toList()).size();
      if (identities < samples.size()) {
        return unknown("gives several alerts with the same labels; tell them apart");
      }
    }
    return answer;
  }

  private static Answer unknown(String what) {
    return new Answer.Unknown(Result.BAD_QUERY, "the expression " + what);
  }

  private Optional<List<Candidate>> candidates(Answer answer) {
    return switch (answer) {
      case Answer.Series(var samples) -> Optional.of(made(samples));
      case Answer.Unknown _ -> Optional.empty();
    };
  }

  private List<Candidate> made(List<Sample> samples) {
    return samples.stream()
        .map(sample -> Candidate.of(rule, sample.labels(), sample.value(), external))
        .toList();
  }

  @Override
  public void missed(long turns) {
    meters.missed(turns);
  }
}
