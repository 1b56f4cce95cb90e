package dev.belay.console;

import dev.belay.core.incident.Course;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A trigger with readings of it.
 *
 * @param name as people wrote it
 * @param signal what is measured
 * @param above whether a value above the threshold is bad
 * @param threshold in the signal's unit
 * @param at when each was read, in milliseconds since 1970
 * @param values what was read; null where it was unknown
 */
record ChartView(
    String name,
    String signal,
    boolean above,
    double threshold,
    List<Long> at,
    List<@Nullable Double> values) {
  static ChartView of(Course course) {
    List<Course.Point> points = course.points();
    List<@Nullable Double> values = new ArrayList<>();
    points.forEach(point -> values.add(point.value().orElse(null)));
    return new ChartView(
        course.trigger(),
        course.signal(),
        course.above(),
        course.threshold(),
        points.stream().map(point -> point.at().toEpochMilli()).toList(),
        values);
  }
}
