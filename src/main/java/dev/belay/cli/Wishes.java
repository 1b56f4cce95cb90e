package dev.belay.cli;

import dev.belay.app.Reload;
import dev.belay.app.config.BelayConfig;
import dev.belay.app.config.ConfigChanges;
import dev.belay.core.engine.Event;
import dev.belay.port.Inbox;
import dev.belay.rules.yaml.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a running daemon is asked for from outside: to stop, and to take over what people wrote. */
final class Wishes implements Reload {
  private static final Logger LOG = LoggerFactory.getLogger(Wishes.class);
  private static final long PATIENCE_SECONDS = 10;
  private static final Duration RECORDING = Duration.ofSeconds(5);
  private static final int UNRECORDED_AT_MOST = 100;
  private static final int WHY_AT_MOST = 1_000;
  private static final int LOGGED_AT_MOST = 20;

  /** Who asks where it is nobody that could be named. */
  static final String BY_SIGNAL = "SIGHUP";

  /** One of them. */
  sealed interface Wish {
    /** To end. */
    record Stop() implements Wish {}

    /**
     * To go on with another setup.
     *
     * @param person who asked for it
     */
    record TakeOver(Setup setup, String person) implements Wish {}
  }

  private final Path config;
  private final InstantSource clock;
  private final Duration recording;
  private final BlockingQueue<Wish> waiting = new LinkedBlockingQueue<>();
  private final ReentrantLock reading = new ReentrantLock();
  private Instant lastSuccess;
  private Optional<String> trouble = Optional.empty();
  private Optional<Inbox> inbox = Optional.empty();
  private String inForce;
  private Optional<BelayConfig> settings = Optional.empty();

  /** What no daemon has taken yet, for the next. */
  private final Deque<Event> unrecorded = new ArrayDeque<>();

  /**
   * Of a daemon whose configuration stands in this file, and was good just now.
   *
   * @param rules what tells its rules from others
   */
  Wishes(Path config, String rules, InstantSource clock) {
    this(config, rules, clock, RECORDING);
  }

  /**
   * The same.
   *
   * @param recording how long a reload waits until it is written down who asked for it
   */
  Wishes(Path config, String rules, InstantSource clock, Duration recording) {
    this.config = config;
    this.inForce = rules;
    this.clock = clock;
    this.recording = recording;
    this.lastSuccess = clock.instant();
  }

  /** Waits for the next; to stop goes before all else. */
  Wish next() throws InterruptedException {
    Wish wish = waiting.take();
    return stopping() ? new Wish.Stop() : wish;
  }

  /** Whether to stop is among what waits. */
  boolean stopping() {
    return waiting.stream().anyMatch(Wish.Stop.class::isInstance);
  }

  /** What was read last is in force. */
  synchronized void taken() {
    lastSuccess = clock.instant();
    trouble = Optional.empty();
  }

  /**
   * From now on this daemon's journal says who asked for what; first what none has said yet. Does
   * not wait for it: on a slow disk that would be long, and a stop would wait too.
   *
   * @param setup what is in force
   */
  void recordedBy(Inbox daemon, Setup setup) {
    List<Event> late;
    synchronized (this) {
      inbox = Optional.of(daemon);
      inForce = setup.rules().shortDigest();
      settings = Optional.of(setup.settings());
      late = List.copyOf(unrecorded);
      unrecorded.clear();
    }
    for (Event event : late) {
      var _ = offer(daemon, event);
    }
  }

  /** What is asked for while this daemon makes room for the next is written down by that one. */
  synchronized void handedOver() {
    inbox = Optional.empty();
  }

  /**
   * Has it in the journal, if not now then by the next daemon: a full disk must not keep anybody
   * from taking over what makes room.
   */
  private void record(Event event) {
    Optional<Inbox> to;
    synchronized (this) {
      to = inbox;
    }
    if (to.isEmpty()) {
      keep(event);
      return;
    }
    try {
      var _ =
          offer(to.get(), event)
              .toCompletableFuture()
              .get(recording.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      LOG.atWarn().log("it takes long to write down who asked for a reload");
    } catch (ExecutionException _) {
      // It is kept already.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Taken in is not written down: what fails, however late, is for the next daemon. */
  private CompletionStage<@Nullable Void> offer(Inbox daemon, Event event) {
    return daemon
        .offer(event)
        .whenComplete(
            (_, failed) -> {
              if (failed != null) {
                LOG.atWarn()
                    .log("not written down yet who asked for a reload: {}", Cause.of(failed));
                keep(event);
              }
            });
  }

  private synchronized void keep(Event event) {
    unrecorded.addLast(event);
    if (unrecorded.size() > UNRECORDED_AT_MOST) {
      unrecorded.removeFirst();
    }
  }

  void stop() {
    waiting.add(new Wish.Stop());
  }

  @Override
  public List<String> reload(String person) {
    if (!free()) {
      String busy = "another reload is under way; try again in a moment";
      record(refused(person, busy));
      return List.of(busy);
    }
    try {
      return read(person);
    } finally {
      reading.unlock();
    }
  }

  /** One at a time: each reads what was written when it was asked for, or later. */
  private boolean free() {
    try {
      return reading.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private List<String> read(String person) {
    Setup.Reading read = Setup.read(config);
    List<String> problems = read.problems().stream().map(Problem::toString).toList();
    if (read.setup().isEmpty()) {
      failed(person, problems);
      return problems;
    }
    Setup setup = read.setup().get();
    problems.forEach(problem -> LOG.atWarn().log("{}", Terminal.line(problem)));
    // Before it is handed over: what becomes of it is told by whoever comes next.
    record(
        new Event.ReloadAccepted(
            person, rulesInForce(), setup.rules().shortDigest(), changed(setup.settings())));
    good();
    // Of those that wait only the newest counts.
    waiting.removeIf(Wish.TakeOver.class::isInstance);
    waiting.add(new Wish.TakeOver(setup, person));
    return List.of();
  }

  private synchronized void good() {
    trouble = Optional.empty();
  }

  private synchronized List<String> changed(BelayConfig next) {
    return settings.map(now -> ConfigChanges.between(now, next)).orElse(List.of());
  }

  private synchronized String rulesInForce() {
    return inForce;
  }

  /** Why what this person had read last is not in force. */
  void failed(String person, String why) {
    failed(person, List.of(why));
  }

  private void failed(String person, List<String> problems) {
    problems.stream()
        .limit(LOGGED_AT_MOST)
        .forEach(
            problem ->
                LOG.atError()
                    .log(
                        "not reloaded, what was in force stays in force: {}",
                        Terminal.line(problem)));
    if (problems.size() > LOGGED_AT_MOST) {
      LOG.atError().log("and {} more; belay check prints all", problems.size() - LOGGED_AT_MOST);
    }
    String why = String.join("; ", problems);
    synchronized (this) {
      trouble = Optional.of(why);
    }
    record(refused(person, why));
  }

  private Event refused(String person, String why) {
    String line = Terminal.line(why);
    return new Event.ReloadRefused(
        person,
        rulesInForce(),
        line.length() > WHY_AT_MOST ? line.substring(0, WHY_AT_MOST) + "..." : line);
  }

  @Override
  public synchronized Instant lastSuccess() {
    return lastSuccess;
  }

  @Override
  public synchronized Optional<String> trouble() {
    return trouble;
  }
}
