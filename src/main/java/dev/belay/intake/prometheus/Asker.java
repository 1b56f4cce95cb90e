package dev.belay.intake.prometheus;

import dev.belay.core.alert.Labels;
import dev.belay.core.alert.Matcher;
import dev.belay.core.rule.Measure;
import dev.belay.core.rule.Trigger;
import java.util.List;

/**
 * A trigger of a service that waits for the answer to a query.
 *
 * @param service the service's name
 * @param measure how its signal is measured
 * @param source what is asked, for people: a metric, or "its query"
 * @param select which series mean the service
 * @param strict whether a series must have every label of that; else those that it has must fit
 * @param minimumTraffic below so many requests a second it is unknown; 0 asks for none
 */
record Asker(
    String service,
    Trigger trigger,
    Measure measure,
    String source,
    List<Matcher> select,
    boolean strict,
    double minimumTraffic) {
  boolean means(Labels labels) {
    return select.stream()
        .filter(matcher -> strict || labels.get(matcher.name()).isPresent())
        .allMatch(matcher -> matcher.matches(labels));
  }
}
