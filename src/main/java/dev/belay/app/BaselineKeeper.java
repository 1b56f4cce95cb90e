package dev.belay.app;

import dev.belay.core.engine.RevisionRecord;
import dev.belay.core.engine.ServiceState;
import dev.belay.core.engine.State;
import dev.belay.core.release.Workload;
import dev.belay.core.rule.Service;
import dev.belay.port.ClusterUnavailable;
import dev.belay.port.Queries;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the cluster's adapter keep every revision that proved good, before the cluster forgets it.
 * Looks at what is known, again and again, so that nothing is lost by a restart or a silence.
 */
final class BaselineKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BaselineKeeper.class);

  private record Wanted(Workload workload, String digest) {}

  private final Map<String, Workload> workloads = new HashMap<>();
  private final BiPredicate<Workload, String> keep;
  private final Queries queries;

  /** What is kept, and what the cluster forgot before it could be. */
  private final Set<Wanted> settled = new HashSet<>();

  private final ScheduledExecutorService rounds =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofVirtual().name("belay-baselines").factory());

  /**
   * Keeps these services' revisions; {@link #start} begins.
   *
   * @param keep as {@link dev.belay.port.Cluster#keep}
   */
  BaselineKeeper(List<Service> services, BiPredicate<Workload, String> keep, Queries queries) {
    for (Service service : services) {
      service.workload().ifPresent(workload -> workloads.put(service.name(), workload));
    }
    this.keep = keep;
    this.queries = queries;
  }

  /** Begins, with so long a pause between two rounds. */
  void start(Duration pause) {
    if (!workloads.isEmpty()) {
      var _ =
          rounds.scheduleWithFixedDelay(
              () -> whateverHappens(this::round), 0, pause.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void round() {
    Set<Wanted> wanted = wanted();
    settled.retainAll(wanted);
    wanted.removeAll(settled);
    wanted.forEach(each -> whateverHappens(() -> keep(each)));
  }

  private Set<Wanted> wanted() {
    try {
      return queries.ask(this::good).toCompletableFuture().join();
    } catch (CompletionException e) {
      // The engine takes no questions now.
      return new HashSet<>();
    }
  }

  private Set<Wanted> good(State state) {
    return state.services().stream()
        .flatMap(
            service ->
                Optional.ofNullable(workloads.get(service.name())).stream()
                    .flatMap(workload -> good(service).map(digest -> new Wanted(workload, digest))))
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static Stream<String> good(ServiceState service) {
    return service.revisions().stream()
        .filter(known -> known.judgement() == RevisionRecord.Judgement.GOOD)
        .map(known -> known.revision().digest());
  }

  private void keep(Wanted wanted) {
    try {
      if (!keep.test(wanted.workload(), wanted.digest())) {
        LOG.atInfo()
            .addKeyValue("workload", wanted.workload().toString())
            .log("a revision that ran well is gone before it could be kept");
      }
      settled.add(wanted);
    } catch (ClusterUnavailable e) {
      // That is said where workloads are looked at; the next round tries again.
    } catch (UncheckedIOException e) {
      LOG.atWarn()
          .addKeyValue("workload", wanted.workload().toString())
          .log("{}; it is tried again", e.toString());
    }
  }

  /** What fails for one revision must not end the rounds, nor keep the others from theirs. */
  private static void whateverHappens(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("keeping revisions failed in an unforeseen way; it goes on");
    }
  }

  @Override
  public void close() {
    rounds.shutdownNow();
  }
}
