package dev.belay.rules.yaml;

/** Numbers of things, as people write them. */
public final class Counted {
  private Counted() {}

  /** {@code 1 service}, {@code 2 services}. */
  public static String of(long count, String thing) {
    return count + " " + thing + (count == 1 ? "" : "s");
  }
}
