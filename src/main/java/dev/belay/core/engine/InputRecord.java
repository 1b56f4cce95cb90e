package dev.belay.core.engine;

import dev.belay.core.release.Release;

/** One record of an input, made uniform by its door. */
public sealed interface InputRecord {
  /** Its number in the input. */
  long offset();

  /** It announces a release. */
  record Announced(long offset, Release release) implements InputRecord {}

  /**
   * Nothing can be made of it, and it is kept nowhere else.
   *
   * @param name how people find it: topic, partition and offset
   * @param why a sentence of bounded length on one line, without secrets
   */
  record Unreadable(long offset, String name, String why) implements InputRecord {}
}
