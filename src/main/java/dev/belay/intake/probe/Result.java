package dev.belay.intake.probe;

import java.time.Duration;

/** What came of one probe. */
sealed interface Result {
  /** The service answered as it should. */
  record Well(Duration took) implements Result {}

  /** It answered otherwise, or not in time, or its address refused. */
  record Unwell(String why) implements Result {}

  /** It could not be asked, which says nothing of it. */
  record Unknown(String why) implements Result {}
}
