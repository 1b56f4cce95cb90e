package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.belay.core.alert.Alert;
import dev.belay.core.alert.Door;
import dev.belay.core.alert.Labels;
import dev.belay.core.incident.Incident;
import dev.belay.core.incident.Notice;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Release;
import dev.belay.core.release.Revision;
import dev.belay.core.release.Rollout;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Inspection;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Preflight;
import dev.belay.core.remediation.Settlement;
import dev.belay.core.rule.Narrowing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Drives a {@link Core} on a virtual clock. After every event it checks that the facts alone
 * rebuild the State, and that a snapshot does.
 */
final class Scene {
  static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  static final String SHOP = "shop";
  static final String OLD = "digest-1";
  static final String NEW = "digest-2";

  /** The engine looks around as often. */
  private static final Duration SWEEP = Duration.ofSeconds(15);

  private Core core;
  private State state = new State();
  private State rebuilt = new State();
  private final List<Fact> facts = new ArrayList<>();
  private int repeats;
  private final List<Command> commands = new ArrayList<>();
  private final List<Fact> lastFacts = new ArrayList<>();
  Instant now = START;
  long generation = 7;

  /** How the image of a template is written in the cluster. */
  UnaryOperator<String> image = digest -> SHOP + ":" + digest;

  /** What the shop's team says on its workload. */
  Narrowing narrowing = Narrowing.NONE;

  Scene(Core core) {
    this.core = core;
  }

  /** A scene by these rules in which the shop's old revision is known good. */
  static Scene settled(Core core) {
    Scene scene = new Scene(core).well(Duration.ofMinutes(11));
    assertEquals(RevisionRecord.Judgement.GOOD, scene.shop().present().orElseThrow().judgement());
    return scene;
  }

  /** One with a bad release besides, and the alert that it set off. */
  static Scene troubled(Core core) {
    Scene scene = settled(core);
    scene.pass(Duration.ofMinutes(5));
    scene.release("r2");
    scene.workload(NEW, true);
    scene.pass(Duration.ofMinutes(1));
    scene.fire("Errors");
    return scene;
  }

  // ---- what arrives

  Scene send(Event event) {
    Decision decision = core.handle(state, event, now);
    lastFacts.clear();
    lastFacts.addAll(decision.facts());
    facts.addAll(decision.facts());
    repeats += decision.repeats();
    commands.addAll(decision.commands());
    decision.facts().forEach(rebuilt::apply);
    assertEquals(state.snapshot(), rebuilt.snapshot(), "the facts rebuild the State");
    State restored = State.of(state.snapshot());
    assertEquals(state.snapshot(), restored.snapshot(), "a snapshot rebuilds the State");
    assertEquals(derived(state), derived(rebuilt), "the facts rebuild what is derived");
    assertEquals(derived(state), derived(restored), "a snapshot rebuilds what is derived");
    return this;
  }

  /** What the State keeps besides what stands in a snapshot. */
  private static String derived(State state) {
    return state.troubled()
        + state.services().stream()
            .map(
                service -> service.name() + service.firing() + Trouble.of(service).summary() + "; ")
            .toList()
            .toString();
  }

  /**
   * Lets time pass, stopping whenever something is due; where it is listened, the engine sweeps
   * again and again.
   */
  Scene pass(Duration duration) {
    Instant end = now.plus(duration);
    while (!state.inputs().isEmpty() && now.plus(SWEEP).isBefore(end)) {
      sweep(now.plus(SWEEP));
    }
    return sweep(end);
  }

  private Scene sweep(Instant until) {
    Optional<Instant> due = state.nextDeadline();
    while (due.isPresent() && due.get().isBefore(until)) {
      now = due.get().isBefore(now) ? now : due.get();
      send(new Event.TimePassed());
      Optional<Instant> next = state.nextDeadline();
      due = next.filter(at -> at.isAfter(now));
    }
    now = until;
    return send(new Event.Swept());
  }

  Scene pass(String duration) {
    return pass(Duration.parse("PT" + duration));
  }

