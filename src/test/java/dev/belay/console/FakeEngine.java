package dev.belay.console;

import dev.belay.core.alert.Alert;
import dev.belay.core.alert.Door;
import dev.belay.core.alert.Labels;
import dev.belay.core.alert.Matcher;
import dev.belay.core.engine.Command;
import dev.belay.core.engine.Core;
import dev.belay.core.engine.Decision;
import dev.belay.core.engine.Event;
import dev.belay.core.engine.Listening;
import dev.belay.core.engine.Reading;
import dev.belay.core.engine.Run;
import dev.belay.core.engine.Settings;
import dev.belay.core.engine.State;
import dev.belay.core.release.Owner;
import dev.belay.core.release.Release;
import dev.belay.core.release.Revision;
import dev.belay.core.release.Rollout;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Action;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.ConfigMapRef;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Preflight;
import dev.belay.core.remediation.Remediation;
import dev.belay.core.remediation.Settlement;
import dev.belay.core.remediation.Step;
import dev.belay.core.remediation.Target;
import dev.belay.core.rule.Condition;
import dev.belay.core.rule.Environment;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.Narrowing;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import dev.belay.core.rule.Signal;
import dev.belay.core.rule.Trigger;
import dev.belay.port.Inbox;
import dev.belay.port.InboxFull;
import dev.belay.port.Journal;
import dev.belay.port.Queries;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An engine that keeps everything in lists and decides with the real core, at once. */
final class FakeEngine implements Queries, Inbox {
  static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
  static final String OLD = "covet:1.4.1";
  static final String NEW = "covet:1.4.2";
  private static final String FULL = "The mailbox is full; try again later.";
  private static final Workload WORKLOAD = new Workload("deployment", "covet", "covet-app");
  private static final ConfigMapRef FLAGS = new ConfigMapRef("covet", "covet-config");

  static final RuleSet RULES =
      new RuleSet(
          List.of(new Environment("production", "main", "covet", Optional.empty())),
          List.of(),
          List.of(
              new Service(
                  "covet",
                  Optional.of(WORKLOAD),
                  List.of(Matcher.equal("namespace", "covet")),
                  List.of(
                      new Trigger(
                          Signal.ERROR_RATE,
                          Optional.empty(),
                          true,
                          0.05,
                          Duration.ofMinutes(2),
                          "> 5% for 2 minutes")),
                  List.of(
                      new Remediation(
                          "bad-release",
                          List.of(
                              new Condition.AnyTrigger(),
                              new Condition.AlertMatches(
                                  List.of(Matcher.equal("alertname", "HighErrorRate")))),
                          Optional.of(Duration.ofHours(1)),
                          Mode.VETO,
                          List.of(
                              new Step(
                                  new Action.Rollback(WORKLOAD, Action.Baseline.LAST_GOOD),
                                  Optional.empty(),
                                  Optional.of(Duration.ofMinutes(3))),
                              new Step(new Action.Page(), Optional.empty(), Optional.empty()))),
                      new Remediation(
                          "overload",
                          List.of(
                              new Condition.AlertMatches(
                                  List.of(Matcher.equal("alertname", "HighLatency")))),
                          Optional.empty(),
                          Mode.ACT,
                          List.of(
                              new Step(
                                  new Action.Flags(
                                      FLAGS, new TreeMap<>(Map.of("ANALYTICS", "false"))),
                                  Optional.of(Duration.ofMinutes(30)),
                                  Optional.of(Duration.ofMinutes(2))),
                              new Step(new Action.Page(), Optional.empty(), Optional.empty())))),
                  Limits.DEFAULT,
                  Service.DEFAULT_SOAK)));

  private final Core core =
      new Core(
          RULES,
          new Settings(
              Mode.ACT,
              5,
              Duration.ofMinutes(1),
              10,
              Duration.ofMinutes(1),
              Duration.ofMinutes(2),
              Duration.ofMinutes(10),
              Duration.ofMinutes(5),
              Settings.DEFAULT.alertRoom(),
              Settings.CrashLoop.DEFAULT,
              Listening.NONE),
          "",
          List.of("slack"));
  private final State state = new State();
  final List<Journal.Entry> entries = new ArrayList<>();
  private final List<Command> commands = new ArrayList<>();
  private volatile Instant now = START;
  private volatile boolean full;
  private volatile Duration perEntry = Duration.ZERO;
  private final List<Instant> read = new ArrayList<>();

  InstantSource clock() {
    return () -> now;
  }

  /** From here on nothing is taken in and nothing is answered. */
  void fill() {
    full = true;
  }

  /** From here on so much time passes with every entry that is read. */
  void slow(Duration each) {
    perEntry = each;
  }

  /** The moments of the entries that were read since this was asked last. */
  synchronized List<Instant> read() {
    List<Instant> moments = List.copyOf(read);
    read.clear();
    return moments;
  }

  @Override
  public synchronized <T> CompletionStage<T> ask(Function<State, T> question) {
    return full
        ? CompletableFuture.failedFuture(new InboxFull(FULL))
        : CompletableFuture.completedFuture(question.apply(state));
  }

  @Override
  public synchronized void history(Instant from, Instant to, Consumer<Journal.Entry> each) {
    entries.stream()
        .filter(entry -> !entry.at().isBefore(from) && !entry.at().isAfter(to))
        .forEach(
            entry -> {
              read.add(entry.at());
              now = now.plus(perEntry);
              each.accept(entry);
            });
  }

