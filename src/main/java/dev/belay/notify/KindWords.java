package dev.belay.notify;

import dev.belay.core.incident.Notice;

/** What people read for each kind of notice. */
final class KindWords {
  private KindWords() {}

  static String of(Notice.Kind kind) {
    return switch (kind) {
      case OPENED -> "Opened";
      case PROPOSED -> "Waiting for approval";
      case COUNTDOWN -> "Acting unless somebody objects";
      case ACTED -> "Acted";
      case PROGRESS -> "In progress";
      case ANSWERED -> "Answered";
      case NOT_ACTING -> "Not acting";
      case PAGE -> "A person is needed now";
      case RESTORED -> "Restored";
      case CLOSED -> "Closed";
      case HOLD -> "Hold";
      case BRAKE -> "Storm brake";
      case INPUT -> "Inputs";
    };
  }
}
