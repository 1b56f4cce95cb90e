package dev.belay.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.belay.core.access.Access;
import dev.belay.core.engine.Command;
import dev.belay.core.engine.Event;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Inspection;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Preflight;
import dev.belay.core.remediation.Settlement;
import dev.belay.core.remediation.Target;
import dev.belay.core.rule.Place;
import dev.belay.core.rule.WorkloadSelector;
import dev.belay.port.Cluster;
import dev.belay.port.ClusterUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ActuatorTest {
  private static final ActionId ID = new ActionId("0123456789abcdef");
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
  private static final int MORE_THAN_AT_ONCE = 20;

  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final BlockingQueue<Event> answers = new LinkedBlockingQueue<>();
  private final CountDownLatch busy = new CountDownLatch(1);
  private final Slow cluster = new Slow(busy);

  private Actuator actuator() {
    return new Actuator(
        cluster,
        event -> {
          answers.add(event);
          return CompletableFuture.completedFuture(null);
        },
        _ -> {},
        now::get);
  }

  private static Command.Apply apply(Instant notAfter) {
    return new Command.Apply(
        "covet", ID, new Plan.DeleteManifests(List.of(), Optional.empty()), notAfter);
  }

  /** The answer to the change, which comes after those to the questions before it. */
  private Outcome outcome() throws InterruptedException {
    Event event = answers.poll(10, TimeUnit.SECONDS);
    while (event instanceof Event.Observed) {
      event = answers.poll(10, TimeUnit.SECONDS);
    }
    return assertInstanceOf(Event.ActionFinished.class, event).outcome();
  }

  private static void questions(Actuator actuator) {
    Target target = new Target.OfWorkload(new Workload("deployment", "covet", "app"));
    for (int i = 0; i < MORE_THAN_AT_ONCE; i++) {
      actuator.accept(new Command.Observe("s" + i, ID, target));
    }
  }

  @Test
  void carriesOutWhatIsInTime() throws InterruptedException {
    try (Actuator actuator = actuator()) {
      actuator.accept(apply(START.plusSeconds(60)));
      assertInstanceOf(Outcome.Applied.class, outcome());
    }
    assertEquals(1, cluster.sent.get());
  }

  @Test
  void readsWhatTheTeamSaysBeforeItAsksWhetherAPlanWouldGoThrough() throws InterruptedException {
    busy.countDown();
    Workload workload = new Workload("deployment", "covet", "app");
    Plan plan = new Plan.DeleteManifests(List.of(), Optional.empty());
    try (Actuator actuator = actuator()) {
      actuator.accept(new Command.Preflight("covet", ID, plan, Optional.of(workload)));
      Event answer = answers.poll(10, TimeUnit.SECONDS);
      Event.Preflighted preflighted = assertInstanceOf(Event.Preflighted.class, answer);
      assertEquals(Optional.empty(), preflighted.annotated(), "it is not there");
    }
    assertEquals(List.of(new Target.OfWorkload(workload)), cluster.observed);
  }

  @Test
  void sendsNothingThatWaitedLongerThanItMay() throws InterruptedException {
    try (Actuator actuator = actuator()) {
      questions(actuator);
      actuator.accept(apply(START.plusSeconds(60)));
      now.set(START.plusSeconds(61));
      busy.countDown();
      assertInstanceOf(Outcome.Doubtful.class, outcome());
    }
    assertEquals(0, cluster.sent.get());
  }

  @Test
  void isNotFooledByAClockThatWasSetBack() throws InterruptedException {
    try (Actuator actuator = actuator()) {
      actuator.accept(apply(START.minus(Duration.ofMillis(1))));
      now.set(START.minusSeconds(600));
      assertInstanceOf(Outcome.Doubtful.class, outcome());
    }
    assertEquals(0, cluster.sent.get());
  }

  /** Answers no question until it is let. */
  private static final class Slow implements Cluster {
    private final CountDownLatch busy;
    final AtomicInteger sent = new AtomicInteger();
    final List<Target> observed = new CopyOnWriteArrayList<>();

    Slow(CountDownLatch busy) {
      this.busy = busy;
    }

    @Override
    public boolean allows(Access access) {
      return true;
    }

    @Override
    public Observation observe(Target target) {
      observed.add(target);
      try {
        busy.await(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return new Observation.Missing("it");
    }

    @Override
    public Set<Workload> find(WorkloadSelector selector, Place place) {
      throw new ClusterUnavailable("nothing is looked for here");
    }

    @Override
    public Preflight preflight(ActionId id, Plan plan) {
      return new Preflight.Ready(plan);
    }

    @Override
    public Outcome apply(ActionId id, Plan plan) {
      sent.incrementAndGet();
      return new Outcome.Applied("done");
    }

    @Override
    public Inspection inspect(ActionId id, Plan plan) {
      return new Inspection(Inspection.Finding.UNTOUCHED, "nothing");
    }

    @Override
    public Settlement settle(ActionId id, Plan plan) {
      return new Settlement.Settled("done");
    }
  }
}
