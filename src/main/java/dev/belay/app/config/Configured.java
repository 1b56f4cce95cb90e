package dev.belay.app.config;

import dev.belay.rules.yaml.Problem;
import java.util.List;

/**
 * What became of a configuration file.
 *
 * @param config what could be read; not to be used unless {@link #usable}
 * @param problems all that is wrong, by line and column
 */
public record Configured(BelayConfig config, List<Problem> problems) {
  /** Whether no problem is an error. */
  public boolean usable() {
    return problems.stream().noneMatch(Problem::isError);
  }
}
