package dev.belay.console;

import dev.belay.core.incident.Course;
import dev.belay.core.rule.Signal;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A course of readings in words, and as a line of bars that needs no picture. */
final class CourseText {
  private static final String BARS = "▁▂▃▄▅▆▇█";
  private static final String UNKNOWN = "·";
  private static final int WIDE = 40;
  private static final int PERCENT_POINTS = 2;
  private static final MathContext DIGITS = new MathContext(3);

  private final Course course;

  CourseText(Course course) {
    this.course = course;
  }

  /** What was measured, from when to when, how it was first, worst and last, and its shape. */
  List<String> row() {
    List<Course.Point> known =
        course.points().stream().filter(point -> point.value().isPresent()).toList();
    Comparator<Course.Point> rising = Comparator.comparing(point -> point.value().orElseThrow());
    Optional<Course.Point> worst =
        known.stream().max(course.above() ? rising : rising.reversed());
    return List.of(
        course.trigger(),
        known.isEmpty() ? "" : said(known.getFirst()),
        worst.map(this::said).orElse("unknown"),
        known.isEmpty() ? "" : said(known.getLast()),
        bars());
  }

  private String said(Course.Point point) {
    return value(point.value().orElseThrow()) + " at " + PostMortem.time(point.at());
  }

  private String value(double value) {
    BigDecimal exact = BigDecimal.valueOf(value);
    return course.signal().equals(Signal.RESPONSE_TIME.key())
        ? plain(exact) + " s"
        : plain(exact.movePointRight(PERCENT_POINTS)) + " %";
  }

  private static String plain(BigDecimal value) {
    BigDecimal rounded = value.round(DIGITS).stripTrailingZeros();
    return rounded.toPlainString();
  }

  /** One bar for each stretch of time, as high as the worst that was read in it. */
  private String bars() {
    Instant from = course.points().getFirst().at();
    long length =
        Math.max(1, course.points().getLast().at().toEpochMilli() - from.toEpochMilli() + 1);
    double[] worst = new double[WIDE];
    Arrays.fill(worst, Double.NaN);
    double highest = course.threshold();
    for (Course.Point point : course.points()) {
      if (point.value().isPresent()) {
        double value = point.value().get();
        int place =
            (int) ((point.at().toEpochMilli() - from.toEpochMilli()) * WIDE / length);
        worst[place] =
            Double.isNaN(worst[place])
                ? value
                : course.above() ? Math.max(worst[place], value) : Math.min(worst[place], value);
        highest = Math.max(highest, value);
      }
    }
    StringBuilder bars = new StringBuilder(WIDE);
    for (double value : worst) {
      bars.append(
          Double.isNaN(value)
              ? UNKNOWN
              : BARS.charAt(
                  (int)
                      Math.clamp(
                          Math.round(value / Math.max(highest, Double.MIN_VALUE) * (BARS.length() - 1)),
                          0,
                          BARS.length() - 1)));
    }
    return bars.toString();
  }
}
