package dev.belay.console;

import dev.belay.core.engine.Fact;
import dev.belay.core.engine.Sentences;
import dev.belay.port.Journal;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What became durable, told to browsers as it happens: {@code /api/v1/stream}, as server-sent
 * events. Each event's id is its position in the journal, so that who was away for a moment goes on
 * from there; who was away for longer is told to ask everything anew ({@code reset}). The engine
 * never waits for a reader: a reader that is slow is let go and comes back.
 */
public final class NewsStream implements AutoCloseable {
  /** So many readers; beyond them the answer is 503. */
  static final int READERS_AT_MOST = 100;

  /** So much is kept for who comes back, in characters. */
  static final int KEPT_AT_MOST = 128 * 1024;

  /** So much may wait for one reader, in bytes; more than is kept, lest catching up looks slow. */
  private static final int WAITING_BYTES = 512 * 1024;

  private static final int WAITING_EVENTS = 1_000;
  private static final int ROUNDS_WAITING = 256;
  private static final int FACTS_IN_AN_EVENT = 20;
  private static final int SENTENCE_AT_MOST = 300;
  private static final long HEARTBEAT_MILLIS = 15_000;

  /** For so long after the last reader left, what happens is still kept for it. */
  private static final long ABSENCE_NANOS = Duration.ofMinutes(2).toNanos();

  private record Batch(long last, List<Journal.Entry> entries) {}

  private record Frame(long position, String text) {}

  private record News(long position, Instant at, List<Item> facts, int more) {}

  private record Item(String kind, List<String> services, String sentence) {}

  private final BlockingQueue<Batch> rounds = new ArrayBlockingQueue<>(ROUNDS_WAITING);
  private final Deque<Frame> kept = new ArrayDeque<>();
  private final Set<Reader> readers = ConcurrentHashMap.newKeySet();
  private final AtomicInteger count = new AtomicInteger();
  private final Thread teller = new Thread(this::tell, "belay-stream");

  /** How far the journal is; up to where nothing is kept; and how much is. Guarded by kept. */
  private long position;

  private long forgotten;
  private int keptSize;

  private volatile long leftNanos = System.nanoTime() - ABSENCE_NANOS;
  private volatile boolean missed;
  private volatile boolean closed;

  /** A stream that nobody reads yet. */
  public NewsStream() {
    teller.setDaemon(true);
    teller.start();
  }

  /** Takes note of durable entries, on the engine's thread: never waits. */
  public void accept(long last, List<Journal.Entry> entries) {
    if (!rounds.offer(new Batch(last, entries))) {
      missed = true;
    }
  }

  /** Mounts the route. */
  public void mount(Router router) {
    router
        .route("/api/v1/stream")
        .method(HttpMethod.GET)
        .method(HttpMethod.HEAD)
        .handler(this::read);
    router
        .route("/api/v1/stream")
        .handler(
            ctx -> {
              ctx.response().putHeader("Allow", "GET, HEAD");
              Reply.error(ctx, 405, "This path takes GET, HEAD.");
            });
  }

  private void read(RoutingContext ctx) {
    HttpServerResponse response = ctx.response();
    if (closed || count.incrementAndGet() > READERS_AT_MOST) {
      count.decrementAndGet();
      response.putHeader("Retry-After", "10");
      Reply.error(ctx, 503, "Too many pages are open at once; close some.");
      return;
    }
    response
        .setChunked(true)
        .setWriteQueueMaxSize(WAITING_BYTES)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Accel-Buffering", "no")
        .putHeader("X-Content-Type-Options", "nosniff");
    if (ctx.request().method().equals(HttpMethod.HEAD)) {
      count.decrementAndGet();
      response.end();
      return;
    }
    Reader reader = new Reader(ctx.vertx(), response);
    response.closeHandler(_ -> reader.leave());
    response.exceptionHandler(_ -> reader.leave());
    StringBuilder first = new StringBuilder("retry: 1000\n\n");
    synchronized (kept) {
      catchUp(ctx, first);
      readers.add(reader);
      reader.write(first.toString());
    }
  }

  /** What the reader missed since the event that it had last, or that this cannot be told. */
  private void catchUp(RoutingContext ctx, StringBuilder out) {
    Optional<Long> had =
        Optional.ofNullable(ctx.request().getHeader("Last-Event-ID"))
            .or(() -> Params.text(ctx, "after"))
            .flatMap(NewsStream::number);
    boolean known = had.filter(it -> it >= forgotten && it <= position).isPresent();
    if (known) {
      kept.stream()
          .filter(frame -> frame.position() > had.get())
          .forEach(frame -> out.append(frame.text()));
    }
    out.append(event(known || had.isEmpty() ? "hello" : "reset", position, "{}"));
  }

