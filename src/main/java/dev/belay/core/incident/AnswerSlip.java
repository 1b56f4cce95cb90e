package dev.belay.core.incident;

import java.util.Optional;

/**
 * What an answer is about, on one line that a button can carry there and back.
 *
 * @param incident the incident
 * @param asked the action and the plan that the person saw; empty where nothing was asked
 */
public record AnswerSlip(String incident, Optional<Asked> asked) {
  private static final String NONE = "-";
  private static final int LONGEST = 1_000;

  /**
   * An action and its plan.
   *
   * @param action the action's id
   * @param plan the plan's digest
   */
  public record Asked(String action, String plan) {}

  /** The line: action, plan and incident. */
  public String line() {
    return asked.map(it -> it.action() + ' ' + it.plan()).orElse(NONE + ' ' + NONE)
        + ' '
        + incident;
  }

  /** Reads {@link #line}; empty where it is something else. */
  public static Optional<AnswerSlip> parse(String line) {
    int first = line.indexOf(' ');
    int second = line.indexOf(' ', first + 1);
    if (first < 0 || second < 0 || second == line.length() - 1 || line.length() > LONGEST) {
      return Optional.empty();
    }
    String action = line.substring(0, first);
    String plan = line.substring(first + 1, second);
    String incident = line.substring(second + 1);
    if (action.equals(NONE) && plan.equals(NONE)) {
      return Optional.of(new AnswerSlip(incident, Optional.empty()));
    }
    return hex(action) && hex(plan)
        ? Optional.of(new AnswerSlip(incident, Optional.of(new Asked(action, plan))))
        : Optional.empty();
  }

  private static boolean hex(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128);
  }
}
