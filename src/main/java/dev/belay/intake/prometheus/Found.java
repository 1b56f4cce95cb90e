package dev.belay.intake.prometheus;

import java.util.List;

/** What an answer holds for one service. */
sealed interface Found {
  /** Its series; none are no data. */
  record Of(List<Sample> samples) implements Found {}

  /** There is no answer, and why. */
  record Unknown(String why) implements Found {}
}
