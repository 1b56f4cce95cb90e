package dev.belay.app;

import dev.belay.core.engine.Event;
import dev.belay.core.incident.Notice;
import dev.belay.port.Inbox;
import dev.belay.port.Notifier;
import dev.belay.port.NotifierFailed;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One channel's thread. It tells what it was handed last, in order, each notice once: what it is
 * handed again while that is under way, or before the engine knows that it was taken, is not told
 * again. Where the channel fails it drops what is left, for the engine hands it over again; only
 * where the channel itself asks for a pause it waits and goes on.
 */
final class Outbox implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final int THREADS_KEPT = 1_000;

  private final Notifier notifier;
  private final Inbox inbox;
  private final Function<String, Optional<String>> known;
  private final InstantSource clock;
  private final Thread thread;

  /** What was handed over last and not looked at yet. */
  private final BlockingQueue<List<Notice>> handed = new ArrayBlockingQueue<>(1);

  private final Deque<Notice> left = new ArrayDeque<>();

  /** What the channel took, until the engine hands over something without it. */
  private final Map<Notice.Key, Event.NoticeDelivered> taken = new HashMap<>();

  /** What the channel refused as it stands, which is said once. */
  private final Set<Notice.Key> unfit = new HashSet<>();

  private final Map<String, String> conversations =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > THREADS_KEPT;
        }
      };

  private long quietUntilNanos = System.nanoTime();
  private volatile Optional<Failing> failing = Optional.empty();
  private volatile boolean closed;

  private record Failing(Instant since, String why) {}

  /**
   * Begins.
   *
   * @param known the conversation that an incident already has on the channel
   */
  Outbox(
      Notifier notifier,
      Inbox inbox,
      Function<String, Optional<String>> known,
      InstantSource clock) {
    this.notifier = notifier;
    this.inbox = inbox;
    this.known = known;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("belay-notify-" + notifier.channel()).start(this::run);
  }

  /** Takes this in place of what it was handed before. */
  void hand(List<Notice> owed) {
    while (!handed.offer(owed)) {
      handed.poll();
    }
  }

  /** Since when the channel fails and why, for people; empty where it does not. */
  Optional<String> trouble() {
    return failing.map(this::sentence);
  }

  private String sentence(Failing now) {
    return notifier.channel()
        + " takes no notices since "
        + now.since().truncatedTo(ChronoUnit.SECONDS)
        + ": "
        + now.why();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private void run() {
    try {
      while (!closed) {
        List<Notice> newest =
            left.isEmpty() ? handed.take() : handed.poll(quietNanos(), TimeUnit.NANOSECONDS);
        if (newest != null) {
          take(newest);
        } else {
          tell(left.removeFirst());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long quietNanos() {
    return Math.max(0, quietUntilNanos - System.nanoTime());
  }

  private void take(List<Notice> owed) {
    Set<Notice.Key> keys = owed.stream().map(Notice::key).collect(Collectors.toSet());
    taken.keySet().retainAll(keys);
    unfit.retainAll(keys);
    left.clear();
    for (Notice notice : owed) {
      Event.NoticeDelivered answer = taken.get(notice.key());
      if (answer == null) {
        left.addLast(notice);
      } else {
        // The engine may not have heard it: its mailbox was full, or its disk.
        inbox.offer(answer);
      }
    }
  }

  private void tell(Notice notice) {
    try {
      Optional<String> conversation =
          notifier.deliver(
              notice,
              Optional.ofNullable(conversations.get(notice.incident()))
                  .or(() -> known.apply(notice.incident())));
      conversation.ifPresent(id -> conversations.put(notice.incident(), id));
      arrived(
          notice,
          new Event.NoticeDelivered(
              notice.incident(), notice.number(), notifier.channel(), conversation));
    } catch (NotifierFailed e) {
      failed(notice, e);
    } catch (RuntimeException e) {
      LOG.atError()
          .setCause(e)
          .addKeyValue("channel", notifier.channel())
          .addKeyValue("incident", notice.incident())
          .log("a notifier broke");
    }
  }

  private void arrived(Notice notice, Event.NoticeDelivered answer) {
    taken.put(notice.key(), answer);
    inbox.offer(answer);
    failing.ifPresent(
        was ->
            LOG.atInfo()
                .addKeyValue("channel", notifier.channel())
                .log(
                    "{} takes notices again; it had failed since {}",
                    notifier.channel(),
                    was.since()));
    failing = Optional.empty();
  }

  private void failed(Notice notice, NotifierFailed e) {
    if (closed) {
      return;
    }
    LoggingEventBuilder line =
        LOG.atWarn()
            .addKeyValue("channel", notifier.channel())
            .addKeyValue("incident", notice.incident());
    if (e.unfit()) {
      if (unfit.add(notice.key())) {
        line.log("a notice is refused; it is tried again: {}", e.getMessage());
      }
      return;
    }
    boolean news =
        failing.filter(was -> was.why().equals(String.valueOf(e.getMessage()))).isEmpty();
    Failing now =
        new Failing(
            failing.map(Failing::since).orElseGet(clock::instant), String.valueOf(e.getMessage()));
    failing = Optional.of(now);
    if (news) {
      line.log("{}; it is tried again", sentence(now));
    }
    if (e.retryAfter().isPositive()) {
      left.addFirst(notice);
      quietUntilNanos = System.nanoTime() + e.retryAfter().toNanos();
    } else {
      left.clear();
    }
  }
}
