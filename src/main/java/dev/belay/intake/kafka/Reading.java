package dev.belay.intake.kafka;

import dev.belay.core.release.Release;

/** What a record turned out to be. */
sealed interface Reading {
  /** It announces a release. */
  record Announces(Release release) implements Reading {}

  /** It is well, and of no interest. */
  record Irrelevant() implements Reading {}

  /** It has no value: it takes back an earlier one of its key, which nothing here rests on. */
  record Tombstone() implements Reading {}

  /**
   * Nothing can be made of it.
   *
   * @param why a sentence on one line, of bounded length
   */
  record Poison(String why) implements Reading {}
}
