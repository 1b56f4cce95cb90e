package dev.belay.intake.prometheus;

import dev.belay.core.alert.Matcher;
import dev.belay.core.rule.AlertRule;
import dev.belay.core.rule.Service;
import dev.belay.port.Round;
import dev.belay.port.SignalSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Measures the signals of services, and evaluates alerts, by queries to one Prometheus. */
public final class PrometheusSignals implements SignalSource, AutoCloseable {
  /** Costs next to nothing, and needs no series. */
  private static final String ANY_QUERY = "vector(1)";

  private final PrometheusSettings settings;
  private final PrometheusMeters meters;
  private final Complaints complaints;
  private final QueryApi api;
  private volatile boolean asks;

  /** What is asked for the triggers, and which rules are evaluated. */
  private volatile List<Question> asked = List.of();

  private volatile List<AlertRule> evaluated = List.of();

  /** The names of the labels by which services are told apart. */
  private volatile Set<String> telling = Set.of();

  /**
   * Asks nothing by itself.
   *
   * @param clock the machine's, by which rules are evaluated
   */
  public PrometheusSignals(
      PrometheusSettings settings, MeterRegistry registry, InstantSource clock) {
    this.settings = settings;
    this.meters = new PrometheusMeters(registry);
    this.complaints = new Complaints(meters);
    this.api = new QueryApi(settings, meters, clock);
  }

  @Override
  public List<Round> rounds(List<Service> services) {
    Questions questions = Questions.of(services, settings);
    complaints.only(
        questions.all().stream().map(Question::name).collect(Collectors.toSet()),
        services.stream().map(Service::name).collect(Collectors.toSet()));
    asked = questions.all();
    telling =
        services.stream()
            .flatMap(service -> service.match().stream())
            .map(Matcher::name)
            .collect(Collectors.toSet());
    List<Round> rounds = new ArrayList<>();
    questions
        .all()
        .forEach(question -> rounds.add(new SignalRound(question, api, complaints, meters)));
    asks |= !rounds.isEmpty();
    if (!questions.unmeasured().isEmpty()) {
      rounds.add(new UnmeasuredRound(questions.unmeasured(), complaints, meters));
    }
    return List.copyOf(rounds);
  }

  /** The rounds in which these rules are evaluated; none where Prometheus does that. */
  public List<Round> evaluations(List<AlertRule> rules) {
    List<Round> rounds = new ArrayList<>();
    settings
        .evaluation()
        .ifPresent(
            external -> {
              evaluated = List.copyOf(rules);
              rules.forEach(rule -> rounds.add(round(rule, external)));
            });
    asks |= !rounds.isEmpty();
    return List.copyOf(rounds);
  }

  /**
   * The round in which it is said which scrapes fail of what all these read.
   *
   * @param before the services that this concerned when the daemon started, by name
   */
  public Round scrapes(Set<String> before) {
    return new ScrapeRound(
        new Scrapes(api),
        () -> asked,
        () -> evaluated,
        () -> telling,
        settings.evaluation().orElse(Map.of()),
        before,
        meters);
  }

  private Round round(AlertRule rule, Map<String, String> external) {
    return new RuleRound(rule, settings.interval(), external, api, complaints, meters);
  }

  /** What is amiss, a sentence with its remedy and without secrets; empty where nothing is. */
  public Optional<String> trouble() {
    return asks ? complaints.trouble() : Optional.empty();
  }

  /**
   * Why nothing was heard of it since this was last asked, a sentence without secrets; empty where
   * any query was answered, be it by what is wrong with it, and where there is nothing to ask.
   * Where no query was due, one is asked now.
   */
  public Optional<String> silence() {
    if (!asks || complaints.answered()) {
      return Optional.empty();
    }
    return switch (api.ask(ANY_QUERY, Optional.empty())) {
      case Answer.Unknown(var result, var why) when result.silent() -> Optional.of(why);
      case Answer.Unknown _, Answer.Series _ -> Optional.empty();
    };
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    api.close();
  }
}
