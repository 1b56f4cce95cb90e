package dev.belay.intake.kafka;

import java.util.Locale;

/** What became of a record, as metrics count it. */
enum Result {
  /** The release that it announces is in the journal. */
  TAKEN,
  /** It is well, and of no interest. */
  IGNORED,
  /** It has no value. */
  TOMBSTONE,
  /** It went to the dead-letter topic. */
  DEAD_LETTER,
  /** Nothing could be made of it, and a note of it is in the journal. */
  REJECTED,
  /** Belay failed at it, and at noting that too. */
  FAILED;

  String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
