package dev.belay.console;

import dev.belay.core.engine.Event;
import dev.belay.core.engine.Reading;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Trigger;
import dev.belay.port.Inbox;
import dev.belay.port.Queries;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The last readings of each trigger's signal, for charts. They are kept in memory only: the journal
 * holds what was concluded from them, and a restart forgets them.
 */
public final class Readings {
  /** So many of each trigger: an hour, where it is read every 15 s. */
  private static final int POINTS = 240;

  /** So many triggers are followed, the first that are read; of others there is no chart. */
  private static final int SERIES_AT_MOST = 4_000;

  private record Key(String service, String trigger) {}

  /**
   * A trigger with its readings.
   *
   * @param name as people wrote it
   * @param signal what is measured
   * @param above whether a value above the threshold is bad
   * @param threshold in the signal's unit
   * @param at when each was read, in milliseconds since 1970
   * @param values what was read; null where it was unknown
   */
  private record Chart(
      String name,
      String signal,
      boolean above,
      double threshold,
      List<Long> at,
      List<@Nullable Double> values) {}

  private record Charts(String service, List<Chart> triggers) {}

  private final Queries queries;
  private final InstantSource clock;
  private final Known known;
  private final Map<Key, Series> series = new ConcurrentHashMap<>();

  /** Readings of which there are none yet. */
  public Readings(Queries queries, RuleSet rules, InstantSource clock) {
    this.queries = queries;
    this.known = Known.of(rules);
    this.clock = clock;
  }

  /** The inbox, beside which what is read is noted. */
  public Inbox before(Inbox inbox) {
    return event -> {
      if (event instanceof Event.SignalsRead(var service, var readings)) {
        note(service, readings);
      }
      return inbox.offer(event);
    };
  }

  private void note(String service, List<Reading> readings) {
    Instant now = clock.instant();
    for (Reading reading : readings) {
      Key key = new Key(service, reading.trigger());
      Series known = series.get(key);
      if (known == null && series.size() < SERIES_AT_MOST) {
        known = series.computeIfAbsent(key, _ -> new Series());
      }
      if (known != null) {
        known.add(now, reading.value());
      }
    }
  }

  /** Mounts the route. */
  public void mount(Router router) {
    Mounting api = new Mounting(router);
    api.get("/api/v1/services/:name/readings", this::charts);
    api.refuseOtherMethods();
  }

  private Future<Answer> charts(RoutingContext ctx) {
    String name = Params.path(ctx, "name");
    return Future.fromCompletionStage(
            queries.ask(state -> known.service(name, state)), ctx.vertx().getOrCreateContext())
        .map(
            service ->
                Answer.ok(
                    new Charts(
                        name,
                        service.stream()
                            .flatMap(it -> it.triggers().stream())
                            .flatMap(trigger -> chart(name, trigger))
                            .toList())));
  }

  private Stream<Chart> chart(String service, Trigger trigger) {
    Series known = series.get(new Key(service, trigger.name()));
    return known == null ? Stream.empty() : Stream.of(known.chart(trigger));
  }

  /** The last readings of one trigger. */
  private static final class Series {
    private final long[] at = new long[POINTS];
    private final double[] values = new double[POINTS];
    private long count;

    synchronized void add(Instant when, Optional<Double> value) {
      int place = (int) (count++ % POINTS);
      at[place] = when.toEpochMilli();
      values[place] = value.orElse(Double.NaN);
    }

    synchronized Chart chart(Trigger trigger) {
      List<Long> times = new ArrayList<>();
      List<@Nullable Double> read = new ArrayList<>();
      for (long i = Math.max(0, count - POINTS); i < count; i++) {
        double value = values[(int) (i % POINTS)];
        times.add(at[(int) (i % POINTS)]);
        read.add(Double.isFinite(value) ? value : null);
      }
      return new Chart(
          trigger.name(),
          trigger.signal().key(),
          trigger.above(),
          trigger.threshold(),
          times,
          read);
    }
  }
}
