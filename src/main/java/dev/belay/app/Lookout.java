package dev.belay.app;

import dev.belay.core.engine.Event;
import dev.belay.port.Inbox;
import dev.belay.port.Round;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the services' signals in rounds. A round that takes its time, or fails, holds up no other.
 */
public final class Lookout implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lookout.class);

  /** So many of a round's events are offered before it is waited for what became of them. */
  private static final int OFFERED_AT_ONCE = 256;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<Round> rounds;
  private final Inbox inbox;
  private final InstantSource clock;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final List<Thread> readers = new ArrayList<>();

  /** Takes these rounds; {@link #start} begins. */
  public Lookout(List<Round> rounds, Inbox inbox, InstantSource clock) {
    this.rounds = rounds;
    this.inbox = inbox;
    this.clock = clock;
  }

  /** Begins; each round has its turn once in this time. */
  public void start(Duration readings) {
    for (Round round : rounds) {
      readers.add(
          Thread.ofVirtual()
              .name("belay-round " + round.name())
              .start(
                  () -> follow(round, Slots.of(round.name(), round.interval().orElse(readings)))));
    }
  }

  /** Takes the round's turns, one after another, until the stop. */
  private void follow(Round round, Slots slots) {
    Instant turn = slots.from(clock.instant());
    try {
      while (!stopped(Duration.between(clock.instant(), turn))) {
        Instant now = clock.instant();
        if (now.isBefore(turn)) {
          // A clock that was set back must not make the wait longer than a turn.
          turn = slots.from(now);
          continue;
        }
        Instant due = turn;
        whateverHappens(() -> offer(round.look(due)));
        turn = slots.from(clock.instant().plusMillis(1));
        long missed = slots.between(due, turn);
        if (missed > 0) {
          round.missed(missed);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean stopped(Duration within) throws InterruptedException {
    return stop.await(within.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** What is not taken is said anew at the next turn. */
  private void offer(List<Event> events) {
    List<CompletableFuture<?>> offered = new ArrayList<>();
    for (Event event : events) {
      offered.add(inbox.offer(event).toCompletableFuture());
      if (offered.size() == OFFERED_AT_ONCE) {
        await(offered);
        offered.clear();
      }
    }
    await(offered);
  }

  private static void await(List<CompletableFuture<?>> offered) {
    CompletableFuture.allOf(offered.toArray(CompletableFuture[]::new))
        .exceptionally(_ -> null)
        .completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  /** What fails for one service must not end the looks, nor keep the others from theirs. */
  private static void whateverHappens(Runnable look) {
    try {
      look.run();
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("looking failed in an unforeseen way; it goes on");
    }
  }

  @Override
  public void close() {
    stop.countDown();
    readers.forEach(Thread::interrupt);
  }
}
