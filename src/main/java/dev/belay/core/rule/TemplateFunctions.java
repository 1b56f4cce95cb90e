package dev.belay.core.rule;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * The functions of Prometheus's templates that rule files have most. They give what Prometheus's
 * and Go's give, digit for digit; what those would fail at, or print as a mistake, is unknown here.
 * Values are texts and numbers.
 */
final class TemplateFunctions {
  private static final List<String> LARGE = List.of("k", "M", "G", "T", "P", "E", "Z", "Y");
  private static final List<String> LARGE_1024 =
      List.of("ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi");
  private static final List<String> SMALL = List.of("m", "u", "n", "p", "f", "a", "z", "y");

  /** Go prints numbers with an exponent below this power of ten. */
  private static final int LEAST_PLAIN = -4;

  /** And from this on, where nothing says how many digits there are to be. */
  private static final int MOST_PLAIN = 6;

  /** As many digits have numbers that are made readable. */
  private static final int READABLE = 4;

  private static final Pattern HOST_AND_PORT =
      Pattern.compile("\\[([^\\[\\]]*)\\]:[^\\[\\]:]*|([^\\[\\]:]*):[^\\[\\]:]*");

  private static final Pattern VERB = Pattern.compile("%(?:(?:\\.([0-9]{0,2}))?([fg])|([sv%]))");

  private TemplateFunctions() {}

  /** What the function gives for these; empty where there is none such. */
  static Optional<Object> call(String name, List<Object> arguments) {
    return switch (arguments) {
      case List<Object> all
          when name.equals("printf") && !all.isEmpty() && all.getFirst() instanceof String format ->
          printed(format, all.subList(1, all.size())).map(text -> text);
      case List<Object> all when all.size() == 1 && all.getFirst() instanceof String text ->
          ofText(name, text).map(given -> given);
      case List<Object> all when all.size() == 1 && all.getFirst() instanceof Double number ->
          ofNumber(name, number).map(given -> given);
      default -> Optional.empty();
    };
  }

  private static Optional<String> ofText(String name, String text) {
    return switch (name) {
      case "toUpper" -> Optional.of(mapped(text, Character::toUpperCase));
      case "toLower" -> Optional.of(mapped(text, Character::toLowerCase));
      case "title" -> Optional.of(title(text));
      case "stripPort" -> Optional.of(host(text));
      default -> Optional.empty();
    };
  }

  private static Optional<String> ofNumber(String name, double number) {
    return switch (name) {
      case "humanize" -> Optional.of(scaled(number, LARGE, 1000));
      case "humanize1024" ->
          Optional.of(Math.abs(number) <= 1 ? readable(number) : scaled(number, LARGE_1024, 1024));
      case "humanizePercentage" -> Optional.of(readable(number * 100) + "%");
      case "humanizeDuration" -> Optional.of(duration(number));
      default -> Optional.empty();
    };
  }

