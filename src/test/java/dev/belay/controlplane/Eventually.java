package dev.belay.controlplane;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits, within a bound, for what another process is about to do. */
public final class Eventually {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private Eventually() {}

  /** Asks until the condition holds; an {@link AssertionError} that names it when time is up. */
  public static void holds(String what, Duration within, BooleanSupplier condition) {
    gives(what, within, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
  }

  /** Asks until there is an answer; an {@link AssertionError} that names it when time is up. */
  public static <T> T gives(String what, Duration within, Supplier<Optional<T>> question) {
    long deadline = System.nanoTime() + within.toNanos();
    while (true) {
      Optional<T> answer = question.get();
      if (answer.isPresent()) {
        return answer.get();
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError(what + ": not within " + within);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
