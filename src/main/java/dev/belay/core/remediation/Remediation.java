package dev.belay.core.remediation;

import dev.belay.core.rule.Condition;
import dev.belay.core.rule.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What to do when: a ladder of steps, climbed until one helps.
 *
 * @param name unique within its service
 * @param when any of these
 * @param blame act only if a release of the last so-and-so-long is to blame; empty: whatever the
 *     cause
 * @param mode how far Belay may go on its own; environment and configuration may only narrow it
 * @param ladder the steps, at least one
 */
public record Remediation(
    String name, List<Condition> when, Optional<Duration> blame, Mode mode, List<Step> ladder) {
  /** Of all that any of its steps touches; the same may come twice. */
  public Stream<String> namespaces() {
    return ladder.stream().map(Step::action).flatMap(Action::namespaces);
  }
}
