package dev.belay.console;

import dev.belay.core.engine.Fact;
import dev.belay.core.engine.State;
import dev.belay.port.Queries;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Questions to the daemon; their answers come back on the request's own thread. The journal is read
 * away from the event loop, for a bounded time, and once for all who ask the same before it begins.
 */
final class Asking {
  /** What is read around an incident: the releases and alerts that led to it, and its aftermath. */
  private static final Duration AROUND = Duration.ofHours(1);

  /** What is read beyond that at most, until no mitigation of the incident is in force any more. */
  private static final Duration MITIGATED = Duration.ofDays(7);

  private static final Duration HISTORY_DEFAULT = Duration.ofDays(1);

  /** Reading for one answer takes no longer. */
  static final Duration READING_AT_MOST = Duration.ofSeconds(10);

  /**
   * With the wait for a reader, and for one's own question's reading before, no longer than this.
   */
  static final Duration ANSWERING_AT_MOST = READING_AT_MOST.multipliedBy(2);

  /** So many incidents' stories are kept for those who ask again; of more, those asked for last. */
  private static final int KEPT_AT_MOST = 16;

  private static final String SHORTER = "Ask for a shorter time, by from and to.";

  /**
   * A stretch of the journal.
   *
   * @param from when it begins
   * @param to when it ends
   */
  record Window(Instant from, Instant to) {}

  private final Queries queries;
  private final InstantSource clock;
  private final Readers readers = new Readers();
  private final Shared<Story.Whole> stories = new Shared<>(readers::read);
  private final Shared<Optional<String>> documents = new Shared<>(readers::read);
  private final Shared<PastDecisions.Page> pages = new Shared<>(readers::read);

  /** Guarded by itself; the one asked for last at the end. */
  private final Map<String, KeptStory> kept = new LinkedHashMap<>(KEPT_AT_MOST, 0.75f, true);

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
                    found.closedAt().orElseGet(this::now).plus(AROUND)));
  }

  /** The stretch that is read where nobody says which. */
  Window lately() {
    return new Window(now().minus(HISTORY_DEFAULT), now());
  }

  /** Reads a story from the journal. */
  Future<Story.Whole> story(RoutingContext ctx, String subject, Window window) {
    return reading(
        ctx,
        stories,
        SHORTER,
        past -> {
          Story story = new Story(subject);
          past.read(window.from(), window.to(), story::read);
          return story.whole();
        });
  }

  /** Reads an incident's story, or what is new of it, from the stretch in which it lies. */
  Future<Story.Whole> incident(RoutingContext ctx, String incident, Window around) {
    return told(ctx, stories, incident, around, Story::whole);
  }

  /** Writes an incident's report, from the stretch in which it lies. */
  Future<Optional<String>> report(RoutingContext ctx, String incident, Window around) {
    Instant now = now();
    return told(ctx, documents, incident, around, story -> PostMortem.of(incident, story, now));
  }

  private <T> Future<T> told(
      RoutingContext ctx,
      Shared<T> shared,
      String incident,
      Window around,
      Function<Story, T> telling) {
    Instant latest = around.to().plus(MITIGATED);
    Instant atMost = latest.isBefore(now()) ? latest : now();
    return reading(
        ctx,
        shared,
        "Ask again: it goes on from where it stopped.",
        past -> kept(incident, around.from()).tell(past, around.to(), atMost, telling));
  }

  private KeptStory kept(String incident, Instant from) {
    synchronized (kept) {
      KeptStory story = kept.computeIfAbsent(incident, id -> new KeptStory(id, from));
      if (kept.size() > KEPT_AT_MOST) {
        kept.remove(kept.keySet().iterator().next());
      }
      return story;
    }
  }

  /** Writes a service's deployment log from the journal. */
  Future<Optional<String>> log(RoutingContext ctx, String service, Window window) {
    return reading(
        ctx,
        documents,
        SHORTER,
        past -> {
          DeploymentLog log = new DeploymentLog(service);
          past.read(window.from(), window.to(), log::read);
          return log.isEmpty()
              ? Optional.empty()
              : Optional.of(log.write(window.from(), window.to()));
        });
  }

  /** Reads decisions from the journal. */
  Future<PastDecisions.Page> past(
      RoutingContext ctx, Instant before, int limit, Predicate<Fact.Decided> asked) {
    return reading(
        ctx,
        pages,
        "Ask again in a moment, or with a smaller limit.",
        past -> PastDecisions.before(past, before, limit, asked));
  }

  /** Who asks for the same address before its reading begins is given the same. */
  private <T> Future<T> reading(
      RoutingContext ctx, Shared<T> shared, String remedy, Function<Past, T> read) {
    Instant atLast = now().plus(ANSWERING_AT_MOST);
    return Future.fromCompletionStage(
        shared.ask(ctx.request().uri(), () -> read.apply(inTime(end(atLast), remedy))),
        ctx.vertx().getOrCreateContext());
  }

  /** When a reading that begins now has to be over. */
  private Instant end(Instant atLast) {
    Instant end = now().plus(READING_AT_MOST);
    return end.isBefore(atLast) ? end : atLast;
  }

  private Past inTime(Instant end, String remedy) {
    return (from, to, each) -> {
      look(end, remedy);
      queries.history(
          from,
          to,
          entry -> {
            look(end, remedy);
            each.accept(entry);
          });
    };
  }

  private void look(Instant end, String remedy) {
    if (now().isAfter(end)) {
      throw new Refusal(
          503,
          "To read the journal for this takes more than "
              + READING_AT_MOST.toSeconds()
              + " s. "
              + remedy);
    }
  }
}
