package dev.belay.intake.probe;

import dev.belay.core.engine.Reading;
import dev.belay.core.rule.Signal;
import dev.belay.core.rule.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The last probes of one service, and what its signals read by them. A few are no verdict: with
 * fewer than {@value #LEAST} that say something, or with more that say nothing than do, the signals
 * are unknown.
 */
final class ProbeWindow {
  static final int LEAST = 5;

  private final Duration length;
  private final Deque<Past> past = new ArrayDeque<>();

  private record Past(Instant at, Result result) {}

  ProbeWindow(Duration length) {
    this.length = length;
  }

  void add(Instant at, Result result) {
    past.addLast(new Past(at, result));
    forget(at);
  }

  private void forget(Instant now) {
    Instant oldest = now.minus(length);
    while (!past.isEmpty() && past.getFirst().at().isBefore(oldest)) {
      past.removeFirst();
    }
  }

  /** What the trigger's signal reads now; never for {@link Signal#ERROR_RATE}. */
  Reading reading(Trigger trigger, Instant now) {
    forget(now);
    List<Duration> well =
        past.stream()
            .map(Past::result)
            .filter(Result.Well.class::isInstance)
            .map(result -> ((Result.Well) result).took())
            .sorted()
            .toList();
    long unwell = past.stream().filter(each -> each.result() instanceof Result.Unwell).count();
    long known = well.size() + unwell;
    if (known < LEAST || past.size() - known > known) {
      return unknown(trigger, tooFew(known));
    }
    return switch (trigger.signal()) {
      case HEALTH_CHECK_FAILURES -> known(trigger, (double) unwell / known);
      case AVAILABILITY -> known(trigger, (double) well.size() / known);
      case RESPONSE_TIME ->
          well.isEmpty()
              ? unknown(trigger, "no probe was answered as it should")
              : known(trigger, quantile(well, trigger.quantile().orElse(1.0)));
      case ERROR_RATE -> throw new IllegalArgumentException("a probe knows no error rate");
    };
  }

  private String tooFew(long known) {
    return past.reversed().stream()
        .map(Past::result)
        .filter(Result.Unknown.class::isInstance)
        .map(result -> "it cannot be asked: " + ((Result.Unknown) result).why())
        .findFirst()
        .orElse("only " + known + " probes so far");
  }

  /** By nearest rank, in seconds. */
  private static double quantile(List<Duration> sorted, double share) {
    int rank = (int) Math.ceil(share * sorted.size());
    return sorted.get(Math.max(rank, 1) - 1).toNanos() / 1e9;
  }

  private static Reading known(Trigger trigger, double value) {
    return new Reading(trigger.name(), Optional.of(value), "");
  }

  private static Reading unknown(Trigger trigger, String why) {
    return new Reading(trigger.name(), Optional.empty(), why);
  }
}
