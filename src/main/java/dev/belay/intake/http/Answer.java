package dev.belay.intake.http;

/** What a request is told. */
sealed interface Answer {
  /** It is durable. */
  record Accepted() implements Answer {}

  /** It is well, and of no interest. */
  record Ignored() implements Answer {}

  /**
   * It was not accepted, or in part only.
   *
   * @param sentence what is wrong and what to do
   */
  record Rejected(Rejection why, String sentence) implements Answer {}

  /** The HTTP status. */
  default int code() {
    return switch (this) {
      case Accepted() -> 200;
      case Ignored() -> 200;
      case Rejected(Rejection why, String _) -> why.code();
    };
  }
}
