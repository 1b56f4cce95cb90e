package dev.belay.console;

import dev.belay.core.engine.Fact;
import dev.belay.core.engine.State;
import dev.belay.port.Queries;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Predicate;

/** Questions to the daemon; their answers come back on the request's own thread. */
final class Asking {
  /** What is read around an incident: the releases and alerts that led to it, and its aftermath. */
  private static final Duration AROUND = Duration.ofHours(1);

  private static final Duration HISTORY_DEFAULT = Duration.ofDays(1);
  private static final int READERS_AT_MOST = 4;

  /**
   * A stretch of the journal.
   *
   * @param from when it begins
   * @param to when it ends
   */
  record Window(Instant from, Instant to) {}

  private final Queries queries;
  private final InstantSource clock;
  private final Semaphore readers = new Semaphore(READERS_AT_MOST);

  Asking(Queries queries, InstantSource clock) {
    this.queries = queries;
    this.clock = clock;
  }

  Instant now() {
    return clock.instant();
  }

  <T> Future<T> state(RoutingContext ctx, Function<State, T> question) {
    return Future.fromCompletionStage(queries.ask(question), ctx.vertx().getOrCreateContext());
  }

  /** The stretch in which an incident lies; empty where no such incident is remembered. */
  Optional<Window> around(State state, String incident) {
    return state
        .incident(incident)
        .map(
            found ->
                new Window(
                    found.openedAt().minus(AROUND),
                    found.closedAt().map(closed -> closed.plus(AROUND)).orElse(now())));
  }

  /** The stretch that is read where nobody says which. */
  Window lately() {
    return new Window(now().minus(HISTORY_DEFAULT), now());
  }

  /** Reads a story from the journal, away from the event loop. */
  Future<Story> story(RoutingContext ctx, String subject, Window window) {
    return reading(
        ctx,
        () -> {
          Story story = new Story(subject);
          queries.history(window.from(), window.to(), story::read);
          return story;
        });
  }

  /** Writes an incident's report from the journal, away from the event loop. */
  Future<Optional<String>> report(RoutingContext ctx, String incident, Window window) {
    Instant now = now();
    return reading(
        ctx,
        () -> {
          Story story = new Story(incident);
          queries.history(window.from(), window.to(), story::read);
          return PostMortem.of(incident, story, now);
        });
  }

  /** Writes a service's deployment log from the journal, away from the event loop. */
  Future<Optional<String>> log(RoutingContext ctx, String service, Window window) {
    return reading(
        ctx,
        () -> {
          DeploymentLog log = new DeploymentLog(service);
          queries.history(window.from(), window.to(), log::read);
          return log.isEmpty()
              ? Optional.empty()
              : Optional.of(log.write(window.from(), window.to()));
        });
  }

  /** Reads decisions from the journal, away from the event loop. */
  Future<PastDecisions.Page> past(
      RoutingContext ctx, Instant before, int limit, Predicate<Fact.Decided> asked) {
    return reading(ctx, () -> PastDecisions.before(queries::history, before, limit, asked));
  }

  private <T> Future<T> reading(RoutingContext ctx, Callable<T> read) {
    if (!readers.tryAcquire()) {
      throw new Refusal(503, "Too many people read the journal at once; try again in a moment.");
    }
    return ctx.vertx()
        .executeBlocking(read, false)
        .map(found -> Objects.requireNonNull(found))
        .onComplete(_ -> readers.release());
  }
}
