package dev.belay.e2e;

import dev.belay.core.alert.Labels;
import dev.belay.core.engine.Candidate;
import dev.belay.core.engine.Core;
import dev.belay.core.engine.Event;
import dev.belay.core.engine.Settings;
import dev.belay.core.engine.Standing;
import dev.belay.core.engine.State;
import dev.belay.core.rule.AlertRule;
import dev.belay.core.rule.RuleSet;
import dev.belay.rules.Loaded;
import dev.belay.rules.RuleLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A rule file and series, made by chance, and where the alerts stand by Belay's machine at every
 * evaluation. Written as a test for promtool, which runs Prometheus's machine over the same series.
 */
final class RuleSuite {
  private static final Duration EVALUATION = Duration.ofMinutes(1);
  private static final int EVALUATIONS = 16;

  /** So that no sample is ever as old as the lookback to the second, where versions differ. */
  private static final Duration SAMPLE = Duration.ofSeconds(17);

  /** With others a sample would be as old as the lookback to the second. */
  private static final List<String> OFFSETS =
      List.of(
          "", "", "    query_offset: 15s\n", "    query_offset: 40s\n", "    query_offset: 50s\n");

  private static final List<String> SOME_LIMITS =
      List.of("", "    limit: 1\n", "    limit: 2\n", "    limit: 3\n", "    limit: 50\n");

  private static final Duration LOOKBACK = Duration.ofMinutes(5);
  private static final int SAMPLES = 56;

  /** No gap begins before, for a sample at the very beginning could be so old. */
  private static final int FIRST_GAP = 4;

  /** A series of a metric: a value at each sample; empty where none is; NaN ends it. */
  private record Series(String metric, Labels labels, List<OptionalDouble> values) {
    /** The value that an instant query finds. */
    OptionalDouble at(Duration time) {
      if (time.isNegative()) {
        return OptionalDouble.empty();
      }
      for (int i = (int) time.dividedBy(SAMPLE); i >= 0; i--) {
        boolean old = time.minus(SAMPLE.multipliedBy(i)).compareTo(LOOKBACK) > 0;
        if (i < values.size() && (old || values.get(i).isPresent())) {
          OptionalDouble value = values.get(i);
          return old || Double.isNaN(value.getAsDouble()) ? OptionalDouble.empty() : value;
        }
      }
      return OptionalDouble.empty();
    }

    String notation() {
      StringBuilder text = new StringBuilder();
      for (OptionalDouble value : values) {
        text.append(text.isEmpty() ? "" : " ")
            .append(
                value.isEmpty()
                    ? "_"
                    : Double.isNaN(value.getAsDouble()) ? "stale" : value.getAsDouble() + "");
      }
      return text.toString();
    }
  }

  /** A rule's expression, which is simple enough to be evaluated here. */
  private record Comparison(String metric, String sign, double threshold) {
    boolean holds(double value) {
      return switch (sign) {
        case ">" -> value > threshold;
        case ">=" -> value >= threshold;
        case "<" -> value < threshold;
        default -> value == threshold;
      };
    }
  }

  private final Path folder;
  private final String name;
  private final Random random;
  private final Map<String, Comparison> comparisons = new LinkedHashMap<>();
  private final List<Series> series = new ArrayList<>();
  private final List<List<Standing>> standings = new ArrayList<>();
  private final boolean offsets;
  private final List<String> limits;
  private final SortedSet<String> exceeded = new TreeSet<>();
  private int offset;
  private int full;

  private RuleSuite(Path folder, String name, Random random, boolean offsets, List<String> limits) {
    this.offsets = offsets;
    this.limits = limits;
    this.folder = folder;
    this.name = name;
    this.random = random;
  }

  /**
   * One whose rules never give more alerts than they may: promtool reports that as an error and
   * tests nothing.
   *
   * @param offsets whether rules may be evaluated for a moment in the past
   */
  static RuleSuite of(Path folder, String name, Random random, boolean offsets) {
    for (; ; ) {
      RuleSuite suite = of(folder, name, random, offsets, SOME_LIMITS);
      if (suite.exceeded().isEmpty()) {
        return suite;
      }
    }
  }

  /** One whose rules give more alerts than they may, now and then. */
  static RuleSuite exceeding(Path folder, String name, Random random) {
    for (; ; ) {
      RuleSuite suite = of(folder, name, random, false, List.of("    limit: 1\n"));
      if (!suite.exceeded().isEmpty()) {
        return suite;
      }
    }
  }

