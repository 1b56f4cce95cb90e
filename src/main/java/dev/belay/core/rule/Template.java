package dev.belay.core.rule;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.belay.core.alert.Labels;
import java.math.BigDecimal;

/**
 * The little of Prometheus's templates that Belay expands: <code>{{ $labels.NAME }}</code> and
 * <code>{{ $value }}</code>. The rest is Go's language, and is left as it stands.
 */
public final class Template {
  private static final Pattern KNOWN =
      Pattern.compile("\\{\\{ *(?:\\$labels\\.([A-Za-z_][A-Za-z0-9_]*)|\\$value) *\\}\\}");

  /** Go writes numbers with an exponent below and from these powers of ten. */
  private static final int LEAST_PLAIN = -4;

  private static final int MOST_PLAIN = 6;

  private Template() {}

  /** Whether all of it can be expanded. */
  public static boolean known(String text) {
    return !KNOWN.matcher(text).replaceAll("").contains("{{");
  }

  /**
   * The text for one series.
   *
   * @param labels the series' own; one that it lacks is nothing
   */
  public static String expand(String text, Labels labels, double value) {
    if (!text.contains("{{")) {
      return text;
    }
    Matcher found = KNOWN.matcher(text);
    StringBuilder expanded = new StringBuilder();
    int end = 0;
    while (found.find()) {
      String label = found.group(1);
      expanded
          .append(text, end, found.start())
          .append(label == null ? number(value) : labels.get(label).orElse(""));
      end = found.end();
    }
    return expanded.append(text, end, text.length()).toString();
  }

  /** As Go prints it: the shortest digits that mean the same number. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    int exponent = exact.precision() - exact.scale() - 1;
    if (exponent >= LEAST_PLAIN && exponent < MOST_PLAIN) {
      return exact.toPlainString();
    }
    String digits = exact.unscaledValue().abs().toString();
    return (value < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + (exponent < 0 ? "e-" : "e+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }
}
