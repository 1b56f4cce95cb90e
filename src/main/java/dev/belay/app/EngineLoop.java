package dev.belay.app;

import dev.belay.core.alert.Alert;
import dev.belay.core.engine.Command;
import dev.belay.core.engine.Core;
import dev.belay.core.engine.Decision;
import dev.belay.core.engine.DecisionFailed;
import dev.belay.core.engine.Event;
import dev.belay.core.engine.State;
import dev.belay.port.EventFailed;
import dev.belay.port.Inbox;
import dev.belay.port.InboxFull;
import dev.belay.port.Journal;
import dev.belay.port.JournalFull;
import dev.belay.port.Queries;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine's one thread: takes what the mailbox holds, decides on each, has all facts made
 * durable with one flush, and only then answers the senders and releases the commands. While the
 * disk works it decides on what came since, one round ahead at most, and nothing that is not
 * durable leaves it.
 *
 * <p>When the disk is full it sheds: nothing is taken until a write goes through again, and then
 * the State is recovered from what is truly on disk. Any other failure of the journal is fatal: the
 * loop ends and {@code onDeath} is told.
 */
public final class EngineLoop implements Inbox, Queries, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EngineLoop.class);

  private static final int MAILBOX = 4_096;

  /** What waits for the engine may take this part of the room for alerts, or be one event. */
  private static final int MAIL_PART = 4;

  private static final int BATCH = 512;

  /** Everything is looked at this often, in case an event was lost. */
  private static final Duration SWEEP = Duration.ofSeconds(15);

  /** So many failures in a row at what is due, and everything is put on hold. */
  private static final int FAILURES_BORNE = 3;

  private static final Duration PROBE = Duration.ofSeconds(1);

  /** So many facts after the last snapshot, the next is taken. */
  private static final long FACTS_A_SNAPSHOT = 200_000;

  /** Who is told of what became durable, on the engine's thread: be quick. */
  interface Observer {
    /**
     * Told of entries.
     *
     * @param last the position of the last of them in the journal; each has the next after another
     */
    void durable(long last, List<Journal.Entry> entries);
  }

  private sealed interface Letter {
    record Arrived(Event event, CompletableFuture<@Nullable Void> done) implements Letter {
      /** What the event takes until it is answered, in bytes, roughly; small ones count nothing. */
      long weight() {
        return event instanceof Event.AlertsReceived received
            ? received.alerts().stream().mapToLong(Alert::weight).sum()
            : 0;
      }
    }

    record Asked<T>(Function<State, T> question, CompletableFuture<T> answer) implements Letter {
      void answer(State state) {
        try {
          answer.complete(question.apply(state));
        } catch (RuntimeException e) {
          answer.completeExceptionally(e);
        }
      }
    }

    /** The write under way has ended. */
    record Written() implements Letter {}

    record Stop() implements Letter {}
  }

  /**
   * One time round: what was taken, and what follows from it as soon as it is durable.
   *
   * @param began when it was taken, in the JVM's nanoseconds
   */
  private record Turn(
      long began,
      List<Journal.Entry> entries,
      List<Command> commands,
      List<Letter.Arrived> arrived,
      List<Letter.Asked<?>> asked) {
    static Turn begin(int letters) {
      return new Turn(
          System.nanoTime(),
          new ArrayList<>(letters + 1),
          new ArrayList<>(),
          new ArrayList<>(letters),
          new ArrayList<>());
    }

    boolean isEmpty() {
      return entries.isEmpty() && commands.isEmpty() && arrived.isEmpty() && asked.isEmpty();
    }

    void refuse(RuntimeException why) {
      arrived.forEach(mail -> EngineLoop.refuse(mail, why));
      asked.forEach(question -> EngineLoop.refuse(question, why));
    }
  }

  private final Core core;
  private final Journal journal;
  private final SteadyClock clock;
  private final Observer observer;
  private final Consumer<Throwable> onDeath;
  private final EngineMeters meters;
  private final BlockingQueue<Letter> mailbox = new ArrayBlockingQueue<>(MAILBOX);
  private final AtomicLong unanswered = new AtomicLong();
  private final long alertRoom;
  private final Thread thread;
  private final JournalWriter writer;

  /** Where the disk is at it still, what the State is ahead by. */
  private Optional<Turn> unwritten = Optional.empty();

  private State state;
  private Instant now = Instant.EPOCH;
  private Instant swept = Instant.EPOCH;

  /** After a failure at what is due, until when it is left alone. */
  private Instant pausedUntil = Instant.EPOCH;

  /** How often that has failed in a row. */
  private int failures;

  private long factsSinceSnapshot;

  /** Whether what was under way before the last recovery was taken up. */
  private boolean takenUp;

  /** Whether that was ever done by this process. */
  private boolean started;

  private volatile Consumer<Command> actuator = _ -> {};
  private volatile boolean accepting;
  private volatile boolean shedding;
  private volatile boolean ended;
  private volatile boolean crowded;
  private volatile long progressNanos = System.nanoTime();

  /**
   * Recovers the State; {@link #start} begins.
   *
   * @param observer told of entries once they are durable
   * @param onDeath told when the loop cannot go on
   * @param alertRoom how much memory alerts may take, in bytes
   */
  EngineLoop(
      Core core,
      Journal journal,
      SteadyClock clock,
      Observer observer,
      Consumer<Throwable> onDeath,
      EngineMeters meters,
      long alertRoom) {
    this.core = core;
    this.journal = journal;
    this.clock = clock;
    this.observer = observer;
    this.onDeath = onDeath;
    this.meters = meters;
    this.alertRoom = alertRoom;
    this.state = journal.recover();
    this.thread = new Thread(this::run, "belay-engine");
    // Where the mailbox is full nobody needs to be woken.
    this.writer = new JournalWriter(journal, () -> mailbox.offer(new Letter.Written()));
  }

  /** Begins to take events, and takes up what was under way. */
  public void start(Consumer<Command> carriesOut) {
    actuator = carriesOut;
    accepting = true;
    thread.start();
  }

  @Override
  public CompletionStage<@Nullable Void> offer(Event event) {
    CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    if (shedding) {
      done.completeExceptionally(new InboxFull("the disk is full; nothing can be kept"));
    } else if (!accepting) {
      done.completeExceptionally(stopping());
    } else {
      offer(new Letter.Arrived(event, done));
    }
    return done;
  }

  private void offer(Letter.Arrived letter) {
    long weight = letter.weight();
    var _ = letter.done().whenComplete((_, _) -> unanswered.addAndGet(-weight));
    if (unanswered.addAndGet(weight) > Math.max(alertRoom / MAIL_PART, weight) || !post(letter)) {
      letter.done().completeExceptionally(new InboxFull("the mailbox is full"));
    }
  }

  @Override
  public <T> CompletionStage<T> ask(Function<State, T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    if (!thread.isAlive() || !post(new Letter.Asked<>(question, answer))) {
      answer.completeExceptionally(new InboxFull("the engine takes no questions now"));
    }
    return answer;
  }

  /** Puts a letter into the mailbox, which the loop may leave behind at the same moment. */
  private boolean post(Letter letter) {
    boolean posted = mailbox.offer(letter);
    if (ended) {
      refuseAll();
    }
    return posted;
  }

  @Override
  public void history(Instant from, Instant to, Consumer<Journal.Entry> each) {
    journal.read(from, to, each);
  }

  /** Whether alerts take all the room that there is for them, so that no new ones are taken. */
  public boolean crowded() {
    return crowded;
  }

  /** Whether events are taken at the moment. */
  public boolean accepting() {
    return accepting && !shedding && thread.isAlive();
  }

  /** Whether the disk is full and everything is refused until there is space. */
  public boolean shedding() {
    return shedding;
  }

  /**
   * How long ago the loop last came round, or began to wait for the disk. It comes round at least
   * every 15 s.
   */
  public Duration sinceProgress() {
    return Duration.ofNanos(System.nanoTime() - progressNanos);
  }

  /** How far Belay's time is ahead of the machine's, which was put back. */
  public Duration ahead() {
    return clock.ahead();
  }

  /** How many events wait. */
  public int waiting() {
    return mailbox.size();
  }

  /** Takes no more events, decides on those that wait, and ends. */
  @Override
  public void close() {
    accepting = false;
    try {
      if (thread.isAlive()
          && mailbox.offer(new Letter.Stop(), SWEEP.toSeconds(), TimeUnit.SECONDS)) {
        thread.join(SWEEP);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    List<Letter> batch = new ArrayList<>(BATCH);
    try {
      boolean stopped = false;
      while (!stopped) {
        batch.clear();
        Letter first = mailbox.poll(patience().toNanos(), TimeUnit.NANOSECONDS);
        if (first != null) {
          batch.add(first);
          mailbox.drainTo(batch, BATCH - 1);
        }
        if (unwritten.isEmpty()) {
          progressNanos = System.nanoTime();
        }
        stopped = round(batch);
      }
      snapshot();
      end(batch);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      die(batch, e);
    } catch (Throwable e) {
      die(batch, e);
    }
  }

  private void die(List<Letter> batch, Throwable cause) {
    end(batch);
    onDeath.accept(cause);
  }

  /**
   * Nobody is left waiting: neither those of the last round nor those that came too late for it.
   */
  private void end(List<Letter> batch) {
    accepting = false;
    ended = true;
    writer.close();
    unwritten.ifPresent(turn -> turn.refuse(stopping()));
    batch.forEach(letter -> refuse(letter, stopping()));
    refuseAll();
  }

  private void refuseAll() {
    List<Letter> late = new ArrayList<>();
    mailbox.drainTo(late);
    late.forEach(letter -> refuse(letter, stopping()));
  }

  private static InboxFull stopping() {
    return new InboxFull("the daemon is stopping");
  }

  private static void refuse(Letter letter, RuntimeException why) {
    switch (letter) {
      case Letter.Arrived(_, var done) -> done.completeExceptionally(why);
      case Letter.Asked<?> asked -> asked.answer().completeExceptionally(why);
      case Letter.Written(), Letter.Stop() -> {}
    }
  }

  /**
   * How long to wait for mail: until something is due, the next sweep, or the next probe of a full
   * disk.
   */
  private Duration patience() {
    if (shedding) {
      return PROBE;
    }
    if (!takenUp) {
      return Duration.ZERO;
    }
    Instant sweep = swept.plus(SWEEP);
    Instant next = state.nextDeadline().filter(sweep::isAfter).orElse(sweep);
    return until(next.isBefore(pausedUntil) ? pausedUntil : next, later());
  }

  /** Never longer than a sweep, even where the machine's clock was put back. */
  static Duration until(Instant due, Instant at) {
    Duration wait = Duration.between(at, due);
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(SWEEP) > 0 ? SWEEP : wait;
  }

  /**
   * One round: decide; see to it that what was decided before is durable; record. True where it was
   * the last.
   */
  private boolean round(List<Letter> batch) {
    if (writer.done()) {
      finish();
    }
    if (shedding && !recovered()) {
      batch.forEach(letter -> refuse(letter, full()));
      return batch.stream().anyMatch(Letter.Stop.class::isInstance);
    }
    Turn turn = Turn.begin(batch.size());
    boolean stop = false;
    if (!takenUp) {
      takeUp(turn);
    }
    for (Letter letter : batch) {
      if (writer.done()) {
        // What is durable need not wait until all of these are decided on.
        finish();
      }
      switch (letter) {
        case Letter.Arrived mail -> {
          if (crowded(mail.event())) {
            refuse(mail, new InboxFull("more alerts fire than there is room to remember"));
          } else if (decide(mail.event(), turn)) {
            turn.arrived().add(mail);
          } else {
            refuse(mail, new EventFailed("Belay failed at it, and its log says where"));
          }
        }
        case Letter.Asked<?> question -> turn.asked().add(question);
        case Letter.Written() -> {}
        case Letter.Stop() -> stop = true;
      }
    }
    passTime(turn);
    if (stop) {
      decide(new Event.Stopping(), turn);
    }
    if (turn.isEmpty() && !stop) {
      return false;
    }
    crowded = state.weight() >= alertRoom;
    finish();
    boolean snapshotIsDue = factsSinceSnapshot >= FACTS_A_SNAPSHOT || journal.wantsSnapshot();
    record(turn);
    if (stop || !turn.asked().isEmpty() || snapshotIsDue) {
      // All three want the State as the disk has it.
      finish();
    }
    if (snapshotIsDue) {
      snapshot();
    }
    return stop;
  }

  private static InboxFull full() {
    return new InboxFull("the disk is full; nothing can be kept");
  }

  /** Whether the event brings new alerts and there is no room; known ones may go on or end. */
  private boolean crowded(Event event) {
    return crowded
        && event instanceof Event.AlertsReceived received
        && received.alerts().stream()
            .anyMatch(alert -> alert.firing() && state.alert(alert.labels()).isEmpty());
  }

  private void takeUp(Turn turn) {
    decide(started ? new Event.Resumed() : new Event.Started(), turn);
    started = true;
    takenUp = true;
  }

  private void passTime(Turn turn) {
    Instant at = later();
    if (at.isBefore(pausedUntil)) {
      return;
    }
    boolean due = state.nextDeadline().filter(deadline -> !deadline.isAfter(at)).isPresent();
    if (!at.isBefore(swept.plus(SWEEP))) {
      swept = at;
      decide(new Event.Swept(), turn);
    } else if (due) {
      decide(new Event.TimePassed(), turn);
    }
  }

  /** False where the event could not be decided on; then all is as if it had never come. */
  private boolean decide(Event event, Turn turn) {
    boolean passing = event instanceof Event.TimePassed || event instanceof Event.Swept;
    boolean takingUp = event instanceof Event.Started || event instanceof Event.Resumed;
    try {
      Decision decision = core.handle(state, event, later());
      turn.entries().addAll(Journal.Entry.of(now, decision.facts()));
      turn.commands().addAll(decision.commands());
      meters.repeated(decision.repeats());
      failures = passing ? 0 : failures;
      return true;
    } catch (DecisionFailed e) {
      LOG.atError().addKeyValue("event", e.kind()).log("this is a bug: {}", e.getMessage());
      meters.failed(e.kind());
      if (e.touched()) {
        restore(turn);
      }
      if (passing || takingUp) {
        pausedUntil = now.plus(SWEEP);
      }
      failures += passing ? 1 : 0;
      if (takingUp || (passing && failures >= FAILURES_BORNE)) {
        // What falls due is no longer seen to, or what was under way not taken up: nothing new may
        // begin on such a State. Nobody but a person can tell when it may again.
        decide(new Event.Faulted("it fails at " + e.kind() + "; its log says where"), turn);
      }
      return false;
    }
  }

  /** Belay's time never runs backwards, whatever the machine's clock does. */
  private Instant later() {
    now = clock.now();
    return now;
  }

  /** The State before an event that left it half changed: what is durable, and this round's. */
  private void restore(Turn turn) {
    finish();
    state = journal.recover();
    if (!shedding) {
      turn.entries().forEach(entry -> entry.facts().forEach(state::apply));
    }
  }

  /** Begins to make the round durable; what has nothing to be made so is done at once. */
  private void record(Turn turn) {
    if (shedding) {
      turn.refuse(full());
    } else if (turn.entries().isEmpty()) {
      release(turn);
    } else {
      unwritten = Optional.of(turn);
      writer.begin(turn.entries());
    }
  }

  /**
   * Waits for the write under way, if any, and then answers and releases. Where the disk is full
   * all are refused: the State is ahead of it and is thrown away.
   */
  private void finish() {
    if (unwritten.isEmpty()) {
      return;
    }
    Turn turn = unwritten.get();
    try {
      JournalWriter.Written written = writer.end();
      progressNanos = System.nanoTime();
      meters.appended(written.nanos());
      observer.durable(written.last(), turn.entries());
      turn.entries().forEach(entry -> factsSinceSnapshot += entry.facts().size());
      release(turn);
    } catch (JournalFull e) {
      LOG.atError().addKeyValue("reason", "journal_full").log(e.getMessage());
      shedding = true;
      turn.refuse(full());
    }
    // Last: should one of those who are told fail, nobody is left without an answer.
    unwritten = Optional.empty();
  }

  private void release(Turn turn) {
    turn.arrived().forEach(mail -> mail.done().complete(null));
    turn.commands().forEach(actuator);
    turn.asked().forEach(question -> question.answer(state));
    int letters = turn.arrived().size() + turn.asked().size();
    if (letters > 0) {
      meters.rounded(letters, System.nanoTime() - turn.began());
    }
  }

  private void snapshot() {
    if (factsSinceSnapshot == 0 || shedding) {
      return;
    }
    try {
      factsSinceSnapshot = 0;
      journal.snapshot(state);
    } catch (JournalFull e) {
      LOG.atWarn().addKeyValue("reason", "journal_full").log("no snapshot: {}", e.getMessage());
    }
  }

  /** Whether there is space again; then the State is what the disk says. */
  private boolean recovered() {
    if (!journal.writable()) {
      return false;
    }
    state = journal.recover();
    shedding = false;
    takenUp = false;
    swept = Instant.EPOCH;
    LOG.atInfo().log("there is space again; the journal goes on");
    return true;
  }
}
