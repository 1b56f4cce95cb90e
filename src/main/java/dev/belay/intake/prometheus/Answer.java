package dev.belay.intake.prometheus;

import java.util.List;

/** What is known after a query. */
sealed interface Answer {
  /** The series, in no order; none are an answer, too. */
  record Series(List<Sample> samples) implements Answer {}

  /**
   * Nothing is.
   *
   * @param result never {@link Result#ANSWERED}
   * @param why a sentence for people, on one line and without secrets
   */
  record Unknown(Result result, String why) implements Answer {}
}
