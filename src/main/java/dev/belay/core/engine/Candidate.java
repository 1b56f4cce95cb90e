package dev.belay.core.engine;

import dev.belay.core.alert.Labels;
import dev.belay.core.rule.AlertRule;
import dev.belay.core.rule.Template;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An alert that a rule's expression gives at one moment.
 *
 * @param labels the alert's identity
 * @param annotations texts for people
 */
public record Candidate(Labels labels, SortedMap<String, String> annotations) {
  /**
   * The alert that a series of the expression's result stands for, by Prometheus's rules: the
   * series' labels less its name, then the rule's, then the alert's name.
   *
   * @param external labels that the sender would add where they are missing
   */
  public static Candidate of(
      AlertRule rule, Labels series, double value, Map<String, String> external) {
    Map<String, String> labels = series.toMap();
    labels.remove("__name__");
    rule.labels()
        .forEach((name, text) -> labels.put(name, Template.expand(text, series, value, external)));
    labels.put("alertname", rule.alert());
    labels.values().removeIf(String::isEmpty);
    external.forEach(labels::putIfAbsent);
    SortedMap<String, String> annotations = new TreeMap<>();
    rule.annotations()
        .forEach(
            (name, text) -> annotations.put(name, Template.expand(text, series, value, external)));
    return new Candidate(Labels.of(labels), annotations);
  }
}
