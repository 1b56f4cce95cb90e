package dev.belay.app;

import dev.belay.core.engine.Event;
import dev.belay.port.Inbox;
import dev.belay.port.Round;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  private final Inbox inbox;
  private final SteadyClock clock;
  private final Map<Key, Reader> readers = new HashMap<>();
  private List<Round> rounds;
  private Optional<Duration> readings = Optional.empty();
  private boolean closed;

  /** Several rounds may have one name. */
  private record Key(String name, int number) {}

  /** Takes these rounds; {@link #start} begins. */
  Lookout(List<Round> rounds, Inbox inbox, SteadyClock clock) {
    this.rounds = rounds;
    this.inbox = inbox;
    this.clock = clock;
  }

  /** Begins; each round has its turn once in this time. */
  public synchronized void start(Duration pause) {
    readings = Optional.of(pause);
    take(rounds);
  }

  /** Takes these rounds from now on. One that goes by the name of one before has its turns. */
  public synchronized void take(List<Round> all) {
    rounds = all;
    if (readings.isEmpty() || closed) {
      return;
    }
    Map<String, Integer> names = new HashMap<>();
    Set<Key> taken = new HashSet<>();
    for (Round round : all) {
      Key key = new Key(round.name(), names.merge(round.name(), 1, Integer::sum));
      taken.add(key);
      Reader known = readers.get(key);
      if (known == null) {
        readers.put(key, new Reader(round, readings.get()));
      } else {
        known.round = round;
      }
    }
    readers.entrySet().stream()
        .filter(reader -> !taken.contains(reader.getKey()))
        .forEach(reader -> reader.getValue().end());
    readers.keySet().retainAll(taken);
  }

  /** Takes a round's turns on a thread of its own. */
  private final class Reader {
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private volatile Round round;

    Reader(Round first, Duration readings) {
      round = first;
      Slots slots = Slots.of(first.name(), first.interval().orElse(readings));
      thread = Thread.ofVirtual().name("belay-round " + first.name()).start(() -> follow(slots));
    }

    /** One turn after another, until the stop. */
    private void follow(Slots slots) {
      Instant turn = slots.from(machine());
      Instant judged = Instant.MIN;
      try {
        while (!stopped(Duration.between(machine(), turn))) {
          SteadyClock.Moment now = clock.moment();
          if (now.machine().isBefore(turn)) {
            // A clock that was set back must not make the wait longer than a turn.
            turn = slots.from(now.machine());
            continue;
          }
          Instant due = turn;
          Instant steady = due.plus(now.ahead());
          judged = steady.isBefore(judged) ? judged : steady;
          Round.Turn both = new Round.Turn(due, judged);
          whateverHappens(() -> offer(round.look(both)));
          turn = slots.from(machine().plusMillis(1));
          long missed = slots.between(due, turn);
          if (missed > 0) {
            round.missed(missed);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private Instant machine() {
      return clock.moment().machine();
    }

    private boolean stopped(Duration within) throws InterruptedException {
      return stop.await(within.toNanos(), TimeUnit.NANOSECONDS);
    }

    void end() {
      stop.countDown();
      thread.interrupt();
    }
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
  public synchronized void close() {
    closed = true;
    readers.values().forEach(Reader::end);
  }
}
