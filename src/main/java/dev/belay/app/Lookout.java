package dev.belay.app;

import dev.belay.core.engine.Event;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Target;
import dev.belay.core.rule.Service;
import dev.belay.port.Cluster;
import dev.belay.port.ClusterUnavailable;
import dev.belay.port.Inbox;
import dev.belay.port.SignalSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what the rules speak of every so often, whether or not anything is announced: which
 * revision each workload runs, and what each service's signals read. Signals that take their time,
 * or fail, hold up neither the workloads nor another service's signals.
 */
public final class Lookout implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lookout.class);

  /** So many services' signals are read at once. */
  private static final int READINGS_AT_ONCE = 16;

  private final List<Service> services;
  private final Cluster cluster;
  private final Optional<SignalSource> signals;
  private final Inbox inbox;
  private final ScheduledExecutorService lookers =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofVirtual().name("belay-lookout").factory());
  private final ScheduledExecutorService readers;
  private boolean silent;
  private volatile Optional<String> silence = Optional.of("it was not asked yet");

  /** Looks for these services; {@link #start} begins. */
  public Lookout(
      List<Service> services, Cluster cluster, Optional<SignalSource> signals, Inbox inbox) {
    this.services = services;
    this.cluster = cluster;
    this.signals = signals;
    this.inbox = inbox;
    readers =
        Executors.newScheduledThreadPool(
            READINGS_AT_ONCE, Thread.ofVirtual().name("belay-reader-", 0).factory());
    if (services.stream().allMatch(service -> service.workload().isEmpty())) {
      silence = Optional.empty();
    }
  }

  /** Begins, and looks again after each pause. */
  public void start(Duration workloads, Duration readings) {
    every(lookers, workloads, this::lookAtWorkloads);
    signals.ifPresent(
        source ->
            services.stream()
                .filter(service -> !service.triggers().isEmpty())
                .forEach(service -> every(readers, readings, () -> read(source, service))));
  }

  /**
   * What was amiss with the cluster the last time that it was asked: empty where it answered, and
   * where no rule names a workload that could be asked for.
   */
  public Optional<String> clusterTrouble() {
    return silence;
  }

  private static void every(ScheduledExecutorService threads, Duration pause, Runnable look) {
    var _ =
        threads.scheduleWithFixedDelay(
            () -> whateverHappens(look), 0, pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What fails for one service must not end the looks, nor keep the others from theirs. */
  private static void whateverHappens(Runnable look) {
    try {
      look.run();
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("looking failed in an unforeseen way; it goes on");
    }
  }

  private void lookAtWorkloads() {
    for (Service service : services) {
      service
          .workload()
          .ifPresent(workload -> whateverHappens(() -> look(service.name(), workload)));
    }
  }

  private void look(String service, Workload workload) {
    try {
      Observation seen = cluster.observe(new Target.OfWorkload(workload));
      silence = Optional.empty();
      silent = false;
      if (seen instanceof Observation.OfWorkload found) {
        inbox.offer(new Event.WorkloadSeen(service, found));
      }
    } catch (ClusterUnavailable e) {
      String trouble = trouble(e);
      if (!silent) {
        LOG.atWarn().addKeyValue("service", service).log("the cluster is silent: {}", trouble);
      }
      silence = Optional.of(trouble);
      silent = true;
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

  private void read(SignalSource source, Service service) {
    inbox.offer(new Event.SignalsRead(service.name(), source.read(service)));
  }

  @Override
  public void close() {
    lookers.shutdownNow();
    readers.shutdownNow();
  }
}
