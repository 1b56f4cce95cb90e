package dev.belay.core.alert;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One Alertmanager matcher. A label that is absent counts as the empty string; regular expressions
 * are RE2's, as in Alertmanager and Prometheus, and anchored at both ends. They take time in
 * proportion to the label's length, whatever a sender puts there. Two are equal where they are
 * written the same.
 */
public final class Matcher {
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

  private final String name;
  private final Operator operator;
  private final String value;

  /** An expression is compiled once, not for each alert. */
  private final Predicate<String> compares;

  /**
   * Makes a matcher.
   *
   * @param name the label's name
   * @param operator how to compare
   * @param value what to compare with: a text, or a regular expression
   * @throws IllegalArgumentException where {@code value} should be a regular expression and is not;
   *     the message says what is wrong with it
   */
  public Matcher(String name, Operator operator, String value) {
    this.name = name;
    this.operator = operator;
    this.value = value;
    this.compares =
        switch (operator) {
          case EQUAL -> value::equals;
          case NOT_EQUAL -> found -> !found.equals(value);
          case MATCHES -> compiled(value)::matches;
          case NOT_MATCHES -> Predicate.not(compiled(value)::matches);
        };
  }

  private static Pattern compiled(String value) {
    try {
      return Pattern.compile(value);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(e.getDescription() + ": " + e.getPattern(), e);
    }
  }

  /** A matcher for equality. */
  public static Matcher equal(String name, String value) {
    return new Matcher(name, Operator.EQUAL, value);
  }

  /** The label's name. */
  public String name() {
    return name;
  }

  /** How to compare. */
  public Operator operator() {
    return operator;
  }

  /** What to compare with: a text, or a regular expression. */
  public String value() {
    return value;
  }

  /** Whether the labels have what this matcher asks for. */
  public boolean matches(Labels labels) {
    return compares.test(labels.get(name).orElse(""));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Matcher matcher
        && name.equals(matcher.name)
        && operator == matcher.operator
        && value.equals(matcher.value);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, operator, value);
  }

  @Override
  public String toString() {
    return name + operator.sign() + '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
