package dev.belay.intake.prometheus;

import dev.belay.core.alert.Labels;
import dev.belay.core.alert.Matcher;
import java.util.List;
import java.util.Optional;

/**
 * Which series mean a service.
 *
 * @param strict whether a series must have every label; else those that it has must fit
 */
record Selection(List<Matcher> matchers, boolean strict) {
  boolean means(Labels labels) {
    return matchers.stream()
        .filter(matcher -> strict || labels.get(matcher.name()).isPresent())
        .allMatch(matcher -> matcher.matches(labels));
  }

  /** The one value of the label that its series have, where that is said. */
  Optional<String> value(String label) {
    return matchers.stream()
        .filter(matcher -> matcher.name().equals(label))
        .filter(matcher -> matcher.operator() == Matcher.Operator.EQUAL)
        .map(Matcher::value)
        .findFirst();
  }
}