  /** The daemon ends and starts again after a while, by these rules. */
  Scene restart(Duration downtime, Core rules) {
    now = now.plus(downtime);
    core = rules;
    state = State.of(state.snapshot());
    commands.clear();
    return send(new Event.Started());
  }

  Scene restart(Duration downtime) {
    return restart(downtime, core);
  }

  Scene fire(String name) {
    return fire(name, now);
  }

  Scene fire(String name, Instant startsAt) {
    return send(alerts(Door.WEBHOOK, 0, alert(SHOP, name, true, startsAt, Optional.empty())));
  }

  /** The alert fires, and its sender has no word for longer than this. */
  Scene fireFor(String name, Duration validity) {
    return send(
        alerts(
            Door.WEBHOOK,
            0,
            new Alert(
                labels(SHOP, name),
                new TreeMap<>(),
                true,
                now,
                Optional.empty(),
                now.plus(validity),
                "")));
  }

  Scene resolve(String name, Instant startsAt, Instant endsAt) {
    return send(alerts(Door.WEBHOOK, 0, alert(SHOP, name, false, startsAt, Optional.of(endsAt))));
  }

  /** Resolves an alert that fires. */
  Scene resolve(String name) {
    Instant startsAt = state.alert(labels(SHOP, name)).orElseThrow().startsAt();
    return resolve(name, startsAt, now);
  }

  static Event.AlertsReceived alerts(Door door, long truncated, Alert... alerts) {
    return new Event.AlertsReceived(door, Arrays.asList(alerts), truncated);
  }

  Alert alert(
      String service, String name, boolean firing, Instant startsAt, Optional<Instant> endsAt) {
    return new Alert(
        labels(service, name),
        new TreeMap<>(),
        firing,
        startsAt,
        endsAt,
        now.plus(Duration.ofHours(5)),
        "");
  }

  static Labels labels(String service, String name) {
    return Labels.of(Map.of("alertname", name, "app", service));
  }

  Scene release(String id) {
    return release(id, now, Optional.empty());
  }

  Scene release(String id, Instant startedAt, Optional<String> image) {
    return send(
        new Event.ReleaseReceived(
            releaseOf(id, Release.Change.DEPLOYED, startedAt, Optional.empty(), image)));
  }

  static Release releaseOf(
      String id,
      Release.Change change,
      Instant startedAt,
      Optional<Instant> finishedAt,
      Optional<String> image) {
    return new Release(
        id,
        "ci",
        SHOP,
        "",
        change,
        Optional.of(id),
        image,
        startedAt,
        finishedAt,
        Optional.empty());
  }

  /** The cluster is looked at: the shop runs this template, newly if it did not before. */
  Scene workload(String digest, boolean complete) {
    return send(new Event.WorkloadSeen(SHOP, observation(digest, complete)));
  }

  private final Map<String, Instant> made = new TreeMap<>();

  Observation.OfWorkload observation(String digest, boolean complete) {
    made.putIfAbsent(digest, now);
    List<Revision> revisions =
        made.entrySet().stream()
            .sorted(Map.Entry.<String, Instant>comparingByValue().reversed())
            .map(
                entry ->
                    new Revision(
                        "uid-" + entry.getKey(),
                        Long.parseLong(entry.getKey().substring("digest-".length())),
                        entry.getKey(),
                        List.of(image.apply(entry.getKey())),
                        entry.getValue(),
                        1,
                        Optional.empty()))
            .toList();
    return new Observation.OfWorkload(
        Rules.SHOP_WORKLOAD,
        "uid",
        generation,
        false,
        complete ? Rollout.done("") : Rollout.underWay(Set.of(), ""),
        digest,
        Optional.empty(),
        Optional.empty(),
        revisions,
        narrowing,
        Map.of());
  }

  /** For so long the old revision is looked at every half minute, and nothing is wrong. */
  Scene well(Duration duration) {
    Instant until = now.plus(duration);
    while (now.isBefore(until)) {
      workload(OLD, true).read(Rules.ERRORS.name(), 0.01).workload(OLD, true).pass("30S");
    }
    return workload(OLD, true);
  }

  Scene read(String trigger, Optional<Double> value) {
    return send(new Event.SignalsRead(SHOP, List.of(new Reading(trigger, value, ""))));
  }

