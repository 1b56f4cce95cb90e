package dev.belay.sim;

import java.time.Duration;
import java.util.List;

/** Chance that follows from a seed alone: SplitMix64, the same on every machine for ever. */
final class Dice {
  private long state;

  Dice(long seed) {
    state = seed;
  }

  private long next() {
    state += 0x9e3779b97f4a7c15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** From 0 to less than the bound. */
  int below(int bound) {
    return (int) Long.remainderUnsigned(next(), bound);
  }

  /** From the one to the other, both included. */
  int between(int least, int most) {
    return least + below(most - least + 1);
  }

  boolean chance(double probability) {
    return (next() >>> 11) * 0x1.0p-53 < probability;
  }

  Duration seconds(int least, int most) {
    return Duration.ofMillis(between(least * 1_000, most * 1_000));
  }

  <T> T of(List<T> some) {
    return some.get(below(some.size()));
  }

  /** Another source of chance, which does not disturb this one however much it is used. */
  Dice branch() {
    return new Dice(next());
  }
}
