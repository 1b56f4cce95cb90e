package dev.belay.core.rule;

import java.util.List;
import java.util.Map;

/**
 * What a selector asks of one label of an object, with Kubernetes's own meaning.
 *
 * @param key the label's name
 * @param operator how to compare
 * @param values with what; none for {@link Operator#EXISTS} and {@link Operator#ABSENT}, at least
 *     one for the others
 */
public record LabelNeed(String key, Operator operator, List<String> values) {
  /** The four operators. */
  public enum Operator {
    /** The label has one of the values. */
    IN,
    /** The label is absent, or has none of the values. */
    NOT_IN,
    /** The label is there. */
    EXISTS,
    /** The label is not there. */
    ABSENT
  }

  /** Whether an object with these labels has what is asked for. */
  public boolean met(Map<String, String> labels) {
    return switch (operator) {
      case IN -> labels.containsKey(key) && values.contains(labels.get(key));
      case NOT_IN -> !labels.containsKey(key) || !values.contains(labels.get(key));
      case EXISTS -> labels.containsKey(key);
      case ABSENT -> !labels.containsKey(key);
    };
  }

  /** As a list query has it. */
  @Override
  public String toString() {
    String list = "(" + String.join(",", values) + ")";
    return switch (operator) {
      case IN -> key + " in " + list;
      case NOT_IN -> key + " notin " + list;
      case EXISTS -> key;
      case ABSENT -> "!" + key;
    };
  }
}
