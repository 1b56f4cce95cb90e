package dev.belay.rules.yaml;

/** How to make something of a text. */
@FunctionalInterface
public interface Reading<T> {
  /**
   * What the text means.
   *
   * @throws Unreadable where it means nothing
   */
  T read(String text) throws Unreadable;
}