  private static RuleSuite of(
      Path folder, String name, Random random, boolean offsets, List<String> limits) {
    RuleSuite suite = new RuleSuite(folder, name, random, offsets, limits);
    Path rules = Programs.write(folder.resolve(name), "rules.yml", suite.rules());
    suite.makeSeries();
    Loaded loaded = RuleLoader.load(rules);
    if (!loaded.usable() || !loaded.evaluable()) {
      throw new AssertionError(loaded.problems() + " " + loaded.unevaluable());
    }
    suite.evaluate(loaded.rules());
    return suite;
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private String rules() {
    StringBuilder text = new StringBuilder("groups:\n");
    int groups = 1 + random.nextInt(2);
    for (int g = 0; g < groups; g++) {
      text.append("  - name: g").append(g).append("\n");
      text.append(one(List.of("", "    interval: 1m\n")));
      text.append(offsets ? one(OFFSETS) : "").append(one(limits)).append("    rules:\n");
      int rules = 1 + random.nextInt(3);
      for (int r = 0; r < rules; r++) {
        text.append(rule("Alert" + g + r));
      }
    }
    return text.toString();
  }

  private String rule(String alert) {
    Comparison comparison =
        new Comparison(
            one(List.of("m0", "m1")), one(List.of(">", ">=", "<", "==")), random.nextInt(4));
    comparisons.put(alert, comparison);
    return """
          - alert: %s
            expr: %s %s %s
            for: %s
            keep_firing_for: %s
            labels: { %s }
    """
        .indent(2)
        .formatted(
            alert,
            comparison.metric(),
            comparison.sign(),
            (int) comparison.threshold(),
            one(List.of("0s", "0s", "30s", "1m", "2m", "3m", "90s", "5m")),
            one(List.of("0s", "0s", "0s", "30s", "1m", "2m", "150s")),
            one(
                List.of(
                    "",
                    "severity: critical",
                    "zone: other, severity: page",
                    "zone: ''",
                    "where: 'in {{ $labels.zone }}, {{$labels.none}}'",
                    "value: '{{ $value }}'")));
  }

  private void makeSeries() {
    for (String metric : List.of("m0", "m1")) {
      int count = 1 + random.nextInt(3);
      for (int i = 0; i < count; i++) {
        Labels labels =
            random.nextBoolean()
                ? Labels.of("i", Integer.toString(i), "zone", one(List.of("eu", "us")))
                : Labels.of("i", Integer.toString(i));
        series.add(new Series(metric, labels, values()));
      }
    }
  }

  /** Stretches of one value, with gaps, ends, and numbers that Go prints in its own way. */
  private List<OptionalDouble> values() {
    List<OptionalDouble> values = new ArrayList<>();
    while (values.size() < SAMPLES) {
      double number = one(List.of(0.0, 1.0, 2.0, 3.0, 4.0, 0.5, 2.25, 1234567.0, 0.00001234, 1e21));
      OptionalDouble value =
          switch (random.nextInt(8)) {
            case 0 -> OptionalDouble.empty();
            case 1 -> OptionalDouble.of(Double.NaN);
            default -> OptionalDouble.of(number);
          };
      int length = 1 + random.nextInt(value.isEmpty() ? 24 : 14);
      for (int i = 0; i < length && values.size() < SAMPLES; i++) {
        values.add(
            values.size() < FIRST_GAP && value.isEmpty() ? OptionalDouble.of(number) : value);
      }
    }
    return values;
  }

  private void evaluate(RuleSet rules) {
    Core core = new Core(rules, Settings.DEFAULT);
    State state = new State();
    for (int e = 0; e <= EVALUATIONS; e++) {
      Duration time = EVALUATION.multipliedBy(e);
      Instant at = Instant.EPOCH.plus(time);
      for (AlertRule rule : rules.alertRules()) {
        List<Candidate> result = result(rule, time.minus(rule.group().queryOffset()));
        core.handle(
            state,
            new Event.RuleEvaluated(rule.id(), at, EVALUATION, Optional.of(result), List.of()),
            at);
        count(rule, time, result.size(), state.rule(rule.id()).standings().size());
      }
      standings.add(
          rules.alertRules().stream()
              .flatMap(rule -> state.rule(rule.id()).standings().stream())
              .toList());
    }
  }

  private void count(AlertRule rule, Duration time, int given, int standing) {
    int limit = rule.group().limit();
    offset += !rule.group().queryOffset().isZero() && standing > 0 ? 1 : 0;
    full += limit > 0 && standing == limit ? 1 : 0;
    if (limit > 0 && given > 0 && standing == 0) {
      exceeded.add(rule.alert() + " " + time.toMinutes());
    }
  }

  private List<Candidate> result(AlertRule rule, Duration time) {
    Comparison comparison = Optional.ofNullable(comparisons.get(rule.alert())).orElseThrow();
    List<Candidate> result = new ArrayList<>();
    for (Series one : series) {
      OptionalDouble value = one.at(time);
      if (one.metric().equals(comparison.metric())
          && value.isPresent()
          && comparison.holds(value.getAsDouble())) {
        SortedMap<String, String> labels = one.labels().toMap();
        labels.put("__name__", one.metric());
        result.add(Candidate.of(rule, Labels.of(labels), value.getAsDouble(), Map.of()));
      }
    }
    return result;
  }

  /** Evaluations in the past that gave alerts. */
  int offset() {
    return offset;
  }

  /** Evaluations after which there were as many alerts as there may be. */
  int full() {
    return full;
  }

  /**
   * Evaluations after which there were more than that, so that all were forgotten: alert, minute.
   */
  SortedSet<String> exceeded() {
    return exceeded;
  }

  long pending() {
    return standings.stream().flatMap(List::stream).filter(it -> !it.fires()).count();
  }

  long firing() {
    return standings.stream().flatMap(List::stream).filter(Standing::fires).count();
  }

  long kept() {
    return standings.stream()
        .flatMap(List::stream)
        .filter(it -> it.keepFiringSince().isPresent())
        .count();
  }

  /**
   * Writes the test for promtool.
   *
   * @param wrong whether one state in it is turned around
   */
  Path write(boolean wrong) {
    StringBuilder text = new StringBuilder("rule_files: [ rules.yml ]\nevaluation_interval: 1m\n");
    text.append("tests:\n  - interval: 17s\n    input_series:\n");
    for (Series one : series) {
      text.append("      - series: '").append(selector(one.metric(), one.labels().toMap()));
      text.append("'\n        values: '").append(one.notation()).append("'\n");
    }
    text.append("    alert_rule_test:\n");
    for (int e = 0; e <= EVALUATIONS; e++) {
      for (String alert : comparisons.keySet()) {
        text.append(expectedAlerts(e, alert));
      }
    }
    text.append("    promql_expr_test:\n");
    boolean turn = wrong;
    for (int e = 0; e <= EVALUATIONS; e++) {
      boolean turned = turn && !standings.get(e).isEmpty();
      turn = turn && !turned;
      text.append(expectedSeries(e, turned));
    }
    return Programs.write(folder.resolve(name), "test.yml", text.toString());
  }

  private String expectedAlerts(int evaluation, String alert) {
    StringBuilder text =
        new StringBuilder(
            "      - { eval_time: %dm, alertname: %s, exp_alerts: [".formatted(evaluation, alert));
    String separator = "";
    for (Standing standing : standings.get(evaluation)) {
      if (standing.fires() && standing.labels().alertName().equals(alert)) {
        SortedMap<String, String> labels = standing.labels().toMap();
        labels.remove("alertname");
        StringBuilder written = new StringBuilder();
        labels.forEach(
            (label, value) ->
                written
                    .append(written.isEmpty() ? "" : ", ")
                    .append(label)
                    .append(": '")
                    .append(value)
                    .append("'"));
        text.append(separator).append(" { exp_labels: { ").append(written).append(" } }");
        separator = ",";
      }
    }
    return text.append(" ] }\n").toString();
  }

  private String expectedSeries(int evaluation, boolean turned) {
    StringBuilder states = new StringBuilder();
    StringBuilder times = new StringBuilder();
    boolean turn = turned;
    for (Standing standing : standings.get(evaluation)) {
      SortedMap<String, String> labels = standing.labels().toMap();
      times.append(expected("ALERTS_FOR_STATE", labels, standing.activeAt().getEpochSecond()));
      labels = new TreeMap<>(labels);
      labels.put("alertstate", standing.fires() != turn ? "firing" : "pending");
      states.append(expected("ALERTS", labels, 1));
      turn = false;
    }
    return expression("ALERTS", evaluation, states.toString())
        + expression("ALERTS_FOR_STATE", evaluation, times.toString());
  }

  private static String expression(String expr, int evaluation, String samples) {
    return "      - expr: "
        + expr
        + "\n        eval_time: "
        + evaluation
        + "m\n        exp_samples:"
        + (samples.isEmpty() ? " []\n" : "\n" + samples);
  }

  private static String expected(String metric, SortedMap<String, String> labels, long value) {
    return "          - { labels: '" + selector(metric, labels) + "', value: " + value + " }\n";
  }

  private static String selector(String metric, SortedMap<String, String> labels) {
    StringBuilder text = new StringBuilder(metric).append("{");
    labels.forEach(
        (label, value) ->
            text.append(text.charAt(text.length() - 1) == '{' ? "" : ",")
                .append(label)
                .append("=\"")
                .append(value)
                .append("\""));
    return text.append("}").toString();
  }
}
