package dev.belay.core.alert;

import java.util.regex.Pattern;

/**
 * One Alertmanager matcher. A label that is absent counts as the empty string; regular expressions
 * are anchored at both ends.
 *
 * @param name the label's name
 * @param operator how to compare
 * @param value what to compare with: a text, or a regular expression
 */
public record Matcher(String name, Operator operator, String value) {
  /** The four operators, written as in Alertmanager. */
  public enum Operator {
    EQUAL("="),
    NOT_EQUAL("!="),
    MATCHES("=~"),
    NOT_MATCHES("!~");

    private final String sign;

    Operator(String sign) {
      this.sign = sign;
    }

    /** The operator as people write it. */
    public String sign() {
      return sign;
    }
  }

  /**
   * Checks the expression.
   *
   * @throws java.util.regex.PatternSyntaxException where {@code value} should be a regular
   *     expression and is not
   */
  public Matcher {
    if (operator == Operator.MATCHES || operator == Operator.NOT_MATCHES) {
      Pattern.compile(value);
    }
  }

  /** A matcher for equality. */
  public static Matcher equal(String name, String value) {
    return new Matcher(name, Operator.EQUAL, value);
  }

  /** Whether the labels have what this matcher asks for. */
  public boolean matches(Labels labels) {
    String found = labels.get(name).orElse("");
    return switch (operator) {
      case EQUAL -> found.equals(value);
      case NOT_EQUAL -> !found.equals(value);
      case MATCHES -> Pattern.matches(value, found);
      case NOT_MATCHES -> !Pattern.matches(value, found);
    };
  }

  @Override
  public String toString() {
    return name + operator.sign() + '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