  Scene read(String trigger, double value) {
    return read(trigger, Optional.of(value));
  }

  // ---- answers

  Scene observed(Observation observation) {
    return send(new Event.Observed(SHOP, action(), observation));
  }

  Scene observed() {
    return observed(observation(shop().present().orElseThrow().revision().digest(), true));
  }

  Scene ready() {
    return preflighted(new Preflight.Ready(plan()));
  }

  Scene preflighted(Preflight preflight) {
    return send(
        new Event.Preflighted(
            SHOP,
            action(),
            preflight,
            shop().present().map(ran -> observation(ran.revision().digest(), true))));
  }

  Scene finished(Outcome outcome) {
    return send(new Event.ActionFinished(SHOP, action(), outcome));
  }

  Scene inspected(Inspection.Finding finding) {
    return send(new Event.Inspected(SHOP, action(), new Inspection(finding, "seen")));
  }

  Scene inspected(Lease lease, Inspection.Finding finding) {
    return send(new Event.Inspected(SHOP, lease.undoAction(), new Inspection(finding, "seen")));
  }

  Scene settlement(Settlement settlement) {
    return send(new Event.SettlementSeen(SHOP, action(), settlement));
  }

  /** Carries the run, which counts down or acts at once, to this phase. */
  Scene until(Run.Phase phase) {
    List<Runnable> steps =
        List.of(
            this::observed,
            () -> pass(run().phase() == Run.Phase.COUNTDOWN ? "30S" : "0S"),
            this::ready,
            () -> finished(new Outcome.Applied("done")),
            () -> settlement(new Settlement.Settled("done")));
    for (Runnable step : steps) {
      if (shop().run().isPresent() && run().phase() == phase) {
        return this;
      }
      step.run();
    }
    assertEquals(phase, run().phase());
    return this;
  }

  // ---- what is there

  /** What the last event led to. */
  List<Fact> lastFacts() {
    return List.copyOf(lastFacts);
  }

  State state() {
    return state;
  }

  ServiceState shop() {
    return state.service(SHOP).orElseThrow();
  }

  Run run() {
    return shop().run().orElseThrow();
  }

  ActionId action() {
    return run().action();
  }

  Plan plan() {
    return run().plan().orElseThrow();
  }

  Incident incident() {
    return shop().incident().orElseThrow();
  }

  /** The commands since the last call that are not for people. */
  List<Command> takeCommands() {
    List<Command> taken =
        commands.stream().filter(command -> !(command instanceof Command.Notify)).toList();
    commands.clear();
    return taken;
  }

  /** What the channels were handed since the last call. */
  List<Command.Notify> takeNotices() {
    List<Command.Notify> taken =
        commands.stream()
            .filter(Command.Notify.class::isInstance)
            .map(Command.Notify.class::cast)
            .toList();
    commands.clear();
    return taken;
  }

  List<Notice> notices() {
    return facts.stream()
        .filter(Fact.NoticeMade.class::isInstance)
        .map(fact -> ((Fact.NoticeMade) fact).notice())
        .toList();
  }

  /** How many alerts told nothing new. */
  int repeats() {
    return repeats;
  }

  List<Fact> facts() {
    return facts;
  }

  <F extends Fact> List<F> facts(Class<F> kind) {
    return facts.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  <F extends Fact> List<F> lastFacts(Class<F> kind) {
    return lastFacts.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  long intents() {
    return facts(Fact.ActionIntended.class).size();
  }

  /** The reason of the last decision about the shop, or of the end of its last run. */
  Reason reason() {
    return facts.stream()
        .flatMap(
            fact ->
                switch (fact) {
                  case Fact.Decided decided -> Stream.of(decided.reason());
                  case Fact.RunEnded ended -> Stream.of(ended.reason());
                  default -> Stream.<Reason>empty();
                })
        .reduce((_, last) -> last)
        .orElseThrow();
  }

  Reason endOfRun() {
    return facts(Fact.RunEnded.class).stream()
        .max(Comparator.comparing(Fact.RunEnded::at))
        .orElseThrow()
        .reason();
  }
}
