package dev.belay.sim;

import dev.belay.core.alert.Alert;
import dev.belay.core.engine.Event;
import dev.belay.core.engine.Fact;
import dev.belay.core.engine.Input;
import dev.belay.core.engine.Listening;
import dev.belay.core.incident.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * The oracle's own ledger of signs of life. Every service of the simulator rests on alerts and on
 * the cluster.
 */
final class Listened {
  /** A sign of life need not be written down at once, nor a silence be noticed at once. */
  private static final Duration SLACK = Duration.ofSeconds(50);

  private final Loop loop;
  private final Map<Input, Duration> after;
  private final Map<Input, Instant> heard = new EnumMap<>(Input.class);

  /** Those that people were told of. */
  private final Set<Input> silent = EnumSet.noneOf(Input.class);

  Listened(Loop loop, Listening listening) {
    this.loop = loop;
    this.after = listening.silentAfter();
  }

  /** What was not silent is waited for anew. */
  void restarted() {
    after.keySet().stream()
        .filter(input -> !silent.contains(input))
        .forEach(input -> heard.put(input, loop.instant()));
  }

  void taken(Event event) {
    switch (event) {
      case Event.InputSeen(var input, var trouble) when trouble.isEmpty() ->
          heard.put(input, loop.instant());
      case Event.AlertsReceived received
          when received.alerts().stream().anyMatch(Listened::isWatchdog) ->
          heard.put(Input.ALERTS, loop.instant());
      default -> {}
    }
  }

  private static boolean isWatchdog(Alert alert) {
    return alert.labels().alertName().equals(Swarm.WATCHDOG);
  }

  void durable(Fact fact) {
    switch (fact) {
      case Fact.InputMoved(var input, var isSilent, _, _, _) -> moved(input, isSilent);
      case Fact.IncidentClosed closed -> verdict("incident " + closed.incident() + " is closed");
      case Fact.RevisionJudged judged when judged.reason() == Reason.KNOWN_GOOD ->
          verdict(judged.digest() + " of " + judged.service() + " is called good");
      case Fact.RunEnded ended
          when ended.reason() == Reason.VERIFIED || ended.reason() == Reason.VERIFIED_IN_PART ->
          verdict("a remediation of " + ended.incident() + " is verified");
      case Fact.Decided decided when decided.reason() == Reason.STEP_DID_NOT_HELP ->
          verdict("a step of " + decided.subject() + " is said not to have helped");
      case Fact.ActionIntended intended -> {
        if (dead(Input.CLUSTER)) {
          throw new Violation("G22: " + intended.action() + " is intended in a silent cluster");
        }
      }
      default -> {}
    }
  }

  private void moved(Input input, boolean isSilent) {
    boolean news = isSilent ? silent.add(input) : silent.remove(input);
    if (!news) {
      throw new Violation("G23: people are told twice how " + input + " stands");
    }
    if (isSilent && unheard(input).compareTo(after(input)) < 0) {
      throw new Violation("G23: " + input + " is said to be silent and was heard of");
    }
  }

  private void verdict(String what) {
    for (Input input : after.keySet()) {
      if (dead(input)) {
        throw new Violation("G22: " + what + " while " + input + " is silent");
      }
    }
  }

  private boolean dead(Input input) {
    return after.containsKey(input) && unheard(input).compareTo(after(input).plus(SLACK)) > 0;
  }

  private Duration unheard(Input input) {
    return Duration.between(heard.getOrDefault(input, loop.instant()), loop.instant());
  }

  private Duration after(Input input) {
    return after.getOrDefault(input, Duration.ZERO);
  }
}
