package dev.belay.intake.kafka;

/**
 * Whether reading pauses: from where too much waits for the engine until little does, and while the
 * engine takes nothing. What is counted are the records as they came; what was read of them takes
 * about as much again.
 */
final class Brake {
  static final int MANY = 6_000;
  static final int FEW = 2_000;
  static final long LARGE = 16L << 20;
  static final long SMALL = 4L << 20;

  private boolean on;

  /**
   * Looks anew.
   *
   * @param records how many wait
   * @param bytes how large they are together
   * @param refused whether the engine took none the last time
   */
  boolean look(int records, long bytes, boolean refused) {
    boolean much = records >= MANY || bytes >= LARGE;
    boolean little = records <= FEW && bytes <= SMALL;
    on = refused || much || (on && !little);
    return on;
  }

  boolean on() {
    return on;
  }
}
