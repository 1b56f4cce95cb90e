package dev.belay.console;

import dev.belay.core.engine.Event;
import dev.belay.core.engine.Fact;
import dev.belay.core.engine.Reading;
import dev.belay.core.engine.State;
import dev.belay.core.incident.Course;
import dev.belay.core.rule.Service;
import dev.belay.core.rule.Trigger;
import dev.belay.port.Inbox;
import dev.belay.port.Journal;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The readings of each trigger's signal, for charts. The last are kept in memory, and a restart
 * forgets them. Those around an incident are handed to the engine to be written down: when an
 * action begins, when the incident is over, and when the daemon stops, each time what was not
 * written down before.
 */
public final class Readings implements Consumer<List<Journal.Entry>> {
  /** So many triggers are followed, the first that are read; of others there is no chart. */
  private static final int SERIES_AT_MOST = 4_000;

  private record Key(String service, String trigger) {}

  private record Charts(String service, List<ChartView> triggers) {}

  private final Function<String, Optional<Service>> services;
  private final InstantSource clock;
  private final Map<Key, Series> series = new ConcurrentHashMap<>();

  /** The open incident of each service, where one is open. */
  private final Map<String, String> open = new ConcurrentHashMap<>();

  private final DueCharts due;

  /**
   * Readings of which there are none yet.
   *
   * @param services the service of that name, be it written or found
   */
  public Readings(Function<String, Optional<Service>> services, InstantSource clock) {
    this.services = services;
    this.clock = clock;
    this.due = new DueCharts(clock, this::take);
  }

  /** Takes note of the incidents that are open at the start. */
  public void begin(State state) {
    state
        .services()
        .forEach(
            service ->
                service.incident().ifPresent(incident -> open.put(service.name(), incident.id())));
  }

  /** Takes note of what became durable. */
  @Override
  public void accept(List<Journal.Entry> entries) {
    Set<String> lost = new HashSet<>();
    for (Journal.Entry entry : entries) {
      for (Fact fact : entry.facts()) {
        if (fact instanceof Fact.IncidentOpened(var service, var incident, _, _)) {
          open.put(service, incident);
        } else if (fact instanceof Fact.ActionIntended(var service, var incident, _, _, _)) {
          due.add(service, incident);
        } else if (fact instanceof Fact.IncidentClosed(var service, var incident, _, _)) {
          open.remove(service);
          due.add(service, incident);
        } else if (fact instanceof Fact.ServiceLost(var service, _)) {
          lost.add(service);
        }
      }
    }
    if (!lost.isEmpty()) {
      series.keySet().removeIf(key -> lost.contains(key.service()));
    }
  }

  /** The inbox, beside which what is read is noted. */
  public Inbox before(Inbox inbox) {
    return event -> {
      if (event instanceof Event.SignalsRead(var service, var readings)) {
        note(service, readings);
        due.hand(inbox);
      }
      return inbox.offer(event);
    };
  }

  /**
   * Has the inbox take what is not written down of the incidents that are open; the last call.
   *
   * @param within what is not taken after so long is given up
   */
  public void end(Inbox inbox, Duration within) {
    open.forEach(due::add);
    due.end(inbox, within);
  }

  private void note(String service, List<Reading> readings) {
    Instant now = clock.instant();
    boolean troubled = open.containsKey(service);
    for (Reading reading : readings) {
      Key key = new Key(service, reading.trigger());
      Series known = series.get(key);
      if (known == null
          && series.size() < SERIES_AT_MOST
          // A reading may come late, after its service was lost.
          && services.apply(service).isPresent()) {
        known = series.computeIfAbsent(key, _ -> new Series());
      }
      if (known != null) {
        known.add(now, reading.value(), troubled);
      }
    }
  }

  private List<Course> take(String service) {
    return known(service, Series::take).flatMap(Optional::stream).toList();
  }

  /** Mounts the route. */
  public void mount(Router router) {
    Mounting api = new Mounting(router);
    api.get("/api/v1/services/:name/readings", this::charts);
    api.refuseOtherMethods();
  }

  private Future<Answer> charts(RoutingContext ctx) {
    String name = Params.path(ctx, "name");
    return Future.succeededFuture(
        Answer.ok(new Charts(name, known(name, Series::last).map(ChartView::of).toList())));
  }

  /** What is known of each of the service's triggers. */
  private <T> Stream<T> known(String service, BiFunction<Series, Trigger, T> what) {
    return services.apply(service).stream()
        .flatMap(it -> it.triggers().stream())
        .flatMap(
            trigger ->
                Optional.ofNullable(series.get(new Key(service, trigger.name())))
                    .map(known -> what.apply(known, trigger))
                    .stream());
  }
}
