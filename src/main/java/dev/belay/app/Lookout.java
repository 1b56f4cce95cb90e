package dev.belay.app;

import dev.belay.core.engine.Event;
import dev.belay.core.rule.Service;
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
 * Reads the services' signals every so often. Signals that take their time, or fail, hold up no
 * other service's.
 */
public final class Lookout implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lookout.class);

  /** So many services' signals are read at once. */
  private static final int READINGS_AT_ONCE = 16;

  private final List<Service> services;
  private final Optional<SignalSource> signals;
  private final Inbox inbox;
  private final ScheduledExecutorService readers;

  /** Looks for these services; {@link #start} begins. */
  public Lookout(List<Service> services, Optional<SignalSource> signals, Inbox inbox) {
    this.services = services;
    this.signals = signals;
    this.inbox = inbox;
    readers =
        Executors.newScheduledThreadPool(
            READINGS_AT_ONCE, Thread.ofVirtual().name("belay-reader-", 0).factory());
  }

  /** Begins, and reads again after each pause. */
  public void start(Duration pause) {
    signals.ifPresent(
        source ->
            services.stream()
                .filter(service -> !service.triggers().isEmpty())
                .forEach(service -> every(pause, () -> read(source, service))));
  }

  private void every(Duration pause, Runnable look) {
    var _ =
        readers.scheduleWithFixedDelay(
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

  private void read(SignalSource source, Service service) {
    inbox.offer(new Event.SignalsRead(service.name(), source.read(service)));
  }

  @Override
  public void close() {
    readers.shutdownNow();
  }
}
