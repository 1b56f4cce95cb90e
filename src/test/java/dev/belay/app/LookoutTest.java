package dev.belay.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Event;
import dev.belay.port.Inbox;
import dev.belay.port.Round;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class LookoutTest {
  private static final Duration OFTEN = Duration.ofMillis(10);
  private static final String BAD = "bad";

  private volatile Duration ahead = Duration.ZERO;
  private final SteadyClock clock =
      new SteadyClock(() -> Instant.now().plus(ahead), System::nanoTime);
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Inbox inbox =
      event -> {
        events.add(event);
        return CompletableFuture.completedFuture(null);
      };

  /** Waits until the service's signals were heard of. */
  private void await(String service) throws InterruptedException {
    Event wanted = new Event.SignalsRead(service, List.of());
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    Event event = null;
    while (!wanted.equals(event)) {
      event = events.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      assertTrue(event != null, () -> "nothing of " + service);
    }
  }

  /** A round that reads one service's signals, and does this first. */
  private record Gauge(String service, Runnable first, AtomicLong passed) implements Round {
    Gauge(String service, Runnable first) {
      this(service, first, new AtomicLong());
    }

    @Override
    public String name() {
      return service;
    }

    @Override
    public List<Event> look(Turn turn) {
      first.run();
      return List.of(new Event.SignalsRead(service, List.of()));
    }

    @Override
    public void missed(long turns) {
      passed.addAndGet(turns);
    }
  }

  @Test
  void roundsThatComeAreTakenAndThoseThatGoAreNot() throws InterruptedException {
    try (Lookout lookout = lookout(new Gauge("old", () -> {}))) {
      lookout.start(Duration.ofMillis(20));
      await("old");
      AtomicLong others = new AtomicLong();
      lookout.take(List.of(new Gauge("new", () -> {}), new Gauge("new", others::incrementAndGet)));
      await("new");
      events.clear();
      await("new");
      await("new");
      assertTrue(others.get() > 0, "both of one name have their turns");
      assertTrue(
          events.stream().noneMatch(new Event.SignalsRead("old", List.of())::equals),
          events::toString);
    }
  }

  private Lookout lookout(Round... rounds) {
    return new Lookout(List.of(rounds), inbox, clock);
  }

  @Test
  void whereTheMachinesClockIsPutBackTurnsAreDueByItAndJudgedByBelaysTime()
      throws InterruptedException {
    BlockingQueue<Round.Turn> turns = new LinkedBlockingQueue<>();
    try (Lookout lookout = lookout(new Noting(turns))) {
      lookout.start(OFTEN);
      Round.Turn before = next(turns, _ -> true);
      assertEquals(before.machine(), before.steady(), "the two are one otherwise");
      ahead = Duration.ofHours(-1);
      Round.Turn after = next(turns, turn -> turn.machine().isBefore(before.machine()));
      assertFalse(after.steady().isBefore(before.steady()), () -> before + " " + after);
      next(turns, turn -> turn.steady().isAfter(after.steady().plus(OFTEN)));
    }
  }

  /** The next turn that is so; none goes back. */
  private static Round.Turn next(BlockingQueue<Round.Turn> turns, Predicate<Round.Turn> so)
      throws InterruptedException {
    Instant latest = Instant.MIN;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (true) {
      Round.Turn turn = turns.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      assertNotNull(turn, "no such turn");
      assertTrue(System.nanoTime() < end, "no such turn");
      assertFalse(turn.steady().isBefore(latest), turn::toString);
      latest = turn.steady();
      if (so.test(turn)) {
        return turn;
      }
    }
  }

  private record Noting(BlockingQueue<Round.Turn> turns) implements Round {
    @Override
    public String name() {
      return "noting";
    }

    @Override
    public List<Event> look(Turn turn) {
      turns.add(turn);
      return List.of();
    }

    @Override
    public void missed(long turns) {}
  }

  @Test
  void aRoundThatHangsHoldsUpNothingElseAndItsTurnsAreCounted() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    Gauge bad = new Gauge(BAD, () -> waitFor(end));
    try (Lookout lookout = lookout(bad, new Gauge("good", () -> {}))) {
      lookout.start(OFTEN);
      for (int turn = 0; turn < 5; turn++) {
        events.clear();
        await("good");
      }
      assertEquals(0, bad.passed().get());
      end.countDown();
      await(BAD);
      events.clear();
      await(BAD);
      assertTrue(bad.passed().get() > 0, "what it missed is counted");
    }
  }

  @Test
  void whatFailsForOneServiceGoesOnForTheOthers() throws InterruptedException {
    Runnable bug =
        () -> {
          throw new IllegalStateException("a bug");
        };
    try (Lookout lookout = lookout(new Gauge(BAD, bug), new Gauge("good", () -> {}))) {
      lookout.start(OFTEN);
      await("good");
      events.clear();
      await("good");
      assertEquals(0, events.stream().filter(event -> event.toString().contains(BAD)).count());
    }
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
