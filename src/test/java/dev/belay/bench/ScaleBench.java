package dev.belay.bench;

import dev.belay.core.alert.Alert;
import dev.belay.core.alert.Door;
import dev.belay.core.alert.Labels;
import dev.belay.core.alert.Matcher;
import dev.belay.core.engine.Candidate;
import dev.belay.core.engine.Core;
import dev.belay.core.engine.Decision;
import dev.belay.core.engine.Event;
import dev.belay.core.engine.Fact;
import dev.belay.core.engine.Listening;
import dev.belay.core.engine.Settings;
import dev.belay.core.engine.State;
import dev.belay.core.release.Release;
import dev.belay.core.release.Revision;
import dev.belay.core.release.Rollout;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Action;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Remediation;
import dev.belay.core.remediation.Step;
import dev.belay.core.rule.AlertGroup;
import dev.belay.core.rule.AlertRule;
import dev.belay.core.rule.Condition;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.Narrowing;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import dev.belay.journal.Retention;
import dev.belay.journal.SqliteJournal;
import dev.belay.port.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What an event costs the core where there are few rules or services, and where there are a
 * thousand times as many.
 *
 * <p>Something is known of each of them beforehand: a release, a revision that runs, an alert (of
 * every other service one that fires, so that it is in trouble), and an alert of each rule that is
 * pending. The events go over all of them, in no order, and none gets a kind of event twice: what
 * there is to do is the same on both sides. Where there are few, as many States are gone through as
 * it takes for as many events: one after the other, so that a State is in the processor's caches;
 * and in another table with all of them there at once, so that none is. What is left of the
 * difference there is what is done more, and rules, of which only one side has many.
 *
 * <p>An event is done with when what was decided of it is durable; so that is measured too, by the
 * real journal.
 */
public final class ScaleBench {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration LONG = Duration.ofHours(5);
  private static final Duration INTERVAL = Duration.ofSeconds(15);

  /** Between two events: so little that nothing is due before time is said to pass. */
  private static final Duration PAUSE = Duration.ofNanos(50_000);

  private static final int EVENTS = 10_000;
  private static final int ROUNDS = 5;
  private static final int AT_ONCE = 1_000;
  private static final double GOAL = 1.3;

  private ScaleBench() {}

