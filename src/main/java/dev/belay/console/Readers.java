package dev.belay.console;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Those who read the journal for others: few at once, lest they take the machine from the engine;
 * what they are asked meanwhile waits in line. Their threads end where nothing is asked.
 */
final class Readers {
  static final int AT_ONCE = 4;
  static final int WAITING_AT_MOST = 60;
  private static final Duration IDLE_AT_MOST = Duration.ofSeconds(10);

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          AT_ONCE,
          AT_ONCE,
          IDLE_AT_MOST.toSeconds(),
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING_AT_MOST),
          Thread.ofPlatform().daemon().name("belay-reader-", 0).factory());

  Readers() {
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Has it read soon.
   *
   * @throws Refusal where too much waits already
   */
  void read(Runnable read) {
    try {
      threads.execute(read);
    } catch (RejectedExecutionException e) {
      throw new Refusal(503, "Too many people read the journal at once; try again in a moment.");
    }
  }
}
