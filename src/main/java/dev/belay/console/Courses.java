package dev.belay.console;

import dev.belay.core.incident.Course;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was written down of an incident's triggers piece by piece, put together. One thread. */
final class Courses {
  /** A service has four triggers at most, but its rule may be written anew meanwhile. */
  private static final int AT_MOST = 16;

  private record Piece(Course newest, Thinned points) {}

  private final Map<String, Piece> pieces = new LinkedHashMap<>();

  /** Takes the next piece. */
  void add(Course course) {
    Piece known = pieces.get(course.trigger());
    if (known == null && pieces.size() == AT_MOST) {
      return;
    }
    Thinned points = known == null ? new Thinned() : known.points();
    course
        .points()
        .forEach(point -> points.add(point.at().toEpochMilli(), point.value().orElse(Double.NaN)));
    pieces.put(course.trigger(), new Piece(course, points));
  }

  /**
   * All, those first that were heard of first, and the points of each in order of time: between two
   * pieces the machine's clock may have been put back.
   */
  List<Course> all() {
    return pieces.values().stream()
        .map(
            piece ->
                Course.of(
                    piece.newest().trigger(),
                    piece.newest().signal(),
                    piece.newest().above(),
                    piece.newest().threshold(),
                    piece.points().points()))
        .toList();
  }
}
