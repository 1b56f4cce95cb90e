package dev.belay.app;

import dev.belay.core.engine.Event;
import dev.belay.core.engine.State;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Target;
import dev.belay.core.rule.Service;
import dev.belay.port.Cluster;
import dev.belay.port.ClusterUnavailable;
import dev.belay.port.Inbox;
import dev.belay.port.Queries;
import dev.belay.port.WorkloadWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the services' workloads: at each as soon as the cluster says that it may have changed;
 * every few seconds at those of which something is waited; and at the rest now and then, lest a
 * change went unnoticed. Where the cluster says nothing, every few seconds at all.
 */
public final class WorkloadLookout implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkloadLookout.class);

  /** So many looks are under way at once. */
  private static final int AT_ONCE = 8;

  /** A workload is not looked at more often, however often it changes. */
  private static final Duration BREATH = Duration.ofSeconds(1);

  /** After so many rounds everything was looked at, watched or not. */
  private static final int ROUNDS = 20;

  private final Map<Workload, List<String>> services = new HashMap<>();
  private final Cluster cluster;
  private final Inbox inbox;
  private final Queries queries;
  private final Set<Workload> planned = ConcurrentHashMap.newKeySet();
  private final Map<Workload, Long> looked = new ConcurrentHashMap<>();
  private final ScheduledExecutorService rounds =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofVirtual().name("belay-lookout-rounds").factory());
  private final ScheduledExecutorService lookers =
      Executors.newScheduledThreadPool(
          AT_ONCE, Thread.ofVirtual().name("belay-lookout-", 0).factory());
  private volatile Optional<WorkloadWatch> watch = Optional.empty();
  private volatile Optional<String> silence = Optional.of("it was not asked yet");
  private volatile boolean warned;
  private int round;

  /** Looks for these services; {@link #start} begins. */
  public WorkloadLookout(List<Service> services, Cluster cluster, Inbox inbox, Queries queries) {
    for (Service service : services) {
      service
          .workload()
          .ifPresent(
              workload ->
                  this.services
                      .computeIfAbsent(workload, _ -> new ArrayList<>())
                      .add(service.name()));
    }
    this.cluster = cluster;
    this.inbox = inbox;
    this.queries = queries;
    if (this.services.isEmpty()) {
      silence = Optional.empty();
    }
  }

  /** Begins, with so long a pause between two rounds. */
  public void start(Duration pause) {
    if (services.isEmpty()) {
      return;
    }
    watch = cluster.watch(Set.copyOf(services.keySet()), this::changed);
    var _ =
        rounds.scheduleWithFixedDelay(
            () -> whateverHappens(this::round), 0, pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * What was amiss with the cluster the last time that it was asked: empty where it answered, and
   * where no rule names a workload that could be asked for.
   */
  public Optional<String> trouble() {
    return silence.or(() -> watch.flatMap(WorkloadWatch::trouble));
  }

  private void round() {
    boolean watched = watch.isPresent() && watch.get().trouble().isEmpty();
    Set<String> restful = watched ? restful() : Set.of();
    int turn = round++ % ROUNDS;
    services.forEach(
        (workload, names) -> {
          boolean hasTurn = Math.floorMod(workload.hashCode(), ROUNDS) == turn;
          if (hasTurn || !restful.containsAll(names)) {
            plan(workload);
          }
        });
  }

  /** Those that need no look; none where the engine cannot say so now. */
  private Set<String> restful() {
    try {
      return queries.ask(State::restful).toCompletableFuture().join();
    } catch (CompletionException e) {
      return Set.of();
    }
  }

  private void changed(Workload workload) {
    if (services.containsKey(workload)) {
      plan(workload);
    }
  }

  private void plan(Workload workload) {
    if (!planned.add(workload)) {
      return;
    }
    long since = System.nanoTime() - looked.getOrDefault(workload, Long.MIN_VALUE / 2);
    long wait = Math.max(0, BREATH.toNanos() - since);
    try {
      var _ =
          lookers.schedule(() -> whateverHappens(() -> look(workload)), wait, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // It is being closed.
      planned.remove(workload);
    }
  }

  /** What fails for one workload must not end the looks, nor keep the others from theirs. */
  private static void whateverHappens(Runnable look) {
    try {
      look.run();
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("looking failed in an unforeseen way; it goes on");
    }
  }

  private void look(Workload workload) {
    // What changes from here on calls for another look.
    planned.remove(workload);
    looked.put(workload, System.nanoTime());
    try {
      Observation seen = cluster.observe(new Target.OfWorkload(workload));
      silence = Optional.empty();
      warned = false;
      if (seen instanceof Observation.OfWorkload found) {
        services
            .getOrDefault(workload, List.of())
            .forEach(service -> inbox.offer(new Event.WorkloadSeen(service, found)));
      }
    } catch (ClusterUnavailable e) {
      String trouble = trouble(e);
      if (!warned) {
        LOG.atWarn()
            .addKeyValue("workload", workload.toString())
            .log("the cluster is silent: {}", trouble);
      }
      silence = Optional.of(trouble);
      warned = true;
    }
  }

  private String trouble(ClusterUnavailable e) {
    return "no answer from "
        + cluster.where()
        + ": "
        + e.getMessage()
        + "; check with kubectl that this address answers from here, or name another under cluster"
        + " in the configuration";
  }

  @Override
  public void close() {
    rounds.shutdownNow();
    watch.ifPresent(WorkloadWatch::close);
    lookers.shutdownNow();
  }
}
