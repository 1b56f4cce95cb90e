package dev.belay.cli;

import dev.belay.intake.prometheus.PrometheusSettings;
import dev.belay.rules.Loaded;
import dev.belay.rules.yaml.Problem;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Rules as they were read, judged beside what measures them.
 *
 * @param prometheus what does; empty where nothing does
 */
record Judged(Loaded rules, Optional<PrometheusSettings> prometheus) {
  /** What is wrong with them, warnings among it. */
  List<Problem> problems() {
    return Stream.of(
            rules.problems(),
            prometheus.isEmpty() ? rules.unmeasured() : List.<Problem>of(),
            evaluates() ? rules.unevaluable() : List.<Problem>of())
        .flatMap(List::stream)
        .toList();
  }

  /** Whether a daemon can go by them. */
  boolean usable() {
    return rules.usable() && (rules.evaluable() || !evaluates());
  }

  private boolean evaluates() {
    return prometheus.flatMap(PrometheusSettings::evaluation).isPresent();
  }
}
