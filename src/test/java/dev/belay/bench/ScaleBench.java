package dev.belay.bench;

import dev.belay.core.alert.Alert;
import dev.belay.core.alert.Door;
import dev.belay.core.alert.Labels;
import dev.belay.core.alert.Matcher;
import dev.belay.core.engine.Core;
import dev.belay.core.engine.Event;
import dev.belay.core.engine.Settings;
import dev.belay.core.engine.State;
import dev.belay.core.release.Release;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Action;
import dev.belay.core.remediation.Remediation;
import dev.belay.core.remediation.Step;
import dev.belay.core.rule.AlertGroup;
import dev.belay.core.rule.AlertRule;
import dev.belay.core.rule.Condition;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an event costs the core where there are few rules or services, and where there are a
 * thousand times as many. The events are the same on both sides, and go to the same few services.
 */
public final class ScaleBench {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final int EVENTS = 20_000;
  private static final int ROUNDS = 7;

  /** So many services the events are about. */
  private static final int SPOKEN_OF = 10;

  private ScaleBench() {}

  /** Prints the table. */
  public static void main(String[] args) {
    Table.head("cost of an event, in nanoseconds");
    compare("10 000 rules beside 10", rules(10, 10), rules(10_000, 10_000));
    compare("100 000 services beside 100", rules(100, 0), rules(100_000, 0));
  }

  private static void compare(String what, RuleSet few, RuleSet many) {
    List<Event> alerts = new ArrayList<>();
    List<Event> releases = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      alerts.add(fired(i));
      releases.add(released(i));
    }
    compare("an alert, " + what, few, many, alerts);
    compare("a release, " + what, few, many, releases);
  }

  private static void compare(String what, RuleSet few, RuleSet many, List<Event> events) {
    Core one = new Core(few, Settings.DEFAULT);
    Core other = new Core(many, Settings.DEFAULT);
    double least = Double.MAX_VALUE;
    double leastOfMany = Double.MAX_VALUE;
    // In turn, so that what the machine does besides befalls both.
    for (int round = 0; round < ROUNDS; round++) {
      least = Math.min(least, nanos(one, events));
      leastOfMany = Math.min(leastOfMany, nanos(other, events));
    }
    Table.row(what, leastOfMany, least);
  }

  private static double nanos(Core core, List<Event> events) {
    State state = new State();
    long began = System.nanoTime();
    Instant now = START;
    for (Event event : events) {
      core.handle(state, event, now);
      now = now.plusMillis(1);
    }
    return (double) (System.nanoTime() - began) / events.size();
  }

  private static Event fired(int number) {
    Labels labels =
        Labels.of(
            "alertname",
            "Errors",
            "app",
            "s" + number % SPOKEN_OF,
            "instance",
            "pod-" + number / SPOKEN_OF);
    return new Event.AlertsReceived(
        Door.WEBHOOK,
        List.of(
            new Alert(
                labels,
                new TreeMap<>(),
                true,
                START,
                Optional.empty(),
                START.plus(Duration.ofHours(5)),
                "")),
        0);
  }

  private static Event released(int number) {
    return new Event.ReleaseReceived(
        new Release(
            "r" + number,
            "ci",
            "s" + number % SPOKEN_OF,
            "",
            Release.Change.DEPLOYED,
            Optional.of("1." + number),
            Optional.empty(),
            START,
            Optional.empty(),
            Optional.empty()));
  }

  private static RuleSet rules(int services, int alertRules) {
    List<Service> all = new ArrayList<>();
    for (int i = 0; i < services; i++) {
      all.add(service("s" + i));
    }
    List<AlertRule> rules = new ArrayList<>();
    for (int i = 0; i < alertRules; i++) {
      rules.add(
          new AlertRule(
              AlertGroup.named("g"),
              "Alert" + i,
              "up == 0",
              Duration.ofMinutes(2),
              Duration.ZERO,
              new TreeMap<>(),
              new TreeMap<>()));
    }
    return new RuleSet(List.of(), rules, all);
  }

  private static Service service(String name) {
    Workload workload = new Workload("deployment", name, "app");
    return new Service(
        name,
        Optional.of(workload),
        List.of(Matcher.equal("app", name)),
        List.of(),
        List.of(
            new Remediation(
                "errors",
                List.of(new Condition.AlertMatches(List.of(Matcher.equal("alertname", "Errors")))),
                Optional.of(Duration.ofHours(1)),
                Mode.VETO,
                List.of(
                    new Step(
                        new Action.Rollback(workload, Action.Baseline.LAST_GOOD),
                        Optional.empty(),
                        Optional.empty())))),
        Limits.DEFAULT,
        Service.DEFAULT_SOAK);
  }
}
