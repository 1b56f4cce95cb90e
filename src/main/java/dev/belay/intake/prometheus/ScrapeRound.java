package dev.belay.intake.prometheus;

import dev.belay.core.alert.Labels;
import dev.belay.core.engine.Candidate;
import dev.belay.core.engine.Event;
import dev.belay.core.rule.AlertRule;
import dev.belay.port.Round;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Says again and again which scrapes fail of what triggers and rules read, and of which services
 * and alerts nothing is known for it. Each reader is asked after by itself: what one reads is
 * nothing to another. One that cannot be asked after is unknown; where not even the targets can be
 * asked for, nothing is said. One look at a time.
 */
final class ScrapeRound implements Round {
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  /** So many alerts that may be missed are named, told apart as services are; of more it is any. */
  private static final int MOST = 10_000;

  /** What reads series: a question for some services' triggers, or a rule. */
  private record Reader(List<String> selectors, List<Asker> askers, Optional<AlertRule> rule) {}

  /** What is not known because a target is not scraped. */
  private record Lost(Set<String> services, Set<Labels> alerts) {}

  private final Scrapes scrapes;
  private final Supplier<List<Question>> questions;
  private final Supplier<List<AlertRule>> rules;
  private final Supplier<Set<String>> telling;
  private final Map<String, String> external;
  private final PrometheusMeters meters;

  /** By target; also those whose last good scrape is long ago. */
  private final Map<Labels, Lost> lost = new HashMap<>();

  /** The services that were concerned when the daemon started. */
  private final Set<String> before;

  /** Targets that failed already then, and for so long that nobody knows who reads them. */
  private Optional<Set<Labels>> old = Optional.empty();

  /**
   * For what is asked and evaluated.
   *
   * @param telling the names of the labels by which services are told apart
   * @param external labels that Prometheus would add to the alerts that it sends
   * @param before the services that were concerned when the daemon started, by name
   */
  ScrapeRound(
      Scrapes scrapes,
      Supplier<List<Question>> questions,
      Supplier<List<AlertRule>> rules,
      Supplier<Set<String>> telling,
      Map<String, String> external,
      Set<String> before,
      PrometheusMeters meters) {
    this.scrapes = scrapes;
    this.questions = questions;
    this.rules = rules;
    this.telling = telling;
    this.external = external;
    this.before = new TreeSet<>(before);
    this.meters = meters;
  }

  @Override
  public String name() {
    return "scrapes of what is read";
  }

  @Override
  public Optional<Duration> interval() {
    return Optional.of(INTERVAL);
  }

  @Override
  public List<Event> look(Turn turn) {
    List<Reader> readers = readers();
    if (readers.isEmpty() && before.isEmpty()) {
      return List.of(new Event.ScrapesSeen(Optional.empty(), Set.of(), List.of()));
    }
    return switch (scrapes.failing(Optional.empty())) {
      case Answer.Unknown _ -> List.of();
      case Answer.Series(var down) -> {
        Set<Labels> targets = Scrapes.targets(down);
        yield List.of(seen(targets, targets.isEmpty() ? List.of() : readers));
      }
    };
  }

  private Event seen(Set<Labels> targets, List<Reader> readers) {
    lost.keySet().retainAll(targets);
    Lost all = new Lost(new TreeSet<>(), new LinkedHashSet<>());
    List<String> unasked = new ArrayList<>();
    for (Reader reader : readers) {
      if (ask(reader, targets) instanceof Answer.Unknown(_, var why)) {
        // It may read any of them; of a rule's alerts only the labels that all have are known.
        unasked.add(why);
        reader.askers().forEach(asker -> all.services().add(asker.service()));
        reader.rule().ifPresent(rule -> all.alerts().add(alert(rule, Labels.NONE)));
      }
    }
    if (unasked.isEmpty()) {
      attribute(targets);
    }
    Set<Labels> failing = new HashSet<>(lost.keySet());
    if (!before.isEmpty()) {
      failing.addAll(old.orElse(targets));
    }
    all.services().addAll(before);
    lost.values().forEach(each -> all.services().addAll(each.services()));
    lost.values().forEach(each -> all.alerts().addAll(each.alerts()));
    return new Event.ScrapesSeen(
        trouble(failing)
            .or(
                () ->
                    unasked.stream()
                        .map(why -> "it cannot be asked who reads what is not scraped: " + why)
                        .findFirst()),
        all.services(),
        all.alerts().size() > MOST ? any(readers) : List.copyOf(all.alerts()));
  }

  /** Any alert of any rule. */
  private List<Labels> any(List<Reader> readers) {
    return readers.stream()
        .flatMap(reader -> reader.rule().stream())
        .map(rule -> alert(rule, Labels.NONE))
        .distinct()
        .toList();
  }

  private List<Reader> readers() {
    List<Reader> readers = new ArrayList<>();
    for (Question question : questions.get()) {
      add(
          readers,
          new Reader(Selectors.of(question.values().query()), question.askers(), Optional.empty()));
    }
    for (AlertRule rule : rules.get()) {
      add(readers, new Reader(Selectors.of(rule.expr()), List.of(), Optional.of(rule)));
    }
    return readers;
  }

  private static void add(List<Reader> readers, Reader reader) {
    if (!reader.selectors().isEmpty()) {
      readers.add(reader);
    }
  }

  /**
   * Everybody was asked after. Who was concerned at the start stays so until every target is
   * scraped again, or is gone, that may be the cause.
   */
  private void attribute(Set<Labels> targets) {
    Set<Labels> left = new HashSet<>(old.orElse(targets));
    left.retainAll(targets);
    if (old.isEmpty()) {
      left.removeAll(lost.keySet());
    }
    old = Optional.of(left);
    if (left.isEmpty()) {
      before.clear();
    }
  }

  private Answer ask(Reader reader, Set<Labels> targets) {
    Answer answer = scrapes.lost(reader.selectors(), targets, Optional.empty());
    if (answer instanceof Answer.Series(var all)) {
      for (Sample sample : all) {
        Lost of =
            lost.computeIfAbsent(
                Scrapes.target(sample.labels()),
                _ -> new Lost(new HashSet<>(), new LinkedHashSet<>()));
        note(of, reader, sample.labels());
      }
    }
    return answer;
  }

  private void note(Lost of, Reader reader, Labels series) {
    reader.askers().stream()
        .filter(asker -> asker.values().means(series))
        .forEach(asker -> of.services().add(asker.service()));
    reader
        .rule()
        .filter(_ -> of.alerts().size() <= MOST)
        .ifPresent(rule -> of.alerts().add(alert(rule, series)));
  }

  /** An alert, as far as it tells whose it is: so there are few, whatever a target gives. */
  private Labels alert(AlertRule rule, Labels series) {
    Map<String, String> labels = Candidate.of(rule, series, 0, external).labels().toMap();
    labels.keySet().retainAll(telling.get());
    return Labels.of(labels);
  }

  private static Optional<String> trouble(Set<Labels> targets) {
    return targets.stream()
        .map(
            target ->
                "the scrape of job "
                    + target.get("job").orElse("\"\"")
                    + ", instance "
                    + target.get("instance").orElse("\"\"")
                    + " fails")
        .min(String::compareTo)
        .map(
            first ->
                targets.size() == 1 ? first : first + ", and " + (targets.size() - 1) + " more");
  }

  @Override
  public void missed(long turns) {
    meters.missed(turns);
  }
}