  /** Prints the tables. */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createTempDirectory("belay-bench");
    try (SqliteJournal journal = SqliteJournal.open(folder, Retention.DEFAULT)) {
      var _ = journal.recover();
      compare("10 000 services and rules beside 10", 10, 10_000, true, journal);
      compare("100 000 services beside 100", 100, 100_000, false, journal);
    }
    Table.note("the goal: at most " + Math.round(100 * GOAL) + "%");
  }

  /** What is measured, in this order. */
  private enum Kind {
    RELEASE("a release"),
    LOOK("a look at a workload as it was"),
    ALERT("an alert"),
    RULE("an evaluation of a rule"),
    TIME("time that passes until something is due"),
    JOURNAL("writing down what was decided of one of each");

    private final String title;

    Kind(String title) {
      this.title = title;
    }
  }

  private static void compare(String what, int few, int many, boolean withRules, Journal journal) {
    Core ofFew = new Core(rules(few, withRules), settings());
    Core ofMany = new Core(rules(many, withRules), settings());
    Costs one = new Costs();
    Costs apart = new Costs();
    Costs together = new Costs();
    // In turn, so that what the machine does besides befalls all.
    for (int round = 0; round < ROUNDS; round++) {
      one.keepLeast(costsOfFew(ofFew, few, withRules, journal));
      apart.keepLeast(costs(ofFew, few, many / few, withRules, journal));
      together.keepLeast(costs(ofMany, many, 1, withRules, journal));
    }
    together.print("nanoseconds an event, " + what, one);
    together.print("the same, beside as many in States of " + few, apart);
  }

  /** What an event of each kind that there is costs, in nanoseconds. */
  private static final class Costs {
    private final Map<Kind, Double> nanos = new EnumMap<>(Kind.class);
    private final List<Journal.Entry> entries = new ArrayList<>();

    void add(Kind kind, double more) {
      nanos.merge(kind, more, Double::sum);
    }

    /** Keeps what was decided, to be written down. */
    void decided(Instant at, List<Fact> facts) {
      entries.addAll(Journal.Entry.of(at, facts));
    }

    /** Writes it down, as many entries at once as the engine hands over under load. */
    void write(Journal journal, int events) {
      long began = System.nanoTime();
      for (int from = 0; from < entries.size(); from += AT_ONCE) {
        journal.append(entries.subList(from, Math.min(from + AT_ONCE, entries.size())));
      }
      add(Kind.JOURNAL, (double) (System.nanoTime() - began) / events);
      entries.clear();
    }

    void keepLeast(Costs others) {
      others.nanos.forEach((kind, cost) -> nanos.merge(kind, cost, Math::min));
    }

    void print(String title, Costs beside) {
      Table.head(title);
      nanos.forEach(
          (kind, cost) -> Table.row(kind.title, cost, beside.nanos.getOrDefault(kind, 0.0)));
      double written = nanos.getOrDefault(Kind.JOURNAL, 0.0);
      double besideWritten = beside.nanos.getOrDefault(Kind.JOURNAL, 0.0);
      Table.row("one of each, decided", sum() - written, beside.sum() - besideWritten);
      Table.row("one of each, decided and durable", sum(), beside.sum());
    }

    private double sum() {
      return nanos.values().stream().mapToDouble(cost -> cost).sum();
    }
  }

  /** In one State after the other. */
  private static Costs costsOfFew(Core core, int services, boolean withRules, Journal journal) {
    System.gc();
    Costs costs = new Costs();
    int courses = EVENTS / services;
    for (int i = 0; i < courses; i++) {
      new Course(core, services, 1, withRules).measure(services, 1.0 / courses, costs);
    }
    costs.write(journal, EVENTS);
    return costs;
  }

  private static Costs costs(
      Core core, int services, int states, boolean withRules, Journal journal) {
    Course course = new Course(core, services, states, withRules);
    // Lest what was made just now is moved about while events are measured.
    System.gc();
    Costs costs = new Costs();
    course.measure(EVENTS, 1, costs);
    costs.write(journal, EVENTS);
    return costs;
  }

  /** Numbers in no order. */
  private static List<Integer> drawn(int count, int seed) {
    List<Integer> all = new ArrayList<>(IntStream.range(0, count).boxed().toList());
    Collections.shuffle(all, new Random(seed));
    return all;
  }

  /** States in which something is known of every service and rule, and their time. */
  private static final class Course {
    private final Core core;
    private final int services;
    private final List<State> states;
    private final boolean withRules;
    private Instant now = START;

    /**
     * So many States.
     *
     * @param services how many there are in each
     */
    Course(Core core, int services, int states, boolean withRules) {
      this.core = core;
      this.services = services;
      this.states = Stream.generate(State::new).limit(states).toList();
      this.withRules = withRules;
      List<Integer> all = drawn(services * states, 1);
      all.forEach(number -> known(number, released(number % services, 0)));
      all.forEach(number -> known(number, seen(number % services)));
      all.forEach(number -> known(number, alert(number % services, 0, number % 2 == 0)));
      if (withRules) {
        all.forEach(number -> known(number, evaluated(number % services, START)));
      }
    }

    private State state(int number) {
      return states.get(number / services);
    }

    private void known(int number, Event event) {
      var _ = handle(number, event);
    }

    private Decision handle(int number, Event event) {
      Decision decision = core.handle(state(number), event, now);
      now = now.plus(PAUSE);
      return decision;
    }

    /** Adds this part of what an event of each kind costs. */
    void measure(int events, double part, Costs costs) {
      List<Integer> drawn = drawn(services * states.size(), 2).subList(0, events);
      for (Kind kind : Kind.values()) {
        if (kind != Kind.JOURNAL && (withRules || kind != Kind.RULE)) {
          costs.add(kind, part * nanos(kind, drawn, costs) / events);
        }
      }
    }

    private long nanos(Kind kind, List<Integer> drawn, Costs costs) {
      return switch (kind) {
        case RELEASE -> nanos(drawn, number -> released(number, 1), costs);
        case LOOK -> nanos(drawn, ScaleBench::seen, costs);
        case ALERT -> nanos(drawn, number -> alert(number, 1, true), costs);
        case RULE -> nanos(drawn, number -> evaluated(number, START.plus(INTERVAL)), costs);
        case TIME -> passing(drawn, costs);
        case JOURNAL -> throw new IllegalArgumentException("no event");
      };
    }

    private long nanos(List<Integer> drawn, IntFunction<Event> event, Costs costs) {
      List<Event> events = drawn.stream().map(number -> event.apply(number % services)).toList();
      List<Decision> decisions = new ArrayList<>(events.size());
      long began = System.nanoTime();
      for (int i = 0; i < events.size(); i++) {
        decisions.add(handle(drawn.get(i), events.get(i)));
      }
      long nanos = System.nanoTime() - began;
      decisions.forEach(decision -> costs.decided(now, decision.facts()));
      return nanos;
    }

    /** As the engine has it pass: it asks when something is due, and says so then. */
    private long passing(List<Integer> drawn, Costs costs) {
      Event passed = new Event.TimePassed();
      List<Decision> decisions = new ArrayList<>(drawn.size());
      long began = System.nanoTime();
      for (int number : drawn) {
        State state = state(number);
        Instant due = state.nextDeadline().orElseThrow();
        decisions.add(core.handle(state, passed, due.isAfter(now) ? due : now));
      }
      long nanos = System.nanoTime() - began;
      decisions.forEach(decision -> costs.decided(now, decision.facts()));
      return nanos;
    }
  }

  private static Event released(int service, int number) {
    return new Event.ReleaseReceived(
        new Release(
            "r" + service + "-" + number,
            "ci",
            "s" + service,
            "",
            Release.Change.DEPLOYED,
            Optional.of("1." + number),
            Optional.empty(),
            START.plusSeconds(number),
            Optional.empty(),
            Optional.empty()));
  }

  private static Event seen(int service) {
    String name = "s" + service;
    return new Event.WorkloadSeen(
        name,
        new Observation.OfWorkload(
            workload(name),
            "uid-" + service,
            1,
            false,
            Rollout.done("1 of 1 updated"),
            "digest-" + service,
            Optional.empty(),
            Optional.empty(),
            List.of(
                new Revision(
                    "revision-" + service,
                    1,
                    "digest-" + service,
                    List.of("registry/" + name + ":1.0"),
                    START,
                    1,
                    Optional.empty())),
            Narrowing.NONE,
            Map.of()));
  }

  private static Event alert(int service, int pod, boolean firing) {
    Labels labels =
        Labels.of("alertname", "Errors", "app", "s" + service, "instance", "pod-" + pod);
    return new Event.AlertsReceived(
        Door.WEBHOOK,
        List.of(
            new Alert(
                labels,
                new TreeMap<>(),
                firing,
                START,
                firing ? Optional.empty() : Optional.of(START),
                START.plus(LONG),
                "")),
        0);
  }

  private static Event evaluated(int rule, Instant at) {
    Labels labels = Labels.of("alertname", "Alert" + rule, "app", "s" + rule);
    return new Event.RuleEvaluated(
        alertRule(rule).id(),
        at,
        INTERVAL,
        Optional.of(List.of(new Candidate(labels, new TreeMap<>()))),
        List.of());
  }

  /** By which Belay acts, and in which a storm brake does not keep it from that. */
  private static Settings settings() {
    Settings usual = Settings.DEFAULT;
    return new Settings(
        Mode.ACT,
        usual.stormServices(),
        PAUSE,
        Integer.MAX_VALUE,
        usual.blindAfter(),
        usual.clusterPatience(),
        usual.settlePatience(),
        usual.intentLife(),
        usual.alertRoom(),
        usual.crashLoop(),
        Listening.NONE);
  }

  private static RuleSet rules(int services, boolean withRules) {
    return new RuleSet(
        List.of(),
        IntStream.range(0, withRules ? services : 0).mapToObj(ScaleBench::alertRule).toList(),
        IntStream.range(0, services).mapToObj(number -> service("s" + number)).toList());
  }

  private static AlertRule alertRule(int number) {
    return new AlertRule(
        AlertGroup.named("g"),
        "Alert" + number,
        "up == 0",
        Duration.ofMinutes(2),
        Duration.ZERO,
        new TreeMap<>(),
        new TreeMap<>());
  }

  private static Workload workload(String service) {
    return new Workload("deployment", "app", service);
  }

  private static Service service(String name) {
    return new Service(
        name,
        Optional.of(workload(name)),
        List.of(Matcher.equal("app", name)),
        List.of(),
        List.of(
            new Remediation(
                "errors",
                List.of(new Condition.AlertMatches(List.of(Matcher.equal("alertname", "Errors")))),
                Optional.of(Duration.ofHours(1)),
                Mode.ACT,
                List.of(
                    new Step(
                        new Action.Rollback(workload(name), Action.Baseline.LAST_GOOD),
                        Optional.empty(),
                        Optional.empty())))),
        Limits.DEFAULT,
        Service.DEFAULT_SOAK);
  }
}
