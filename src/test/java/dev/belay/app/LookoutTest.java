package dev.belay.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Event;
import dev.belay.core.engine.Reading;
import dev.belay.core.release.Rollout;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Inspection;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Preflight;
import dev.belay.core.remediation.Settlement;
import dev.belay.core.remediation.Target;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.Service;
import dev.belay.core.rule.Signal;
import dev.belay.core.rule.Trigger;
import dev.belay.port.Cluster;
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
        Optional.of(new Workload("deployment", name, "app")),
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
        case Event.WorkloadSeen(var service, _) -> missing.remove("workload of " + service);
        case Event.SignalsRead(var service, _) -> missing.remove("signals of " + service);
        default -> throw new AssertionError(event);
      }
    }
  }

  private void start(Lookout lookout) throws InterruptedException {
    lookout.start(OFTEN, OFTEN);
    await("workload of good");
    events.clear();
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
        new Lookout(
            List.of(service(BAD), service("good")), new Known(), Optional.of(source), inbox)) {
      start(lookout);
      await("workload of bad", "workload of good", "signals of good");
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
    Cluster cluster =
        new Known() {
          @Override
          public Observation observe(Target target) {
            if (target.toString().contains(BAD)) {
              throw new IllegalStateException("a bug");
            }
            return super.observe(target);
          }
        };
    try (Lookout lookout =
        new Lookout(List.of(service(BAD), service("good")), cluster, Optional.of(source), inbox)) {
      start(lookout);
      await("workload of good", "signals of good");
      events.clear();
      await("workload of good", "signals of good");
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

  /** A cluster that knows every workload, and nothing of it. */
  private static class Known implements Cluster {
    @Override
    public Observation observe(Target target) {
      Workload workload = ((Target.OfWorkload) target).workload();
      return new Observation.OfWorkload(
          workload,
          "uid",
          1,
          false,
          Rollout.done(""),
          "digest",
          Optional.empty(),
          Optional.empty(),
          List.of());
    }

    @Override
    public Preflight preflight(ActionId id, Plan plan) {
      throw new AssertionError("the lookout only looks");
    }

    @Override
    public Outcome apply(ActionId id, Plan plan) {
      throw new AssertionError("the lookout only looks");
    }

    @Override
    public Inspection inspect(ActionId id, Plan plan) {
      throw new AssertionError("the lookout only looks");
    }

    @Override
    public Settlement settle(ActionId id, Plan plan) {
      throw new AssertionError("the lookout only looks");
    }
  }
}
