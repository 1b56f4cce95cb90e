package dev.belay.rules;

import dev.belay.core.rule.RuleSet;
import dev.belay.rules.yaml.Problem;
import java.util.List;

/**
 * What became of rule files.
 *
 * @param rules what could be read; not to be used unless {@link #usable}
 * @param problems all that is wrong, by file, line and column
 * @param unmeasured warnings for where nothing measures the triggers, because no Prometheus is
 *     configured
 * @param unevaluable what is wrong besides where Belay evaluates the alerts itself
 * @param digest SHA-256 over the names and contents of all files that were read, manifests
 *     included, as 64 hex digits: the same digest, the same rules
 */
public record Loaded(
    RuleSet rules,
    List<Problem> problems,
    List<Problem> unmeasured,
    List<Problem> unevaluable,
    String digest) {
  private static final int SHORT = 12;

  /** Whether no problem is an error. */
  public boolean usable() {
    return problems.stream().noneMatch(Problem::isError);
  }

  /** Whether Belay can evaluate the alerts itself. */
  public boolean evaluable() {
    return unevaluable.stream().noneMatch(Problem::isError);
  }

  /** As much of the digest as people need to tell rules apart: 12 hex digits. */
  public String shortDigest() {
    return digest.substring(0, SHORT);
  }
}