  private static String mapped(String text, IntUnaryOperator each) {
    return text.codePoints()
        .map(each)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static String title(String text) {
    StringBuilder title = new StringBuilder();
    int before = ' ';
    for (int each : text.codePoints().toArray()) {
      title.appendCodePoint(separates(before) ? Character.toTitleCase(each) : each);
      before = each;
    }
    return title.toString();
  }

  private static boolean separates(int character) {
    return character < 0x80
        ? !Character.isLetterOrDigit(character) && character != '_'
        : Character.isWhitespace(character);
  }

  private static String host(String address) {
    Matcher parts = HOST_AND_PORT.matcher(address);
    if (!parts.matches()) {
      return address;
    }
    return parts.group(1) == null ? parts.group(2) : parts.group(1);
  }

  /** With a prefix of the SI, or one for powers of 1024, where that makes it readable. */
  private static String scaled(double number, List<String> large, int step) {
    if (number == 0 || !Double.isFinite(number)) {
      return readable(number);
    }
    boolean small = Math.abs(number) < 1;
    double scaled = number;
    String prefix = "";
    Iterator<String> prefixes = (small ? SMALL : large).iterator();
    while (prefixes.hasNext() && (small ? Math.abs(scaled) < 1 : Math.abs(scaled) >= step)) {
      prefix = prefixes.next();
      scaled = small ? scaled * step : scaled / step;
    }
    return readable(scaled) + prefix;
  }

  /** Seconds, as days, hours, minutes and seconds. */
  private static String duration(double seconds) {
    if (!Double.isFinite(seconds)) {
      return readable(seconds);
    }
    double length = Math.abs(seconds);
    if (length < 60) {
      return length < 1 ? scaled(seconds, LARGE, 1000) + "s" : readable(seconds) + "s";
    }
    long whole = (long) length;
    String minutes = whole / 60 % 60 + "m " + whole % 60 + "s";
    String hours = whole / 3600 % 24 + "h " + minutes;
    String text = whole >= 86_400 ? whole / 86_400 + "d " + hours : whole >= 3600 ? hours : minutes;
    return (seconds < 0 ? "-" : "") + text;
  }

  private static Optional<String> printed(String format, List<Object> arguments) {
    StringBuilder printed = new StringBuilder();
    Iterator<Object> left = arguments.iterator();
    Matcher verb = VERB.matcher(format);
    int end = 0;
    while (verb.find()) {
      String between = format.substring(end, verb.start());
      Optional<String> piece =
          "%".equals(verb.group(3))
              ? Optional.of("%")
              : left.hasNext() ? printed(verb, left.next()) : Optional.empty();
      if (between.contains("%") || piece.isEmpty()) {
        return Optional.empty();
      }
      printed.append(between).append(piece.get());
      end = verb.end();
    }
    String rest = format.substring(end);
    return left.hasNext() || rest.contains("%")
        ? Optional.empty()
        : Optional.of(printed.append(rest).toString());
  }

  private static Optional<String> printed(Matcher verb, Object argument) {
    if (verb.group(3) != null) {
      return verb.group(3).equals("v") || argument instanceof String
          ? Optional.of(text(argument))
          : Optional.empty();
    }
    if (!(argument instanceof Double number)) {
      return Optional.empty();
    }
    String digits = verb.group(1);
    boolean fixed = verb.group(2).equals("f");
    if (digits == null) {
      return Optional.of(fixed ? fixed(number, 6) : text(number));
    }
    int count = digits.isEmpty() ? 0 : Integer.parseInt(digits);
    return Optional.of(fixed ? fixed(number, count) : general(number, Math.max(1, count)));
  }

  /** As Go prints a value of itself. */
  static String text(Object value) {
    return value instanceof Double number ? number(number) : value.toString();
  }

  /** The shortest digits that mean the same number. */
  private static String number(double value) {
    return special(value)
        .orElseGet(() -> general(new BigDecimal(Double.toString(value)), MOST_PLAIN));
  }

  private static String readable(double value) {
    return general(value, READABLE);
  }

  private static String general(double value, int digits) {
    return special(value)
        .orElseGet(
            () ->
                general(
                    new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN)),
                    digits));
  }

  private static String fixed(double value, int decimals) {
    if (!Double.isFinite(value)) {
      return special(value).orElseThrow();
    }
    String digits =
        new BigDecimal(Math.abs(value)).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
    return (value < 0 || 1 / value < 0 ? "-" : "") + digits;
  }

  /** What has no digits, or none but zero. */
  private static Optional<String> special(double value) {
    if (Double.isNaN(value)) {
      return Optional.of("NaN");
    }
    if (Double.isInfinite(value)) {
      return Optional.of(value > 0 ? "+Inf" : "-Inf");
    }
    return value == 0 ? Optional.of(1 / value < 0 ? "-0" : "0") : Optional.empty();
  }

  /**
   * Without zeros at the end.
   *
   * @param mostPlain from this power of ten on with an exponent
   */
  private static String general(BigDecimal value, int mostPlain) {
    BigDecimal exact = value.stripTrailingZeros();
    int exponent = exact.precision() - exact.scale() - 1;
    if (exponent >= LEAST_PLAIN && exponent < mostPlain) {
      return exact.toPlainString();
    }
    String digits = exact.unscaledValue().abs().toString();
    return (exact.signum() < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + (exponent < 0 ? "e-" : "e+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }
}
