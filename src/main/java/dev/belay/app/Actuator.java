package dev.belay.app;

import dev.belay.core.engine.Command;
import dev.belay.core.engine.Event;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.port.Cluster;
import dev.belay.port.ClusterUnavailable;
import dev.belay.port.Inbox;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the engine's commands on virtual threads and brings back the answers. An answer that
 * finds the mailbox full is dropped: the engine asks again, and looks before it repeats anything.
 */
public final class Actuator implements Consumer<Command>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Actuator.class);

  /** So many calls to the cluster at once; a storm of questions must not become one of requests. */
  private static final int CALLS_AT_ONCE = 16;

  private final Cluster cluster;
  private final Inbox inbox;
  private final Consumer<Command.Notify> crier;
  private final InstantSource clock;
  private final Semaphore calls = new Semaphore(CALLS_AT_ONCE);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * Acts on the cluster, answers to the inbox, and hands what people are to be told to the crier.
   */
  public Actuator(
      Cluster cluster, Inbox inbox, Consumer<Command.Notify> crier, InstantSource clock) {
    this.clock = clock;
    this.cluster = cluster;
    this.inbox = inbox;
    this.crier = crier;
  }

  @Override
  public void accept(Command command) {
    switch (command) {
      case Command.Observe(var service, var action, var target) ->
          call(
              () -> new Event.Observed(service, action, cluster.observe(target)),
              e -> new Event.ClusterSilent(service, action, e));
      case Command.Preflight(var service, var action, var plan, var annotated) ->
          call(
              () -> preflighted(service, action, plan, annotated),
              e -> new Event.ClusterSilent(service, action, e));
      case Command.Apply apply -> {
        Duration left = Duration.between(clock.instant(), apply.notAfter());
        long deadline = System.nanoTime() + left.toNanos();
        call(
            () -> new Event.ActionFinished(apply.service(), apply.action(), apply(apply, deadline)),
            e -> new Event.ClusterSilent(apply.service(), apply.action(), e));
      }
      case Command.Inspect(var service, var action, var plan) ->
          call(
              () -> new Event.Inspected(service, action, cluster.inspect(action, plan)),
              e -> new Event.ClusterSilent(service, action, e));
      case Command.Settle(var service, var action, var plan) ->
          call(
              () -> new Event.SettlementSeen(service, action, cluster.settle(action, plan)),
              e -> new Event.ClusterSilent(service, action, e));
      case Command.Notify notify -> crier.accept(notify);
    }
  }

  private Event preflighted(
      String service, ActionId action, Plan plan, Optional<Workload> annotated) {
    Optional<Observation.OfWorkload> now = annotated.flatMap(cluster::workload);
    return new Event.Preflighted(service, action, cluster.preflight(action, plan), now);
  }

  /**
   * Carries it out, unless it has waited for too long: by the clock of the deadline, which may be
   * set, and by one that only runs on.
   */
  private Outcome apply(Command.Apply apply, long deadline) {
    boolean late = System.nanoTime() - deadline > 0 || clock.instant().isAfter(apply.notAfter());
    return late
        ? new Outcome.Doubtful("it was not sent: the cluster was busy until its time was up")
        : cluster.apply(apply.action(), apply.plan());
  }

  private void call(Supplier<Event> question, java.util.function.Function<String, Event> silence) {
    try {
      threads.execute(() -> answer(question, silence));
    } catch (RejectedExecutionException e) {
      LOG.atDebug().log("not carried out: the daemon is stopping");
    }
  }

  private void answer(
      Supplier<Event> question, java.util.function.Function<String, Event> silence) {
    Event event;
    calls.acquireUninterruptibly();
    try {
      event = question.get();
    } catch (ClusterUnavailable e) {
      event = silence.apply(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      // A bug in an adapter must not look like an answer: the engine treats it as silence and asks
      // again.
      LOG.atError().setCause(e).log("a call to the cluster failed in an unforeseen way");
      event = silence.apply(e.getClass().getSimpleName());
    } finally {
      calls.release();
    }
    inbox
        .offer(event)
        .whenComplete(
            (_, refused) -> {
              if (refused != null) {
                LOG.atWarn().log("an answer of the cluster was dropped: {}", refused.getMessage());
              }
            });
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
