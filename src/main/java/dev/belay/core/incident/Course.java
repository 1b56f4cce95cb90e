package dev.belay.core.incident;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How what a trigger measures went around an incident, for people to look at; nothing is decided by
 * it. There is one reading at least. As the journal keeps many, moments are told by their distance
 * from the first.
 *
 * @param trigger {@link dev.belay.core.rule.Trigger#name} at that time
 * @param signal what is measured: {@code error_rate}
 * @param above whether a value above the threshold was bad
 * @param threshold in the signal's unit
 * @param from when the first was read
 * @param after when those whose value is known were read, in milliseconds after {@code from}
 * @param values what each of these was, in the signal's unit
 * @param unknown when those were read whose value is not known, in milliseconds after {@code from}
 */
public record Course(
    String trigger,
    String signal,
    boolean above,
    double threshold,
    Instant from,
    List<Long> after,
    List<Double> values,
    List<Long> unknown) {
  /** So many points tell the shape of anything, on a screen and on paper. */
  public static final int POINTS_AT_MOST = 240;

  /**
   * One reading.
   *
   * @param at when it was read
   * @param value in the signal's unit; empty where it was unknown
   */
  public record Point(Instant at, Optional<Double> value) {}

  /** Checks that each moment has its value, and that there is one. */
  public Course {
    if (after.size() != values.size()) {
      throw new IllegalArgumentException("as many values as moments are needed");
    }
    if (after.isEmpty() && unknown.isEmpty()) {
      throw new IllegalArgumentException("one reading at least is needed");
    }
  }

  /**
   * The course of these readings.
   *
   * @param points at least one and at most {@link #POINTS_AT_MOST}, in any order
   */
  public static Course of(
      String trigger, String signal, boolean above, double threshold, List<Point> points) {
    Instant from = points.stream().map(Point::at).min(Comparator.naturalOrder()).orElseThrow();
    List<Long> after = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    List<Long> unknown = new ArrayList<>();
    for (Point point : points) {
      long passed = Duration.between(from, point.at()).toMillis();
      point.value().ifPresent(values::add);
      (point.value().isPresent() ? after : unknown).add(passed);
    }
    return new Course(
        trigger,
        signal,
        above,
        threshold,
        from,
        List.copyOf(after),
        List.copyOf(values),
        List.copyOf(unknown));
  }

  /** All readings, in order of time. */
  public List<Point> points() {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < after.size(); i++) {
      points.add(new Point(from.plusMillis(after.get(i)), Optional.of(values.get(i))));
    }
    unknown.forEach(passed -> points.add(new Point(from.plusMillis(passed), Optional.empty())));
    points.sort(Comparator.comparing(Point::at));
    return points;
  }
}