  private static Optional<Long> number(String text) {
    try {
      return Optional.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      return Optional.of(-1L);
    }
  }

  private void tell() {
    try {
      while (!closed) {
        publish(rounds.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void publish(Batch batch) {
    boolean nobody = count.get() == 0 && System.nanoTime() - leftNanos > ABSENCE_NANOS;
    boolean gap = missed;
    missed = false;
    List<Frame> frames = new ArrayList<>();
    if (!nobody) {
      long at = batch.last() - batch.entries().size();
      for (Journal.Entry entry : batch.entries()) {
        at++;
        frame(at, entry).ifPresent(frames::add);
      }
    }
    synchronized (kept) {
      position = batch.last();
      if (nobody || gap) {
        kept.clear();
        keptSize = 0;
        forgotten = position;
      }
      frames.forEach(this::keep);
    }
    String text = gap ? event("reset", batch.last(), "{}") : text(frames);
    if (!text.isEmpty()) {
      readers.forEach(reader -> reader.tell(text));
    }
  }

  private static String text(List<Frame> frames) {
    StringBuilder text = new StringBuilder();
    frames.forEach(frame -> text.append(frame.text()));
    return text.toString();
  }

  private void keep(Frame frame) {
    kept.addLast(frame);
    keptSize += frame.text().length();
    while (keptSize > KEPT_AT_MOST) {
      Frame gone = kept.removeFirst();
      keptSize -= gone.text().length();
      forgotten = gone.position();
    }
  }

  /** The entry as an event; empty where nothing of it is news. */
  private static Optional<Frame> frame(long at, Journal.Entry entry) {
    List<Item> items = new ArrayList<>();
    int more = 0;
    for (Fact fact : entry.facts()) {
      Optional<String> sentence = Sentences.of(fact);
      if (sentence.isEmpty() && !moves(fact)) {
        continue;
      }
      if (items.size() == FACTS_IN_AN_EVENT) {
        more++;
      } else {
        Told told = new Told(entry.at(), fact);
        String words = Printable.of(sentence.orElse("").strip());
        items.add(
            new Item(
                told.kind(),
                told.services().stream().limit(FACTS_IN_AN_EVENT).toList(),
                words.substring(0, Math.min(words.length(), SENTENCE_AT_MOST))));
      }
    }
    return items.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Frame(at, event("news", at, Reply.json(new News(at, entry.at(), items, more)))));
  }

  /** What changes what is shown, though no sentence is made of it. */
  private static boolean moves(Fact fact) {
    return fact instanceof Fact.RunMoved
        || fact instanceof Fact.LeaseMoved
        || fact instanceof Fact.DaemonStarted;
  }

  private static String event(String name, long id, String json) {
    return "event: " + name + "\nid: " + id + "\ndata: " + json + "\n\n";
  }

  /** How many read. */
  int readers() {
    return readers.size();
  }

  /** Lets every reader go, and takes no more. */
  @Override
  public void close() {
    closed = true;
    teller.interrupt();
    readers.forEach(Reader::dismiss);
  }

  /** One browser's page. */
  private final class Reader {
    private final Context context;
    private final HttpServerResponse response;
    private final AtomicInteger waiting = new AtomicInteger();
    private boolean gone;
    private final Runnable silence;

    Reader(Vertx vertx, HttpServerResponse response) {
      this.context = vertx.getOrCreateContext();
      this.response = response;
      long timer = vertx.setPeriodic(HEARTBEAT_MILLIS, _ -> write(": still here\n\n"));
      this.silence = () -> vertx.cancelTimer(timer);
    }

    /** From any thread. */
    void tell(String text) {
      if (waiting.incrementAndGet() > WAITING_EVENTS) {
        dismiss();
        return;
      }
      context.runOnContext(
          _ -> {
            waiting.decrementAndGet();
            write(text);
          });
    }

    /** On its context. What it did not take yet is bounded: a reader that is slow is let go. */
    void write(String text) {
      if (gone || response.ended() || response.closed()) {
        return;
      }
      if (response.writeQueueFull()) {
        dismiss();
      } else {
        response.write(text);
      }
    }

    void dismiss() {
      context.runOnContext(
          _ -> {
            leave();
            if (!response.closed()) {
              response.reset();
            }
          });
    }

    void leave() {
      if (gone) {
        return;
      }
      gone = true;
      readers.remove(this);
      leftNanos = System.nanoTime();
      count.decrementAndGet();
      silence.run();
    }
  }
}
