package dev.belay.console;

import dev.belay.core.engine.Fact;
import dev.belay.core.incident.Course;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was written down of an incident's triggers piece by piece, put together. One thread. */
final class Courses {
  private record Piece(Course newest, Thinned points) {}

  private final Map<String, Piece> pieces = new LinkedHashMap<>();

  /** Takes the next piece; those of one trigger come in order of time. */
  void add(Course course) {
    Piece known = pieces.get(course.trigger());
    if (known == null && pieces.size() == Fact.IncidentCharted.COURSES_AT_MOST) {
      return;
    }
    Thinned points = known == null ? new Thinned() : known.points();
    course
        .points()
        .forEach(point -> points.add(point.at().toEpochMilli(), point.value().orElse(Double.NaN)));
    pieces.put(course.trigger(), new Piece(course, points));
  }

  /** All, those first that were heard of first. */
  List<Course> all() {
    return pieces.values().stream()
        .map(
            piece ->
                new Course(
                    piece.newest().trigger(),
                    piece.newest().signal(),
                    piece.newest().above(),
                    piece.newest().threshold(),
                    piece.points().points()))
        .toList();
  }
}
