package dev.belay.core.engine;

import dev.belay.core.alert.Alert;
import dev.belay.core.alert.Door;
import dev.belay.core.alert.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Decides which inputs are silent: those of which nothing was heard for as long as they may give no
 * sign of life. That somebody says what is amiss is none.
 *
 * <p>A sign of life is written down only if it adds a good part of that time, so an input may be
 * found silent by as much too late, and never too early. A restart waits anew for what was not
 * silent, as nobody listened meanwhile, and so does a pause of the process or a step of its clock;
 * what was silent stays so until it is heard of.
 */
final class LivenessDecider {
  /** A sign of life that adds less than this part of the time is not worth a write. */
  private static final int PART = 10;

  /** The engine looks at the time several times within this, so that longer it did nothing. */
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final Listening listening;
  private final ServiceIndex index;

  LivenessDecider(Listening listening, ServiceIndex index) {
    this.listening = listening;
    this.index = index;
  }

  /** Whether the alert is the one that always fires, and no trouble. */
  boolean isWatchdog(Labels alert) {
    return listening.watchdog().filter(alert.alertName()::equals).isPresent();
  }

  /**
   * The alert that always fires came in: from any sender, for one suffices. One that is resolved is
   * no sign of life, and another may still fire. What Belay evaluates itself says nothing of those
   * who send.
   */
  void watchdog(Turn turn, Door door, Alert alert) {
    switch (door) {
      case WEBHOOK, API_V2 -> {
        if (alert.firing()) {
          heard(turn, Input.ALERTS);
        } else {
          ails(
              turn,
              Input.ALERTS,
              "alert " + alert.labels().alertName() + " came in resolved",
              Optional.empty());
        }
      }
      case WATCH, RULES -> {}
    }
  }

  void accept(Turn turn, Event.InputSeen seen) {
    if (seen.trouble().isEmpty()) {
      heard(turn, seen.input());
    } else {
      ails(turn, seen.input(), seen.trouble().get(), Optional.empty());
    }
  }

  /** A target that is scraped in vain makes unknown only what is measured by it. */
  void scrapes(Turn turn, Event.ScrapesSeen seen) {
    SortedSet<String> services = new TreeSet<>(seen.services());
    seen.alerts().forEach(labels -> services.addAll(index.servicesOf(labels)));
    ofSome(turn, Input.SCRAPES, seen.trouble(), services);
  }

  /** A service that cannot be asked makes unknown only itself. */
  void probes(Turn turn, Event.ProbesSeen seen) {
    ofSome(turn, Input.PROBES, seen.trouble(), new TreeSet<>(seen.services()));
  }

  private void ofSome(
      Turn turn, Input input, Optional<String> trouble, SortedSet<String> services) {
    if (trouble.isEmpty()) {
      heard(turn, input);
    } else {
      ails(turn, input, trouble.get(), Optional.of(List.copyOf(services)));
    }
  }

  private void heard(Turn turn, Input input) {
    Optional<Duration> after = listening.after(input);
    if (after.isEmpty()) {
      return;
    }
    Optional<InputState> known = turn.state.input(input);
    // One that is silent is back with the second sign: the first may be one by chance.
    Optional<InputState> first =
        known.filter(it -> it.trouble().isEmpty() && it.until().isAfter(turn.now));
    boolean news =
        first.filter(it -> turn.now.isBefore(it.heardAt().plus(part(after.get())))).isEmpty();
    if (news) {
      await(turn, input, after.get(), Optional.empty());
      first
          .flatMap(InputState::silentSince)
          .ifPresent(since -> record(turn, input, false, since, ""));
    }
  }

  /**
   * Something is amiss with it.
   *
   * @param services whom that concerns, where it does not concern all
   */
  private void ails(Turn turn, Input input, String trouble, Optional<List<String>> services) {
    Optional<Duration> after = listening.after(input);
    if (after.isEmpty()) {
      return;
    }
    if (turn.state.input(input).isEmpty()) {
      await(turn, input, after.get(), Optional.of(trouble));
    }
    turn.state
        .input(input)
        .filter(known -> news(known, trouble, services))
        .ifPresent(
            known -> {
              turn.record(
                  new Fact.InputHeard(
                      input, Optional.of(trouble), Optional.of(known.until()), turn.now, services));
              services.ifPresent(_ -> turn.state.troubled().forEach(turn::touch));
            });
  }

  /** Of one that is silent people were told; whom that concerns may still change. */
  private static boolean news(InputState known, String trouble, Optional<List<String>> services) {
    boolean others = services.isPresent() && !services.equals(known.services());
    return others || (!known.silent() && !known.trouble().equals(Optional.of(trouble)));
  }

  /**
   * From now on there is so much time for another sign of life.
   *
   * @param trouble empty where one was given now
   */
  private static void await(Turn turn, Input input, Duration after, Optional<String> trouble) {
    Instant until = turn.now.plus(after).plus(part(after));
    turn.record(
        new Fact.InputHeard(input, trouble, Optional.of(until), turn.now, Optional.empty()));
  }

  private static Duration part(Duration after) {
    return after.dividedBy(PART);
  }

  /** Time passed. */
  void review(Turn turn) {
    for (InputState known : turn.state.inputs()) {
      if (!known.silent() && !known.until().isAfter(turn.now)) {
        String why = known.trouble().orElseGet(() -> unheard(known.input()));
        record(turn, known.input(), true, known.heardAt(), why);
      }
    }
  }

  private String unheard(Input input) {
    return switch (input) {
      case ALERTS -> "alert " + listening.watchdog().orElse("") + " did not come in";
      case CLUSTER, KAFKA, PROMETHEUS, SCRAPES, PROBES -> "nothing was heard of it";
    };
  }

  private static void record(Turn turn, Input input, boolean silent, Instant since, String why) {
    turn.record(new Fact.InputMoved(input, silent, since, why, turn.now));
    turn.state.troubled().forEach(turn::touch);
  }

  /** The daemon started, perhaps with another configuration. */
  void resume(Turn turn) {
    for (Input input : Input.values()) {
      Optional<InputState> known = turn.state.input(input);
      Optional<Duration> after = listening.after(input);
      if (after.isEmpty()) {
        known.ifPresent(was -> forget(turn, was));
      } else if (known.filter(InputState::silent).isEmpty()) {
        await(turn, input, after.get(), Optional.of(unheard(input)));
      }
    }
  }

  /** An event is handled, after the one before it. */
  void follow(Turn turn, Optional<Instant> before) {
    if (before.filter(at -> at.plus(PAUSE).isBefore(turn.now)).isPresent()) {
      resume(turn);
    }
  }

  private static void forget(Turn turn, InputState was) {
    was.silentSince()
        .ifPresent(
            since ->
                record(
                    turn,
                    was.input(),
                    false,
                    since,
                    "the configuration expects no sign of life any more"));
    turn.record(
        new Fact.InputHeard(
            was.input(), Optional.empty(), Optional.empty(), turn.now, Optional.empty()));
  }
}
