package dev.belay.cli;

import dev.belay.app.config.BelayConfig;
import dev.belay.app.config.ConfigLoader;
import dev.belay.app.config.Configured;
import dev.belay.rules.Loaded;
import dev.belay.rules.RuleLoader;
import dev.belay.rules.yaml.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What people wrote, configuration and rules, as it was read at one moment and found good. */
record Setup(BelayConfig settings, Loaded rules) {
  /**
   * What came of reading.
   *
   * @param setup empty where it is not good
   * @param problems warnings, too, each with its place
   */
  record Reading(Optional<Setup> setup, List<Problem> problems) {}

  /** Reads the configuration, and the rules that it names. */
  static Reading read(Path config) {
    Configured configured = ConfigLoader.load(config, System.getenv());
    if (!configured.usable()) {
      return new Reading(Optional.empty(), configured.problems());
    }
    BelayConfig settings = configured.config();
    Judged judged = new Judged(RuleLoader.load(settings.rules()), settings.prometheus());
    return new Reading(
        judged.usable() ? Optional.of(new Setup(settings, judged.rules())) : Optional.empty(),
        Stream.concat(configured.problems().stream(), judged.problems().stream()).toList());
  }
}
