package dev.belay.sim;

import dev.belay.core.alert.Alert;
import dev.belay.core.engine.Command;
import dev.belay.core.engine.Core;
import dev.belay.core.engine.Decision;
import dev.belay.core.engine.Event;
import dev.belay.core.engine.Fact;
import dev.belay.core.engine.InputState;
import dev.belay.core.engine.Owed;
import dev.belay.core.engine.Position;
import dev.belay.core.engine.Reading;
import dev.belay.core.engine.Run;
import dev.belay.core.engine.ServiceState;
import dev.belay.core.engine.State;
import dev.belay.core.engine.StateSnapshot;
import dev.belay.core.remediation.ActionId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The daemon: the real core and State in a model of the shell around them. Mailbox, decide, append,
 * answer, release; and a crash between any two of them.
 */
final class Node {
  private static final int MAILBOX = 256;
  private static final Duration SWEEP = Duration.ofSeconds(15);
  private static final Duration OLD = Duration.ofMinutes(10);

  /** What the world does with a command, and the oracle with what it sees. */
  interface Outside {
    void carryOut(Command command, int epoch);

    void released(Command command);

    /** The event was decided on, and what follows from it is durable. */
    void taken(Event event);

    void durable(List<Fact> facts);

    void recovered(State state);
  }

  private record Mail(Event event, Runnable ack, Runnable refused) {}

  private final Core core;
  private final Loop loop;
  private final Dice dice;
  private final Swarm swarm;
  private final Bug bug;
  private final Disk disk = new Disk();
  private final Outside outside;
  private final Coverage coverage;
  private final List<Mail> mailbox = new ArrayList<>();
  private State state = new State();
  private Instant swept = Loop.START;
  private Instant startedAt = Loop.START;
  private boolean up;
  private boolean shedding;
  private boolean awake;
  private int epoch;
  private int rounds;
  private boolean calm;

  Node(Core core, Loop loop, Dice dice, Swarm swarm, Bug bug, Outside outside, Coverage coverage) {
    this.core = core;
    this.loop = loop;
    this.dice = dice;
    this.swarm = swarm;
    this.bug = bug;
    this.outside = outside;
    this.coverage = coverage;
  }

  int epoch() {
    return epoch;
  }

  boolean up() {
    return up;
  }

  State state() {
    return state;
  }

  Disk disk() {
    return disk;
  }

  void calm() {
    calm = true;
  }

  /** Recovers and begins. */
  void start() {
    state = disk.recover();
    outside.recovered(state);
    if (crashes("in recovery")) {
      return;
    }
    up = true;
    shedding = false;
    swept = loop.instant();
    startedAt = loop.instant();
    forget();
    mailbox.add(0, new Mail(new Event.Started(), () -> {}, () -> {}));
    wake(Duration.ZERO);
    sweep(epoch);
  }

  private void sweep(int born) {
    if (born == epoch && up) {
      wake(Duration.ZERO);
      loop.in(Duration.ofSeconds(1), () -> sweep(born));
    }
  }

  void offer(Event event, Runnable ack, Runnable refused) {
    if (!up || shedding || mailbox.size() >= MAILBOX) {
      refused.run();
      return;
    }
    mailbox.add(new Mail(event, ack, refused));
    wake(Duration.ofMillis(dice.below(200)));
  }

  private void wake(Duration wait) {
    if (!awake) {
      awake = true;
      int born = epoch;
      loop.in(
          wait,
          () -> {
            if (born == epoch) {
              awake = false;
              round();
            }
          });
    }
  }

  void crash(String where) {
    if (calm) {
      return;
    }
    coverage.fault("crash " + where);
    loop.note("CRASH " + where);
    epoch++;
    up = false;
    awake = false;
    List<Mail> lost = List.copyOf(mailbox);
    mailbox.clear();
    disk.crash();
    lost.forEach(mail -> mail.refused().run());
    boolean longer = dice.chance(0.1);
    loop.in(longer ? dice.seconds(300, 900) : dice.seconds(1, 60), this::start);
  }

  private boolean crashes(String where) {
    if (!calm && dice.chance(swarm.crash())) {
      crash(where);
      return true;
    }
    return false;
  }

  private void round() {
    if (!up) {
      return;
    }
    if (shedding) {
      if (!disk.writable()) {
        return;
      }
      state = disk.recover();
      outside.recovered(state);
      shedding = false;
      mailbox.add(0, new Mail(new Event.Resumed(), () -> {}, () -> {}));
    }
    Instant now = loop.instant();
    boolean due = state.nextDeadline().filter(at -> !at.isAfter(now)).isPresent();
    boolean sweeps = !now.isBefore(swept.plus(SWEEP));
    if (mailbox.isEmpty() && !due && !sweeps) {
      return;
    }
    List<Mail> batch = List.copyOf(mailbox);
    mailbox.clear();
    decideAll(batch, due, sweeps, now);
  }

