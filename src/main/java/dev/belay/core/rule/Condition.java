package dev.belay.core.rule;

import dev.belay.core.alert.Labels;
import dev.belay.core.alert.Matcher;
import java.util.List;

/** One entry of a remediation's {@code when}; any of them suffices. */
public sealed interface Condition {
  /** Any of the service's own rollback triggers fires. */
  record AnyTrigger() implements Condition {}

  /** An alert of the service fires that has all of these. */
  record AlertMatches(List<Matcher> matchers) implements Condition {
    /** Whether the labels have all of it. */
    public boolean matches(Labels labels) {
      return matchers.stream().allMatch(matcher -> matcher.matches(labels));
    }
  }
}
