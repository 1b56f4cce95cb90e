package dev.belay.rules;

import dev.belay.core.rule.AlertGroup;
import dev.belay.core.rule.AlertRule;
import dev.belay.core.rule.Template;
import dev.belay.rules.yaml.Durations;
import dev.belay.rules.yaml.Fields;
import dev.belay.rules.yaml.Problems;
import dev.belay.rules.yaml.Quoted;
import dev.belay.rules.yaml.Spot;
import dev.belay.rules.yaml.Yaml;
import dev.belay.rules.yaml.Yaml.Entry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The dialect {@code groups:}, a Prometheus rule file, as strict as Prometheus itself (its {@code
 * model/rulefmt}). Expressions and templates are Prometheus's to check.
 */
final class AlertGroups {
  private static final List<String> GROUP =
      List.of("name", "interval", "query_offset", "limit", "labels", "rules");
  private static final List<String> RULE =
      List.of("alert", "record", "expr", "for", "keep_firing_for", "labels", "annotations");
  private static final List<String> ALERT_ONLY = List.of("for", "keep_firing_for", "annotations");

  private final String file;
  private final Catalog catalog;
  private final Problems problems;
  private final Map<String, Spot> names = new HashMap<>();

  private AlertGroups(String file, Catalog catalog, Problems problems) {
    this.file = file;
    this.catalog = catalog;
    this.problems = problems;
  }

  static void read(Fields top, Path file, Catalog catalog, Problems problems) {
    AlertGroups groups = new AlertGroups(String.valueOf(file.getFileName()), catalog, problems);
    for (Yaml item : top.items("groups")) {
      Fields.of(item, "a group", problems, GROUP).ifPresent(groups::group);
    }
  }

  private void group(Fields group) {
    group.require("name", "give the group a name");
    // Where it is zero, it is the evaluator's own, as with Prometheus.
    Optional<Duration> interval =
        group.readAny("interval", Durations::prometheus).filter(it -> !it.isZero());
    Duration offset = group.readAny("query_offset", Durations::prometheus).orElse(Duration.ZERO);
    int limit = group.whole("limit", 0, 999_999_999).orElse(0);
    String name = group.text("name").orElse("");
    AlertGroup common = new AlertGroup(file, name, interval, offset, limit);
    Spot earlier = names.putIfAbsent(name, group.at("name"));
    if (earlier != null && !name.isEmpty()) {
      problems.error(
          group.at("name"),
          "the group "
              + Quoted.of(name)
              + " is in this file twice, first in line "
              + earlier.line()
              + "; rename one");
    }
    SortedMap<String, String> labels = labels(group);
    Map<String, Spot> seen = new HashMap<>();
    for (Yaml item : group.items("rules")) {
      Fields.of(item, "a rule", problems, RULE).ifPresent(rule -> rule(common, labels, rule, seen));
    }
  }

  private void rule(
      AlertGroup group, SortedMap<String, String> shared, Fields rule, Map<String, Spot> seen) {
    rule.require("expr", "write the PromQL expression");
    SortedMap<String, String> labels = new TreeMap<>(shared);
    labels.putAll(labels(rule));
    Optional<String> expr = rule.readAny("expr", text -> text);
    if (expr.filter(String::isBlank).isPresent()) {
      problems.error(rule.at("expr"), "\"expr\" is empty; write the PromQL expression");
    }
    if (rule.has("alert") == rule.has("record")) {
      String found = rule.has("alert") ? "has both" : "has neither";
      problems.error(rule.at(), "a rule has either \"alert\" or \"record\", and this one " + found);
      return;
    }
    String key = rule.has("alert") ? "alert" : "record";
    Optional<String> name = rule.text(key);
    name.ifPresent(it -> refuseTwice(it, key, labels, rule, seen));
    if (rule.has("record")) {
      refuseAlertKeys(rule);
      catalog
          .evaluation()
          .warning(
              rule.at("record"),
              "Belay evaluates alerts and records no series; let Prometheus record this one");
      return;
    }
    Duration hold = rule.readAny("for", Durations::prometheus).orElse(Duration.ZERO);
    Duration keep = rule.readAny("keep_firing_for", Durations::prometheus).orElse(Duration.ZERO);
    SortedMap<String, String> annotations = rule.texts("annotations");
    if (name.isPresent() && expr.isPresent()) {
      AlertLint.check(rule, expr.get(), problems);
      refuseTemplates(rule, labels);
      catalog.alertRule(
          new AlertRule(group, name.get(), expr.get(), hold, keep, labels, annotations));
    }
  }

  /** Labels are an alert's identity: one that Belay would write otherwise is another alert. */
  private void refuseTemplates(Fields rule, Map<String, String> labels) {
    labels.forEach(
        (name, text) -> {
          if (!Template.known(text)) {
            catalog
                .evaluation()
                .error(
                    rule.at("labels"),
                    "the label "
                        + Quoted.of(name)
                        + " has a template that Belay does not expand when it evaluates alerts;"
                        + " write {{ $labels.NAME }} or {{ $value }}, with a function such as"
                        + " toUpper, humanize or printf if need be, or let Prometheus evaluate it");
          }
        });
  }

  private void refuseAlertKeys(Fields rule) {
    for (String key : ALERT_ONLY) {
      if (rule.has(key)) {
        problems.error(
            rule.at(key), "a recording rule cannot have \"" + key + "\"; only an alert can");
      }
    }
  }

  private void refuseTwice(
      String name, String key, Map<String, String> labels, Fields rule, Map<String, Spot> seen) {
    Spot earlier = seen.putIfAbsent(key + "\n" + name + "\n" + labels, rule.at(key));
    if (earlier != null) {
      problems.warning(
          rule.at(key),
          Quoted.of(name)
              + " with the same labels is in this group twice, first in line "
              + earlier.line()
              + "; tell them apart by a label or drop one");
      if (key.equals("alert")) {
        catalog
            .evaluation()
            .error(
                rule.at(key),
                "Belay cannot tell this alert from that in line "
                    + earlier.line()
                    + "; give one of them another label or name");
      }
    }
  }

  private SortedMap<String, String> labels(Fields fields) {
    for (Entry entry : fields.entries("labels")) {
      if (entry.key().isEmpty() || entry.key().equals("__name__")) {
        problems.error(
            entry.at(), Quoted.of(entry.key()) + " cannot be a label of a rule; rename it");
      }
    }
    return fields.texts("labels");
  }
}