  private void decideAll(List<Mail> batch, boolean due, boolean sweeps, Instant now) {
    List<List<Fact>> entries = new ArrayList<>();
    List<Command> commands = new ArrayList<>();
    for (Mail mail : batch) {
      decide(twisted(mail.event()), now, entries, commands);
      alsoTaken(mail.event()).forEach(each -> decide(Optional.of(each), now, entries, commands));
    }
    if (sweeps) {
      swept = now;
      decide(Optional.of(new Event.Swept()), now, entries, commands);
    } else if (due) {
      decide(Optional.of(new Event.TimePassed()), now, entries, commands);
    }
    if (bug == Bug.SILENCE_IGNORED) {
      for (var input : dev.belay.core.engine.Input.values()) {
        decide(Optional.of(new Event.InputSeen(input, Optional.empty())), now, entries, commands);
      }
    }
    int born = epoch;
    if (bug == Bug.ACK_BEFORE_APPEND) {
      batch.forEach(mail -> mail.ack().run());
    }
    if (bug == Bug.RELEASE_BEFORE_APPEND) {
      commands.forEach(this::release);
    }
    if (crashes("between decide and append")) {
      batch.forEach(mail -> mail.refused().run());
      return;
    }
    if (!entries.isEmpty() && !disk.append(entries, bug != Bug.NO_FLUSH)) {
      coverage.fault("journal full");
      shedding = true;
      batch.forEach(mail -> mail.refused().run());
      return;
    }
    batch.forEach(mail -> outside.taken(mail.event()));
    entries.forEach(outside::durable);
    check();
    if (crashes("between append and ack")) {
      batch.forEach(mail -> mail.refused().run());
      return;
    }
    for (Mail mail : batch) {
      mail.ack().run();
    }
    if (crashes("between ack and release")) {
      return;
    }
    for (Command command : commands) {
      if (born == epoch && bug != Bug.RELEASE_BEFORE_APPEND) {
        release(command);
        if (crashes("between two commands")) {
          return;
        }
      }
    }
  }

  private void release(Command command) {
    boolean again =
        command instanceof Command.Notify(_, var owed)
            && owed.getLast().at().isBefore(loop.instant());
    if (bug == Bug.NEVER_TOLD_AGAIN && again && !loop.instant().equals(startedAt)) {
      return;
    }
    outside.released(command);
    outside.carryOut(command, epoch);
  }

  private void decide(
      Optional<Event> event, Instant now, List<List<Fact>> entries, List<Command> commands) {
    if (event.isEmpty()) {
      return;
    }
    Decision decision = core.handle(state, event.get(), now);
    if (!decision.facts().isEmpty()) {
      entries.add(decision.facts());
    }
    commands.addAll(decision.commands());
  }

  /** Now and then: does the disk hold what the State knows? */
  private void check() {
    rounds++;
    if (rounds % 2_000 == 0 && !disk.recover().snapshot().equals(state.snapshot())) {
      throw new Violation("G8: the facts do not rebuild the State");
    }
  }

  // ---- planted bugs

  private Optional<Event> twisted(Event event) {
    if (bug == Bug.DEDUPE_BY_AGE && event instanceof Event.AlertsReceived received) {
      Instant old = loop.instant().minus(OLD);
      List<Alert> young =
          received.alerts().stream().filter(alert -> alert.startsAt().isAfter(old)).toList();
      return Optional.of(new Event.AlertsReceived(received.door(), young, received.truncated()));
    }
    boolean unknown = bug == Bug.UNKNOWN_IS_GOOD || bug == Bug.UNKNOWN_IS_BAD;
    if (unknown && event instanceof Event.SignalsRead(var service, var readings)) {
      double value = bug == Bug.UNKNOWN_IS_GOOD ? 0 : 1;
      return Optional.of(
          new Event.SignalsRead(
              service,
              readings.stream()
                  .map(
                      reading ->
                          new Reading(
                              reading.trigger(), Optional.of(reading.value().orElse(value)), ""))
                  .toList()));
    }
    return Optional.of(event);
  }

  private List<Event> alsoTaken(Event event) {
    return bug == Bug.ONE_CHANNEL_SUFFICES
            && event instanceof Event.NoticeDelivered(var incident, var number, _, var thread)
        ? World.CHANNELS.stream()
            .<Event>map(other -> new Event.NoticeDelivered(incident, number, other, thread))
            .toList()
        : List.of();
  }

