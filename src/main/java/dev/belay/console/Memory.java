package dev.belay.console;

import dev.belay.core.engine.State;
import dev.belay.port.Journal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What people did, and how the rules fared, over the last month: what happened before the start is
 * read from the journal when it is first asked for, and what happens since is noted as it does.
 */
public final class Memory implements Consumer<List<Journal.Entry>> {
  private static final Duration BACK = Duration.ofDays(30);
  private static final Duration STRETCH = Duration.ofHours(6);

  private final Past past;
  private final Instant started;
  private final Ledger since = new Ledger();
  private Optional<Future<Ledger>> before = Optional.empty();

  /**
   * A memory.
   *
   * @param past what is in the journal
   * @param started before anything was noted here
   */
  public Memory(Past past, Instant started) {
    this.past = past;
    this.started = started;
  }

  private record Deeds(Instant since, List<Ledger.Deed> deeds) {}

  private record Records(Instant since, List<RecordView> records) {}

  private record RecordView(
      String service,
      String remediation,
      int began,
      int acted,
      int right,
      int wrong,
      int vetoed,
      int refused,
      Instant lastAt) {}

  /** Takes note of what was under way at the start. */
  public void begin(State state) {
    synchronized (since) {
      since.begin(state);
    }
  }

  @Override
  public void accept(List<Journal.Entry> entries) {
    synchronized (since) {
      entries.forEach(since::read);
    }
  }

  /** Mounts the routes. */
  public void mount(Router router) {
    Mounting api = new Mounting(router);
    api.get("/api/v1/audit", this::deeds);
    api.get("/api/v1/records", this::records);
    api.refuseOtherMethods();
  }

  private Future<Answer> deeds(RoutingContext ctx) {
    int limit = Params.limit(ctx);
    return earlier(ctx)
        .map(
            earlier -> {
              List<Ledger.Deed> now;
              synchronized (since) {
                now = since.deeds();
              }
              List<Ledger.Deed> all =
                  new ArrayList<>(Stream.concat(earlier.deeds().stream(), now.stream()).toList());
              return Answer.ok(
                  new Deeds(started.minus(BACK), all.reversed().stream().limit(limit).toList()));
            });
  }

  private Future<Answer> records(RoutingContext ctx) {
    return earlier(ctx)
        .map(
            earlier -> {
              var now = earlier.records();
              synchronized (since) {
                now = Ledger.together(now, since.records());
              }
              return Answer.ok(
                  new Records(
                      started.minus(BACK),
                      now.entrySet().stream()
                          .map(each -> view(each.getKey(), each.getValue()))
                          .sorted(
                              Comparator.comparing(RecordView::service)
                                  .thenComparing(RecordView::remediation))
                          .toList()));
            });
  }

  private static RecordView view(Ledger.Key key, Ledger.Fare record) {
    return new RecordView(
        key.service(),
        key.remediation(),
        record.began(),
        record.acted(),
        record.right(),
        record.wrong(),
        record.vetoed(),
        record.refused(),
        record.lastAt());
  }

  /** What was before the start; read once, and again only where that failed. */
  private Future<Ledger> earlier(RoutingContext ctx) {
    Future<Ledger> reading;
    synchronized (this) {
      reading =
          before.filter(future -> !future.failed()).orElseGet(() -> new Reading(ctx.vertx()).all());
      before = Optional.of(reading);
    }
    // On the asking request's own thread, whoever asked first.
    return Future.<Ledger>future(promise -> reading.onComplete(promise))
        .map(Objects::requireNonNull)
        .timeout(Asking.READING_AT_MOST.toMillis(), TimeUnit.MILLISECONDS)
        .recover(
            e ->
                Future.failedFuture(
                    e instanceof TimeoutException
                        ? new Refusal(
                            503,
                            "What happened in the last month is still being read from the journal;"
                                + " ask again in a moment.")
                        : e));
  }

  /** Stretch by stretch, so that no worker is kept from others for long. */
  private final class Reading {
    private final Vertx vertx;
    private final Ledger ledger = new Ledger();

    Reading(Vertx vertx) {
      this.vertx = vertx;
    }

    Future<Ledger> all() {
      return from(started.minus(BACK));
    }

    private Future<Ledger> from(Instant from) {
      if (!from.isBefore(started)) {
        return Future.succeededFuture(ledger);
      }
      Instant next = from.plus(STRETCH);
      Instant to = next.isBefore(started) ? next : started;
      return vertx
          .executeBlocking(
              () -> {
                past.read(from, to, ledger::read);
                return ledger;
              },
              false)
          .compose(_ -> from(to));
    }
  }
}
