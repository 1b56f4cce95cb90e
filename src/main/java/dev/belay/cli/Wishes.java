package dev.belay.cli;

import dev.belay.app.Reload;
import dev.belay.rules.yaml.Problem;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a running daemon is asked for from outside: to stop, and to take over what people wrote. */
final class Wishes implements Reload {
  private static final Logger LOG = LoggerFactory.getLogger(Wishes.class);
  private static final long PATIENCE_SECONDS = 10;

  /** One of them. */
  sealed interface Wish {
    /** To end. */
    record Stop() implements Wish {}

    /** To go on with another setup. */
    record TakeOver(Setup setup) implements Wish {}
  }

  private final Path config;
  private final InstantSource clock;
  private final BlockingQueue<Wish> waiting = new LinkedBlockingQueue<>();
  private final ReentrantLock reading = new ReentrantLock();
  private Instant lastSuccess;
  private Optional<String> trouble = Optional.empty();

  /** Of a daemon whose configuration stands in this file, and was good just now. */
  Wishes(Path config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
    this.lastSuccess = clock.instant();
  }

  /** Waits for the next; to stop goes before all else. */
  Wish next() throws InterruptedException {
    Wish wish = waiting.take();
    return stopping() ? new Wish.Stop() : wish;
  }

  /** Whether to stop is among what waits. */
  boolean stopping() {
    return waiting.stream().anyMatch(Wish.Stop.class::isInstance);
  }

  /** What was read last is in force. */
  synchronized void taken() {
    lastSuccess = clock.instant();
    trouble = Optional.empty();
  }

  void stop() {
    waiting.add(new Wish.Stop());
  }

  @Override
  public List<String> reload() {
    if (!free()) {
      return List.of("another reload is under way; try again in a moment");
    }
    try {
      return read();
    } finally {
      reading.unlock();
    }
  }

  /** One at a time: each reads what was written when it was asked for, or later. */
  private boolean free() {
    try {
      return reading.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private List<String> read() {
    Setup.Reading read = Setup.read(config);
    List<String> problems = read.problems().stream().map(Problem::toString).toList();
    if (read.setup().isEmpty()) {
      failed(String.join("; ", problems));
      return problems;
    }
    problems.forEach(problem -> LOG.atWarn().log("{}", Terminal.line(problem)));
    good();
    // Of those that wait only the newest counts.
    waiting.removeIf(Wish.TakeOver.class::isInstance);
    waiting.add(new Wish.TakeOver(read.setup().get()));
    return List.of();
  }

  private synchronized void good() {
    trouble = Optional.empty();
  }

  /** Why what was read last is not in force. */
  synchronized void failed(String why) {
    LOG.atError().log("not reloaded, what was in force stays in force: {}", Terminal.line(why));
    trouble = Optional.of(why);
  }

  @Override
  public synchronized Instant lastSuccess() {
    return lastSuccess;
  }

  @Override
  public synchronized Optional<String> trouble() {
    return trouble;
  }
}
