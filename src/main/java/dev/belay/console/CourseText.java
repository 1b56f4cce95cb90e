package dev.belay.console;

import dev.belay.core.incident.Course;
import dev.belay.core.rule.Signal;
import java.math.BigDecimal;
import java.math.MathContext;
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
  private final List<Course.Point> points;

  CourseText(Course course) {
    this.course = course;
    this.points = course.points();
  }

  /** What was measured, from when to when, how it was first, worst and last, and its shape. */
  List<String> row() {
    List<Course.Point> known = points.stream().filter(point -> point.value().isPresent()).toList();
    Comparator<Course.Point> rising = Comparator.comparing(point -> point.value().orElseThrow());
    Optional<Course.Point> worst = known.stream().max(course.above() ? rising : rising.reversed());
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
    long from = points.getFirst().at().toEpochMilli();
    long length = points.getLast().at().toEpochMilli() - from + 1;
    double[] worst = new double[WIDE];
    Arrays.fill(worst, Double.NaN);
    double highest = course.threshold();
    for (Course.Point point : points) {
      if (point.value().isPresent()) {
        double value = point.value().get();
        int place = Math.toIntExact((point.at().toEpochMilli() - from) * WIDE / length);
        worst[place] = Double.isNaN(worst[place]) ? value : worse(value, worst[place]);
        highest = Math.max(highest, value);
      }
    }
    StringBuilder bars = new StringBuilder(WIDE);
    for (double value : worst) {
      bars.append(Double.isNaN(value) ? UNKNOWN : bar(value, highest));
    }
    return bars.toString();
  }

  private double worse(double one, double other) {
    return course.above() ? Math.max(one, other) : Math.min(one, other);
  }

  private static String bar(double value, double highest) {
    long height = highest > 0 ? Math.round(value / highest * (BARS.length() - 1)) : 0;
    int bar = Math.clamp(height, 0, BARS.length() - 1);
    return BARS.substring(bar, bar + 1);
  }
}
