package dev.belay.rules.yaml;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as people write them. */
public final class Durations {
  private static final Pattern PART = Pattern.compile("([0-9]{1,9})( ?)([a-z]+)( ?)");
  private static final Duration LONGEST = Duration.ofDays(3660);

  private Durations() {}

  private enum Unit {
    YEAR("y", "year", Duration.ofDays(365)),
    WEEK("w", "week", Duration.ofDays(7)),
    DAY("d", "day", Duration.ofDays(1)),
    HOUR("h", "hour", Duration.ofHours(1)),
    MINUTE("m", "minute", Duration.ofMinutes(1)),
    SECOND("s", "second", Duration.ofSeconds(1)),
    MILLISECOND("ms", "millisecond", Duration.ofMillis(1));

    private final String sign;
    private final String word;
    private final Duration length;

    Unit(String sign, String word, Duration length) {
      this.sign = sign;
      this.word = word;
      this.length = length;
    }
  }

  /**
   * Prometheus's notation: {@code 30s}, {@code 1h30m}, {@code 0}; units y, w, d, h, m, s, ms, the
   * largest first.
   *
   * @throws Unreadable where the text is something else, or longer than ten years
   */
  public static Duration prometheus(String text) throws Unreadable {
    return read(text, false);
  }

  /**
   * Prometheus's notation, or words: {@code 2 minutes}, {@code 1 hour 30 minutes}.
   *
   * @throws Unreadable where the text is something else, or longer than ten years
   */
  public static Duration people(String text) throws Unreadable {
    return read(text, true);
  }

  /**
   * As {@link #people}, but zero is no answer.
   *
   * @throws Unreadable where the text is something else, zero, or longer than ten years
   */
  public static Duration positive(String text) throws Unreadable {
    Duration duration = people(text);
    if (duration.isZero()) {
      throw new Unreadable("must be longer than zero; write a duration such as 30s or 5m");
    }
    return duration;
  }

  private static Duration read(String text, boolean words) throws Unreadable {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    Matcher part = PART.matcher(text);
    Duration sum = Duration.ZERO;
    int end = 0;
    Duration last = LONGEST;
    while (end < text.length()) {
      part.region(end, text.length());
      if (!part.lookingAt()) {
        throw wrong(text, words);
      }
      Unit unit = unit(text, part.group(3), words);
      boolean spaced = !part.group(2).isEmpty() || !part.group(4).isEmpty();
      if (unit.length.compareTo(last) >= 0 || (spaced && !words)) {
        throw wrong(text, words);
      }
      last = unit.length;
      sum = sum.plus(unit.length.multipliedBy(Long.parseLong(part.group(1))));
      end = part.end();
    }
    if (end == 0 || text.endsWith(" ")) {
      throw wrong(text, words);
    }
    if (sum.compareTo(LONGEST) > 0) {
      throw new Unreadable(Quoted.of(text) + " is longer than ten years; write a shorter duration");
    }
    return sum;
  }

  private static Unit unit(String text, String written, boolean words) throws Unreadable {
    for (Unit unit : Unit.values()) {
      boolean word = written.equals(unit.word) || written.equals(unit.word + "s");
      if (written.equals(unit.sign) || (words && word)) {
        return unit;
      }
    }
    throw wrong(text, words);
  }

  private static Unreadable wrong(String text, boolean words) {
    if (text.matches("[0-9]{1,9}")) {
      return new Unreadable(
          Quoted.of(text) + " has no unit; write " + text + "s, " + text + "m or " + text + "h");
    }
    String right = words ? "30s, 1h30m or \"2 minutes\"" : "30s, 5m or 1h30m";
    return new Unreadable(
        Quoted.of(text) + " is not a duration; write it as " + right + ", the largest unit first");
  }
}