  @Override
  public synchronized CompletionStage<@Nullable Void> offer(Event event) {
    CompletableFuture<@Nullable Void> taken = new CompletableFuture<>();
    if (full) {
      taken.completeExceptionally(new InboxFull(FULL));
    } else {
      handle(event);
      taken.complete(null);
    }
    return taken;
  }

  synchronized void handle(Event event) {
    Decision decision = core.handle(state, event, now);
    commands.addAll(decision.commands());
    if (!decision.facts().isEmpty()) {
      entries.add(new Journal.Entry(now, decision.facts()));
    }
  }

  FakeEngine pass(Duration time) {
    now = now.plus(time);
    handle(new Event.Swept());
    return this;
  }

  // ---- the world

  private static Revision revision(long number, String image) {
    return new Revision(
        "rs-" + number,
        number,
        "digest-" + number,
        List.of(image),
        number == 1 ? START.minus(Duration.ofDays(1)) : START.plus(Duration.ofMinutes(20)),
        2,
        number == 1 ? Optional.empty() : Optional.of("set image"));
  }

  private static Observation.OfWorkload workload(boolean upgraded) {
    Revision first = revision(1, OLD);
    Revision second = revision(2, NEW);
    return new Observation.OfWorkload(
        WORKLOAD,
        "uid",
        upgraded ? 2 : 1,
        false,
        Rollout.done(""),
        upgraded ? second.digest() : first.digest(),
        Optional.of(new Owner("Helm", false)),
        Optional.empty(),
        upgraded ? List.of(second, first) : List.of(first),
        Narrowing.NONE,
        Map.of());
  }

  /** A revision proves good, another one is released, and errors begin. */
  FakeEngine badRelease() {
    for (int minute = 0; minute < 20; minute++) {
      handle(new Event.WorkloadSeen("covet", workload(false)));
      handle(
          new Event.SignalsRead(
              "covet",
              List.of(
                  new Reading(
                      RULES.services().getFirst().triggers().getFirst().name(),
                      Optional.of(0.0),
                      ""))));
      pass(Duration.ofMinutes(1));
    }
    release("rel-42", "covet");
    handle(new Event.WorkloadSeen("covet", workload(true)));
    pass(Duration.ofMinutes(5));
    alert(Map.of("alertname", "HighErrorRate", "namespace", "covet"), true);
    return this;
  }

  FakeEngine release(String id, String service) {
    handle(
        new Event.ReleaseReceived(
            new Release(
                id,
                "ci",
                service,
                "production",
                Release.Change.UPGRADED,
                Optional.of("1.4.2"),
                Optional.of(NEW),
                now,
                Optional.of(now),
                Optional.of("ada"))));
    return this;
  }

  FakeEngine alert(Map<String, String> labels, boolean firing) {
    handle(
        new Event.AlertsReceived(
            Door.WEBHOOK,
            List.of(
                new Alert(
                    Labels.of(labels),
                    new TreeMap<>(),
                    firing,
                    now,
                    firing ? Optional.empty() : Optional.of(now),
                    now.plus(Duration.ofHours(4)),
                    "")),
            0));
    return this;
  }

  /** Answers every command as a cluster would in which everything goes well, until none is left. */
  FakeEngine obey() {
    while (!commands.isEmpty()) {
      List<Command> waiting = List.copyOf(commands);
      commands.clear();
      waiting.forEach(this::obey);
    }
    return this;
  }

  /** Answers in the same way until the next change is intended, and leaves that unanswered. */
  FakeEngine obeyUntilApplied() {
    while (!commands.isEmpty() && !(commands.getFirst() instanceof Command.Apply)) {
      obey(commands.removeFirst());
    }
    return this;
  }

  /** The body of an approval of what asks now. */
  synchronized String shown() {
    Run run = state.service("covet").orElseThrow().run().orElseThrow();
    return "{\"action\": \"%s\", \"plan\": \"%s\"}"
        .formatted(run.action(), run.plan().orElseThrow().digest());
  }

  /** The action of the run under way. */
  synchronized ActionId runningAction() {
    return state.service("covet").orElseThrow().run().orElseThrow().action();
  }

  private void obey(Command command) {
    switch (command) {
      case Command.Observe(var service, var action, var target) ->
          handle(
              new Event.Observed(
                  service,
                  action,
                  switch (target) {
                    case Target.OfWorkload _ -> workload(true);
                    case Target.OfConfigMap _ ->
                        new Observation.OfConfigMap(
                            FLAGS, "cm", false, new TreeMap<>(Map.of("ANALYTICS", "true")));
                    case Target.OfManifests(var manifests) ->
                        new Observation.OfManifests(manifests, List.of());
                  }));
      case Command.Preflight(var service, var action, var plan, _) ->
          handle(
              new Event.Preflighted(service, action, new Preflight.Ready(plan), Optional.empty()));
      case Command.Apply(var service, var action, _, _) -> applied(service, action);
      case Command.Settle(var service, var action, _) ->
          handle(new Event.SettlementSeen(service, action, new Settlement.Settled("rolled out")));
      case Command.Inspect _, Command.Notify _ -> {}
    }
  }

  private void applied(String service, ActionId action) {
    handle(
        new Event.ActionFinished(service, action, new Outcome.Applied("The cluster accepted it.")));
  }
}
