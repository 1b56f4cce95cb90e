package dev.belay.intake.http;

import java.util.Optional;

/** What a request is told. */
sealed interface Answer {
  /** It is durable. */
  record Accepted() implements Answer {}

  /**
   * It is well, and of no interest.
   *
   * @param why a sentence that says why, where its sender may have meant otherwise
   */
  record Ignored(Optional<String> why) implements Answer {}

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
      case Ignored(Optional<String> _) -> 200;
      case Rejected(Rejection why, String _) -> why.code();
    };
  }
}
