package dev.belay.app;

import dev.belay.core.engine.Fact;
import dev.belay.core.engine.State;
import dev.belay.core.rule.Fleets;
import dev.belay.core.rule.Found;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import dev.belay.port.Journal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services that there are now, for those parts of the daemon that look at them: those that are
 * written, and those that fleets found. Told by the facts, as they become durable.
 */
final class Roster implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Roster.class);

  private final Fleets fleets;
  private final Map<String, Service> written = new HashMap<>();
  private final SortedMap<String, Found> found = new TreeMap<>();
  private final List<Consumer<List<Service>>> followers = new CopyOnWriteArrayList<>();
  private final AtomicBoolean due = new AtomicBoolean();
  private final ExecutorService telling =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("belay-roster").factory());

  Roster(RuleSet rules) {
    fleets = new Fleets(rules);
    rules.services().forEach(service -> written.put(service.name(), service));
  }

  /** The services that are known from before; on the engine's thread. */
  synchronized void begin(State state) {
    found.putAll(state.found());
    if (!found.isEmpty()) {
      tell();
    }
  }

  /** What became durable; on the engine's thread. */
  synchronized void accept(List<Journal.Entry> entries) {
    boolean moved = false;
    for (Journal.Entry entry : entries) {
      for (Fact fact : entry.facts()) {
        if (fact instanceof Fact.ServiceFound(var service, var is, _)) {
          moved |= !is.equals(found.put(service, is));
        } else if (fact instanceof Fact.ServiceLost(var service, _)) {
          moved |= found.remove(service) != null;
        }
      }
    }
    if (moved) {
      tell();
    }
  }

  /** All services that there are now. */
  synchronized List<Service> services() {
    return fleets.services(List.copyOf(found.values()));
  }

  /** The service of that name, where there is one now. */
  synchronized Optional<Service> service(String name) {
    return Optional.ofNullable(written.get(name))
        .or(() -> Optional.ofNullable(found.get(name)).flatMap(fleets::serviceOf));
  }

  /** Has the follower told whenever the services are others than before; one at a time. */
  void follow(Consumer<List<Service>> follower) {
    followers.add(follower);
    tell();
  }

  /** Many changes at once are told as one. */
  private void tell() {
    if (!due.compareAndSet(false, true)) {
      return;
    }
    try {
      telling.execute(this::told);
    } catch (RejectedExecutionException e) {
      LOG.atDebug().log("nobody is told of services any more: the daemon is stopping");
    }
  }

  private void told() {
    due.set(false);
    List<Service> now = services();
    for (Consumer<List<Service>> follower : followers) {
      try {
        follower.accept(now);
      } catch (RuntimeException e) {
        LOG.atError().setCause(e).log("a part of Belay failed on the services that there are now");
      }
    }
  }

  @Override
  public void close() {
    telling.shutdownNow();
  }
}
