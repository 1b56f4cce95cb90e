package dev.belay.cli;

import dev.belay.app.config.BelayConfig;
import dev.belay.app.config.ConfigLoader;
import dev.belay.app.config.Configured;
import dev.belay.intake.prometheus.PrometheusSettings;
import dev.belay.rules.Loaded;
import dev.belay.rules.RuleLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What people wrote, configuration and rules, as it was read at one moment and found good. */
record Setup(BelayConfig settings, Loaded rules) {
  /**
   * What came of reading.
   *
   * @param setup empty where it is not good
   * @param problems warnings, too, each with its place
   */
  record Reading(Optional<Setup> setup, List<String> problems) {}

  /** Reads the configuration, and the rules that it names. */
  static Reading read(Path config) {
    Configured configured = ConfigLoader.load(config, System.getenv());
    List<String> problems = new ArrayList<>();
    configured.problems().forEach(problem -> problems.add(problem.toString()));
    if (!configured.usable()) {
      return new Reading(Optional.empty(), List.copyOf(problems));
    }
    BelayConfig settings = configured.config();
    Loaded loaded = RuleLoader.load(settings.rules());
    loaded.problems().forEach(problem -> problems.add(problem.toString()));
    if (settings.prometheus().isEmpty()) {
      loaded.unmeasured().forEach(problem -> problems.add(problem.toString()));
    }
    boolean evaluates = settings.prometheus().flatMap(PrometheusSettings::evaluation).isPresent();
    if (evaluates) {
      loaded.unevaluable().forEach(problem -> problems.add(problem.toString()));
    }
    boolean good = loaded.usable() && (loaded.evaluable() || !evaluates);
    return new Reading(
        good ? Optional.of(new Setup(settings, loaded)) : Optional.empty(), List.copyOf(problems));
  }
}
