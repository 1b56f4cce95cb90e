package dev.belay.cli;

import dev.belay.app.config.BelayConfig;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Sees to it that a process that was told to stop ends, be it by force. */
final class Ending {
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile Duration within = Duration.ZERO;

  /** By the settings in force. */
  void within(BelayConfig settings) {
    within = settings.shutdownDelay().plus(settings.shutdownGrace());
  }

  /** All of it ended in good order. */
  void done() {
    ended.countDown();
  }

  /** Waits for that for as long as is allowed. */
  void haltUnlessDone() {
    try {
      if (!ended.await(within.toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.println("belay: not everything ended within " + within.toSeconds() + " s");
        Runtime.getRuntime().halt(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
