package dev.belay.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Event;
import dev.belay.core.engine.Reading;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.Service;
import dev.belay.core.rule.Signal;
import dev.belay.core.rule.Trigger;
import dev.belay.port.Inbox;
import dev.belay.port.SignalSource;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LookoutTest {
  private static final Duration OFTEN = Duration.ofMillis(10);
  private static final String BAD = "bad";

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Inbox inbox =
      event -> {
        events.add(event);
        return CompletableFuture.completedFuture(null);
      };

  private static Service service(String name) {
    return new Service(
        name,
        Optional.empty(),
        List.of(),
        List.of(
            new Trigger(
                Signal.ERROR_RATE, Optional.empty(), true, 0.05, Duration.ofMinutes(1), "> 5%")),
        List.of(),
        Limits.DEFAULT,
        Duration.ofMinutes(10));
  }

  /** Waits until each of these was heard of. */
  private void await(String... wanted) throws InterruptedException {
    Set<String> missing = new HashSet<>(List.of(wanted));
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!missing.isEmpty()) {
      Event event = events.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      assertTrue(event != null && end - System.nanoTime() > 0, () -> "nothing of " + missing);
      switch (event) {
        case Event.SignalsRead(var service, _) -> missing.remove("signals of " + service);
        default -> throw new AssertionError(event);
      }
    }
  }

  @Test
  void signalsThatHangHoldUpNothingElse() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    SignalSource source =
        service -> {
          if (service.name().equals(BAD)) {
            waitFor(end);
          }
          return List.<Reading>of();
        };
    try (Lookout lookout =
        new Lookout(List.of(service(BAD), service("good")), Optional.of(source), inbox)) {
      lookout.start(OFTEN);
      await("signals of good");
      end.countDown();
      await("signals of bad");
    }
  }

  @Test
  void whatFailsForOneServiceGoesOnForTheOthers() throws InterruptedException {
    SignalSource source =
        service -> {
          if (service.name().equals(BAD)) {
            throw new IllegalStateException("a bug");
          }
          return List.<Reading>of();
        };
    try (Lookout lookout =
        new Lookout(List.of(service(BAD), service("good")), Optional.of(source), inbox)) {
      lookout.start(OFTEN);
      await("signals of good");
      events.clear();
      await("signals of good");
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
