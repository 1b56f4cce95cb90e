package dev.belay.console;

import dev.belay.core.engine.Event;
import dev.belay.core.incident.Course;
import dev.belay.port.Inbox;
import dev.belay.port.InboxFull;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The charts that are to be written down, handed to the engine one after another, so that they
 * never come in the way of what matters, and what was refused is tried again before anything new is
 * taken. Safe for many threads.
 */
final class DueCharts {
  /** So many wait; of more incidents at once there is no chart. */
  private static final int AT_MOST = 4_000;

  /** So many are with the engine at once when Belay stops: a chart may take 20 kB. */
  private static final int AT_ONCE_AT_THE_END = 32;

  /**
   * After so long one is given up: a story is read up to an hour after the end of its incident, and
   * would not find it.
   */
  private static final Duration WORTH = Duration.ofMinutes(50);

  private record Due(String service, String incident, Instant since) {}

  private record Chart(Due due, Event.IncidentCharted event) {}

  private final InstantSource clock;
  private final Function<String, List<Course>> taking;
  private final Queue<Due> due = new ArrayDeque<>();
  private Optional<Chart> refused = Optional.empty();
  private boolean underWay;

  /**
   * None yet.
   *
   * @param taking what is not written down of a service, which counts as written from then on
   */
  DueCharts(InstantSource clock, Function<String, List<Course>> taking) {
    this.clock = clock;
    this.taking = taking;
  }

  /** One more is due. */
  synchronized void add(String service, String incident) {
    if (due.size() < AT_MOST) {
      due.add(new Due(service, incident, clock.instant()));
    }
  }

  /** Hands over the next, unless there is no answer yet to the one before. */
  void hand(Inbox inbox) {
    begin()
        .ifPresent(
            chart -> {
              var _ =
                  inbox.offer(chart.event()).whenComplete((_, failure) -> answered(chart, failure));
            });
  }

  /**
   * Hands over all that there are, a few at a time, and gives up what is left where the engine
   * takes no more or is not done with them in time. The last few are left to it: it decides on all
   * that it has before it ends.
   */
  void end(Inbox inbox, Duration within) {
    Semaphore places = new Semaphore(AT_ONCE_AT_THE_END);
    AtomicBoolean full = new AtomicBoolean();
    long until = System.nanoTime() + within.toNanos();
    try {
      while (!full.get() && places.tryAcquire(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        Optional<Chart> next = next();
        if (next.isEmpty()) {
          return;
        }
        var _ =
            inbox
                .offer(next.get().event())
                .whenComplete(
                    (_, failure) -> {
                      if (failure instanceof InboxFull) {
                        full.set(true);
                      }
                      places.release();
                    });
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Optional<Chart> begin() {
    Optional<Chart> next = underWay ? Optional.empty() : next();
    underWay |= next.isPresent();
    return next;
  }

  private synchronized void answered(Chart chart, @Nullable Throwable failure) {
    underWay = false;
    if (failure instanceof InboxFull) {
      refused = Optional.of(chart);
    }
  }

  private synchronized Optional<Chart> next() {
    Optional<Chart> again = refused.filter(chart -> worth(chart.due()));
    refused = Optional.empty();
    while (again.isEmpty() && !due.isEmpty()) {
      again = take(due.remove());
    }
    return again;
  }

  /** What is given up is taken too, or the next incident's chart would begin with it. */
  private Optional<Chart> take(Due next) {
    List<Course> courses = taking.apply(next.service());
    return courses.isEmpty() || !worth(next)
        ? Optional.empty()
        : Optional.of(
            new Chart(next, new Event.IncidentCharted(next.service(), next.incident(), courses)));
  }

  private boolean worth(Due chart) {
    return clock.instant().isBefore(chart.since().plus(WORTH));
  }
}
