package dev.belay.intake.http;

import io.vertx.core.http.HttpMethod;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What a caller may do. */
public enum Role {
  /** Sends alerts and release events, and sees nothing: for the tools that send. */
  INTAKE,
  /** Sees everything, and changes nothing. */
  VIEWER,
  /** Answers Belay besides: approves, objects, and whatever else is said to one incident. */
  OPERATOR,
  /** Everything, holding and releasing among it. */
  ADMIN;

  private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD);
  private static final Pattern ANSWER = Pattern.compile("/api/v1/incidents/[^/]+/[^/]+");

  /** As people write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The least that a request asks for. What is not known here asks for the most, so that a new
   * route is closed until it is thought of.
   *
   * @param path without dots and escapes
   */
  static Role neededFor(HttpMethod method, String path) {
    if (path.startsWith("/webhooks/") || path.startsWith("/api/v2/") || isEvents(path)) {
      return INTAKE;
    }
    if (READS.contains(method)) {
      return VIEWER;
    }
    return ANSWER.matcher(path).matches() ? OPERATOR : ADMIN;
  }

  private static boolean isEvents(String path) {
    return path.equals("/api/v1/events") || path.equals("/api/v1/events/");
  }

  /** Whether who has this role may ask that. Whoever sees everything may read anywhere. */
  boolean may(HttpMethod method, String path) {
    return covers(neededFor(method, path)) || (READS.contains(method) && covers(VIEWER));
  }

  /** Whether it is at least the other; of those below the last, INTAKE is beside the rest. */
  public boolean covers(Role other) {
    return switch (this) {
      case INTAKE -> other == INTAKE;
      case VIEWER, OPERATOR -> other != INTAKE && compareTo(other) >= 0;
      case ADMIN -> true;
    };
  }
}
