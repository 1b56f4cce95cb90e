package dev.belay.cli;

/** Numbers of things, as people write them. */
final class Counted {
  private Counted() {}

  /** {@code 1 service}, {@code 2 services}. */
  static String of(int count, String thing) {
    return count + " " + thing + (count == 1 ? "" : "s");
  }
}
