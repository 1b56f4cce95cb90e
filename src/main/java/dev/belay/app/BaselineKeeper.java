package dev.belay.app;

import dev.belay.core.engine.RevisionRecord;
import dev.belay.core.engine.ServiceState;
import dev.belay.core.engine.State;
import dev.belay.core.release.Workload;
import dev.belay.core.rule.Service;
import dev.belay.port.Baselines;
import dev.belay.port.Queries;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which revisions are to be kept: of each service the newest that proved good. Looks at what
 * is known, again and again, so that nothing is lost by a restart.
 */
final class BaselineKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BaselineKeeper.class);

  private final Baselines baselines;
  private final Queries queries;

  /** What was said last, so that it is said only when it changes. */
  private final Map<Workload, List<String>> said = new HashMap<>();

  private final ScheduledExecutorService rounds =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofVirtual().name("belay-baselines").factory());

  private volatile Map<String, Workload> workloads = Map.of();

  /** Of no service yet; {@link #start} begins. */
  BaselineKeeper(Baselines baselines, Queries queries) {
    this.baselines = baselines;
    this.queries = queries;
  }

  /** Looks at these services from now on. */
  void follow(List<Service> services) {
    Map<String, Workload> all = new HashMap<>();
    for (Service service : services) {
      service.workload().ifPresent(workload -> all.put(service.name(), workload));
    }
    workloads = all;
  }

  /** Begins, with so long a pause between two rounds. */
  void start(Duration pause) {
    var _ = rounds.scheduleWithFixedDelay(this::round, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void round() {
    try {
      Map<Workload, List<String>> good = queries.ask(this::good).toCompletableFuture().join();
      said.keySet().retainAll(good.keySet());
      good.forEach(this::say);
    } catch (CompletionException e) {
      // The engine takes no questions now.
      LOG.atDebug().log("not looked at what is to be kept: {}", e.toString());
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("keeping revisions failed in an unforeseen way; it goes on");
    }
  }

  private Map<Workload, List<String>> good(State state) {
    Map<Workload, List<String>> good = new HashMap<>();
    for (ServiceState service : state.services()) {
      Optional.ofNullable(workloads.get(service.name()))
          .ifPresent(
              workload -> {
                List<String> digests = good(service);
                if (!digests.isEmpty()) {
                  good.put(workload, digests);
                }
              });
    }
    return good;
  }

  private static List<String> good(ServiceState service) {
    return service.revisions().reversed().stream()
        .filter(known -> known.judgement() == RevisionRecord.Judgement.GOOD)
        .map(known -> known.revision().digest())
        .limit(Baselines.AT_MOST)
        .toList();
  }

  private void say(Workload workload, List<String> digests) {
    if (digests.equals(said.get(workload))) {
      return;
    }
    baselines.want(workload, digests);
    said.put(workload, digests);
  }

  @Override
  public void close() {
    rounds.shutdownNow();
  }
}