  /** What a restart forgets, where such a bug is planted. */
  private void forget() {
    switch (bug) {
      case HOLD_FORGOTTEN -> {
        if (state.hold().isPresent()) {
          state.apply(new Fact.HoldReleased("nobody", loop.instant()));
        }
      }
      case WINDOW_FORGOTTEN -> runs().forEach(this::forgetWindow);
      case BUDGET_FORGOTTEN -> state = State.of(withoutActions(state.snapshot()));
      case SILENCE_FORGOTTEN -> state = State.of(withoutInputs(state.snapshot()));
      case POSITION_FORGOTTEN -> state = State.of(withoutPositions(state.snapshot()));
      case NOTICES_FORGOTTEN -> List.copyOf(state.owed()).forEach(this::forgetNotice);
      case RESUME_WITH_NEW_ID ->
          acting(
              (service, run) ->
                  release(
                      new Command.Apply(
                          service,
                          ActionId.of("", run.incident(), run.remediation(), epoch, service),
                          run.plan().orElseThrow(),
                          loop.instant().plusSeconds(60))));
      case RESUME_WITHOUT_GUARDS ->
          acting(
              (service, run) ->
                  release(
                      new Command.Apply(
                          service,
                          run.action(),
                          run.plan().orElseThrow(),
                          loop.instant().plusSeconds(60))));
      case NONE,
          ACK_BEFORE_APPEND,
          RELEASE_BEFORE_APPEND,
          NO_FLUSH,
          UNKNOWN_IS_GOOD,
          UNKNOWN_IS_BAD,
          COMMIT_BEFORE_TAKEN,
          DEDUPE_BY_AGE,
          ONE_CHANNEL_SUFFICES,
          NEVER_TOLD_AGAIN,
          SILENCE_IGNORED -> {}
    }
  }

  private void forgetNotice(Owed owed) {
    for (String channel : owed.to()) {
      state.apply(
          new Fact.NoticeSent(
              owed.notice().incident(),
              owed.notice().number(),
              channel,
              Optional.empty(),
              loop.instant()));
    }
  }

  private List<ServiceState> runs() {
    return state.services().stream().filter(service -> service.run().isPresent()).toList();
  }

  private void acting(BiConsumer<String, Run> then) {
    for (ServiceState service : runs()) {
      Run run = service.run().orElseThrow();
      if (run.phase() == Run.Phase.ACTING || run.phase() == Run.Phase.INSPECTING) {
        then.accept(service.name(), run);
      }
    }
  }

  private void forgetWindow(ServiceState service) {
    Run run = service.run().orElseThrow();
    if (run.phase() == Run.Phase.COUNTDOWN || run.phase() == Run.Phase.PROPOSED) {
      Run soon =
          new Run(
              run.incident(),
              run.remediation(),
              run.step(),
              Run.Phase.COUNTDOWN,
              run.mode(),
              run.blame(),
              run.action(),
              run.plan(),
              loop.instant(),
              loop.instant(),
              0);
      state.apply(new Fact.RunMoved(service.name(), soon, loop.instant()));
    }
  }

  private static StateSnapshot withoutInputs(StateSnapshot snapshot) {
    StateSnapshot.Whole whole = snapshot.whole();
    return with(snapshot, snapshot.services(), whole.actions(), whole.positions(), List.of());
  }

  private static StateSnapshot withoutPositions(StateSnapshot snapshot) {
    StateSnapshot.Whole whole = snapshot.whole();
    return with(snapshot, snapshot.services(), whole.actions(), List.of(), whole.inputs());
  }

  private static StateSnapshot withoutActions(StateSnapshot snapshot) {
    StateSnapshot.Whole whole = snapshot.whole();
    return with(
        snapshot,
        snapshot.services().stream()
            .map(
                s ->
                    new StateSnapshot.OfService(
                        s.name(),
                        s.incidentCount(),
                        s.incident(),
                        s.run(),
                        s.releases(),
                        s.joined(),
                        s.revisions(),
                        s.triggers(),
                        s.rollouts(),
                        s.leases(),
                        List.of(),
                        s.soak(),
                        Optional.empty(),
                        s.troubleEnded(),
                        s.silent(),
                        s.moreSilent(),
                        s.verified(),
                        s.acted(),
                        s.stuck(),
                        s.tried(),
                        s.lapses(),
                        s.truncated(),
                        s.narrowing(),
                        s.snooze(),
                        s.calling()))
            .toList(),
        List.of(),
        whole.positions(),
        whole.inputs());
  }

  private static StateSnapshot with(
      StateSnapshot snapshot,
      List<StateSnapshot.OfService> services,
      List<StateSnapshot.Attempt> actions,
      List<Position> positions,
      List<InputState> inputs) {
    StateSnapshot.Whole whole = snapshot.whole();
    return new StateSnapshot(
        snapshot.alerts(),
        services,
        snapshot.rules(),
        new StateSnapshot.Whole(
            whole.journal(),
            whole.hold(),
            whole.brakeSince(),
            whole.up(),
            whole.crashes(),
            whole.openings(),
            actions,
            whole.askings(),
            whole.notices(),
            whole.telling(),
            whole.closed(),
            whole.decisions(),
            positions,
            inputs,
            whole.found(),
            whole.incidentsLost()));
  }
}
