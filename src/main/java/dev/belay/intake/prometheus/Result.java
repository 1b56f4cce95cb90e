package dev.belay.intake.prometheus;

import java.util.Locale;

/** What became of a query. */
enum Result {
  /** It was answered, be it with nothing. */
  ANSWERED,
  /** Nobody was there. */
  UNREACHABLE,
  /** The answer did not come in time. */
  LATE,
  /** Who asks may not, or there is no such API. */
  REFUSED,
  /** The query cannot be evaluated. */
  BAD_QUERY,
  /** Prometheus itself failed. */
  FAILED,
  /** It was answered, with a warning: some of the data may be missing. */
  INCOMPLETE,
  /** It was asked for a moment of this machine's clock, which is far from its own. */
  ASKEW,
  /** It was answered with something that is no answer to a query, or with too much. */
  UNREADABLE;

  /** Whether it says nothing of Prometheus but that it is not there for Belay. */
  boolean silent() {
    return switch (this) {
      case UNREACHABLE, LATE, REFUSED, FAILED -> true;
      case ANSWERED, BAD_QUERY, INCOMPLETE, ASKEW, UNREADABLE -> false;
    };
  }

  String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
