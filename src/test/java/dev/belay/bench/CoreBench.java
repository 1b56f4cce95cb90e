package dev.belay.bench;

import dev.belay.core.alert.Alert;
import dev.belay.core.alert.Door;
import dev.belay.core.alert.Labels;
import dev.belay.core.alert.Matcher;
import dev.belay.core.engine.Core;
import dev.belay.core.engine.Event;
import dev.belay.core.engine.Listening;
import dev.belay.core.engine.Settings;
import dev.belay.core.engine.State;
import dev.belay.core.release.Release;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Action;
import dev.belay.core.remediation.Remediation;
import dev.belay.core.remediation.Step;
import dev.belay.core.rule.Condition;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one event costs the core, while what it knows of grows: the figures of a column must stay
 * what they are from row to row.
 *
 * <pre>
 *   mvn -q -Pbench process-test-classes -Dbench=dev.belay.bench.CoreBench
 * </pre>
 */
public final class CoreBench {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant LATER = START.plus(Duration.ofHours(1));
  private static final int WARM = 3;
  private static final int LAST = 256;

  private CoreBench() {}

  /** Prints the table. */
  public static void main(String[] args) {
    for (int i = 0; i < WARM; i++) {
      alertsOfOneService(512, true);
      services(512);
      due(512);
    }
    System.out.printf(
        "%8s %26s %26s %26s %26s%n",
        "n",
        "n alerts, no release",
        "n alerts, release to blame",
        "n services, an alert each",
        "n alerts run out in turn");
    for (int n : new int[] {256, 1_024, 4_096}) {
      System.out.printf(
          Locale.ROOT,
          "%8d %26s %26s %26s %26s%n",
          n,
          alertsOfOneService(n, false),
          alertsOfOneService(n, true),
          services(n),
          due(n));
    }
    System.out.println("all of them, and each of the last " + LAST);
  }

  /** How long it took, of n events each the next. */
  private record Cost(long allNanos, long lastNanos) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.0f ms, %.1f us", allNanos / 1e6, lastNanos / 1e3 / LAST);
    }
  }

  private static Cost time(int n, Core core, State state, List<Event> events, Duration pause) {
    return time(START.plusSeconds(1), n, core, state, events, pause);
  }

  private static Cost time(
      Instant from, int n, Core core, State state, List<Event> events, Duration pause) {
    long began = System.nanoTime();
    long last = began;
    Instant now = from;
    for (int i = 0; i < n; i++) {
      if (i == n - LAST) {
        last = System.nanoTime();
      }
      core.handle(state, events.get(i), now);
      now = now.plus(pause);
    }
    long ended = System.nanoTime();
    return new Cost(ended - began, ended - last);
  }

  private static Cost alertsOfOneService(int n, boolean release) {
    Core core = new Core(rules(1), settings());
    State state = new State();
    if (release) {
      core.handle(state, released(), START);
    }
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      events.add(fired(0, "Errors" + i % 8, i, START.plus(Duration.ofHours(5))));
    }
    return time(n, core, state, events, Duration.ZERO);
  }

  private static Cost services(int n) {
    Core core = new Core(rules(n), settings());
    State state = new State();
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      events.add(fired(i, "Errors", i, START.plus(Duration.ofHours(5))));
    }
    // One after the other, or it is a storm, in which less is done.
    return time(n, core, state, events, Duration.ofSeconds(2));
  }

  private static Cost due(int n) {
    Core core = new Core(rules(n), settings());
    State state = new State();
    List<Event> passing = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      core.handle(state, fired(i, "Errors", i, LATER.plusMillis(i)), START);
      core.handle(state, fired(i, "More", i, START.plus(Duration.ofHours(5))), START);
      passing.add(new Event.TimePassed());
    }
    return time(LATER, n, core, state, passing, Duration.ofMillis(1));
  }

  private static Event fired(int service, String name, int instance, Instant validUntil) {
    Labels labels =
        Labels.of("alertname", name, "app", "s" + service, "instance", "pod-" + instance);
    return new Event.AlertsReceived(
        Door.WEBHOOK,
        List.of(new Alert(labels, new TreeMap<>(), true, START, Optional.empty(), validUntil, "")),
        0);
  }

  private static Event released() {
    return new Event.ReleaseReceived(
        new Release(
            "r1",
            "ci",
            "s0",
            "",
            Release.Change.DEPLOYED,
            Optional.empty(),
            Optional.empty(),
            START.minusSeconds(60),
            Optional.empty(),
            Optional.empty()));
  }

  private static Settings settings() {
    Settings usual = Settings.DEFAULT;
    return new Settings(
        Mode.ACT,
        100,
        usual.stormWindow(),
        usual.actionsPerHour(),
        usual.blindAfter(),
        usual.clusterPatience(),
        usual.settlePatience(),
        usual.intentLife(),
        Settings.DEFAULT.alertRoom(),
        Settings.CrashLoop.DEFAULT,
        Listening.NONE);
  }

  private static RuleSet rules(int n) {
    List<Service> services = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      services.add(service("s" + i));
    }
    return new RuleSet(List.of(), List.of(), services);
  }

  private static Service service(String name) {
    Workload workload = new Workload("deployment", name, "app");
    List<Remediation> remediations = new ArrayList<>();
    for (String alert : List.of("Unheard", "Errors0", "Errors")) {
      remediations.add(
          new Remediation(
              "on-" + alert,
              List.of(new Condition.AlertMatches(List.of(Matcher.equal("alertname", alert)))),
              Optional.of(Duration.ofHours(1)),
              Mode.VETO,
              List.of(
                  new Step(
                      new Action.Rollback(workload, Action.Baseline.LAST_GOOD),
                      Optional.empty(),
                      Optional.empty()))));
    }
    return new Service(
        name,
        Optional.of(workload),
        List.of(Matcher.equal("app", name)),
        List.of(),
        remediations,
        Limits.DEFAULT,
        Service.DEFAULT_SOAK);
  }
}
