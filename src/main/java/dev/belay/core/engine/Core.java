package dev.belay.core.engine;

import dev.belay.core.alert.Episode;
import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Incident;
import dev.belay.core.release.Release;
import dev.belay.core.release.Shipment;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Inspection;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.rule.RuleSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The whole of Belay's judgement: rules in, and then one decision for each event. Same State, same
 * event, same time: same decision.
 *
 * <p>An event first becomes facts. Then every service that it touched is reviewed, from its present
 * state alone, until nothing moves any more; so a lost event costs time, never correctness.
 */
public final class Core {
  /** More rounds than any event can need; beyond it is a bug, and better found than spun on. */
  private static final int ROUNDS_AT_MOST = 1_000_000;

  /** So many due alerts and services are taken in one event; the rest are still due after it. */
  private static final int DUE_AT_ONCE = 512;

  private final LivenessDecider liveness;
  private final AlertDecider alerts;
  private final RuleDecider rules;
  private final ReleaseDecider releases;
  private final ShipmentDecider shipments;
  private final InputDecider inputs;
  private final RolloutDecider rollouts;
  private final NarrowingDecider narrowings;
  private final FleetDecider fleets;
  private final SoakDecider soaks;
  private final TriggerDecider triggers;
  private final IncidentDecider incidents;
  private final RunDecider runs;
  private final RunApproach approach;
  private final RunEffect effect;
  private final LeaseDecider leases;
  private final WholeDecider whole;
  private final StartDecider starts;
  private final TellingDecider telling;
  private final EscalationDecider escalation;
  private final Notices notices = new Notices();

  private final String journal;

  /** Judges by these rules, on journals that are not told from each other, and tells nobody. */
  public Core(RuleSet rules, Settings settings) {
    this(rules, settings, "", List.of());
  }

  /**
   * Judges by these rules.
   *
   * @param journal what tells a journal that begins now from every other: random, so made outside;
   *     not used where the journal has begun before. Without it the ids of actions repeat when a
   *     journal is lost, and what the lost one did is taken for done.
   * @param channels the names of the channels by which people are told
   */
  public Core(RuleSet rules, Settings settings, String journal, List<String> channels) {
    this.journal = journal;
    ServiceIndex index = new ServiceIndex(rules);
    Grounds grounds =
        new Grounds(index, settings.listening().evaluates() && !rules.alertRules().isEmpty());
    liveness = new LivenessDecider(settings.listening(), index);
    alerts = new AlertDecider(index, settings.alertRoom(), liveness);
    fleets = new FleetDecider(rules, index, alerts);
    narrowings = new NarrowingDecider(index);
    this.rules = new RuleDecider(rules, alerts);
    releases = new ReleaseDecider(index);
    shipments = new ShipmentDecider(new Addressees(rules, index), releases);
    inputs = new InputDecider(releases);
    rollouts = new RolloutDecider(index, alerts);
    soaks = new SoakDecider(index, grounds);
    triggers = new TriggerDecider(index);
    incidents = new IncidentDecider(settings, grounds);
    leases = new LeaseDecider();
    whole = new WholeDecider(settings);
    starts = new StartDecider(settings);
    telling = new TellingDecider(channels, settings.escalation());
    escalation = new EscalationDecider(settings.escalation());
    Blamer blamer = new WindowBlamer(index);
    Ladder ladder = new Ladder(index, settings);
    effect = new RunEffect(settings, ladder, leases, grounds);
    approach = new RunApproach(index, settings, ladder, blamer, leases, whole, effect, grounds);
    RunOpener opener = new RunOpener(ladder, blamer, whole);
    runs = new RunDecider(index, settings, ladder, opener, approach, effect);
  }

  /**
   * Decides on an event, and applies the facts to the State.
   *
   * @param now Belay's time; never earlier than at the event before
   * @throws DecisionFailed where the event meets a bug; it says whether the State was touched
   */
  public Decision handle(State state, Event event, Instant now) {
    fleets.index(state);
    Turn turn = new Turn(state, now, notices);
    try {
      List<InputState> silent = turn.state.silent();
      liveness.follow(turn, state.handledAt);
      state.handledAt = Optional.of(now);
      accept(turn, event);
      follow(turn, silent);
      if (!(event instanceof Event.Faulted)) {
        // A fault is reviewed by nobody: it may be the review that fails.
        review(turn);
      }
      telling.review(turn);
    } catch (RuntimeException e) {
      throw new DecisionFailed(event, turn.factCount() > 0 || takesDue(event), e);
    }
    return turn.decision();
  }

  /**
   * Why a release is none of any service's, as the rules stand; empty where it is one's. Safe for
   * use by many threads.
   */
  public Optional<Evidence> stranger(Release release) {
    return releases.stranger(release);
  }

  /** The same of what a tool says it shipped. Safe for use by many threads. */
  public Optional<Evidence> stranger(Shipment shipment) {
    return shipments.stranger(shipment);
  }

  /** Whether it takes what is due off the agenda, which no fact tells of. */
  private static boolean takesDue(Event event) {
    return event instanceof Event.Started
        || event instanceof Event.Resumed
        || event instanceof Event.TimePassed
        || event instanceof Event.Swept;
  }

  private void accept(Turn turn, Event event) {
    switch (event) {
      case Event.Started _ -> {
        telling.name(turn);
        starts.started(turn);
        resume(turn);
      }
      case Event.Resumed _ -> {
        telling.name(turn);
        resume(turn);
      }
      case Event.Stopping _ -> StartDecider.stopped(turn);
      case Event.Faulted(var what) -> StartDecider.faulted(turn, what);
      case Event.TimePassed _ -> passTime(turn);
      case Event.Swept _ -> {
        passTime(turn);
        touchTroubled(turn);
      }
      case Event.AlertsReceived received -> alerts.accept(turn, received);
      case Event.ReleaseReceived(var release) -> releases.accept(turn, release);
      case Event.ShipmentReceived(var shipment) -> shipments.accept(turn, shipment);
      case Event.RecordsRead read -> inputs.accept(turn, read);
      case Event.FleetSeen seen -> fleets.seen(turn, seen);
      case Event.WorkloadSeen(var service, var workload) -> {
        var _ = narrowings.seen(turn, service, workload);
        releases.seen(turn, service, workload);
        rollouts.seen(turn, service, workload);
        soaks.seen(turn, service, workload);
      }
      case Event.SignalsRead read -> {
        triggers.accept(turn, read);
        soaks.read(turn, read);
      }
      case Event.InputSeen seen -> liveness.accept(turn, seen);
      case Event.ScrapesSeen seen -> liveness.scrapes(turn, seen);
      case Event.ProbesSeen seen -> liveness.probes(turn, seen);
      case Event.RuleEvaluated evaluated -> rules.accept(turn, evaluated);
      case Event.Observed(var service, var action, var observation) -> {
        if (!narrowed(turn, service, observation.ofWorkload())) {
          answer(
              turn,
              service,
              action,
              (known, run) -> approach.observed(turn, known, run, observation));
        }
      }
      case Event.Preflighted(var service, var action, var preflight, var annotated) -> {
        if (!narrowed(turn, service, annotated)) {
          answer(
              turn,
              service,
              action,
              (known, run) -> approach.preflighted(turn, known, run, preflight));
        }
      }
      case Event.ActionFinished(var service, var action, var outcome) ->
          finished(turn, service, action, outcome);
      case Event.Inspected(var service, var action, var inspection) ->
          inspected(turn, service, action, inspection);
      case Event.SettlementSeen(var service, var action, var settlement) ->
          answer(
              turn, service, action, (known, run) -> effect.settled(turn, known, run, settlement));
      // Every question is asked again when its time is up.
      case Event.ClusterSilent _ -> {}
      case Event.Approved approved ->
          onIncident(
              turn, approved.incident(), service -> approach.approved(turn, service, approved));
      case Event.Vetoed(var incident, var action, var person) ->
          onIncident(
              turn, incident, service -> approach.vetoed(turn, service, incident, action, person));
      case Event.Snoozed(var incident, var person, var length) ->
          onIncident(
              turn,
              incident,
              service -> SnoozeDecider.snooze(turn, service, incident, person, length));
      case Event.Acknowledged(var incident, var person) ->
          onIncident(
              turn,
              incident,
              service -> EscalationDecider.acknowledged(turn, service, incident, person));
      case Event.AnswerForbidden forbidden ->
          onIncident(
              turn,
              forbidden.incident(),
              service -> RunApproach.forbidden(turn, service, forbidden));
      case Event.IncidentCharted(var service, var incident, var courses) -> {
        if (!courses.isEmpty() && turn.state.incident(incident).isPresent()) {
          turn.record(new Fact.IncidentCharted(service, incident, courses, turn.now));
        }
      }
      case Event.HoldAsked(var person, var why) -> {
        whole.hold(turn, person, why);
        touchTroubled(turn);
      }
      case Event.HoldEnded(var person) -> {
        whole.release(turn, person);
        touchTroubled(turn);
      }
      case Event.ReloadAccepted(var person, var before, var after, var changed) ->
          turn.record(
              new Fact.ReloadAccepted(person, before, after, turn.now, Optional.of(changed)));
      case Event.ReloadRefused(var person, var inForce, var why) ->
          turn.record(new Fact.ReloadRefused(person, inForce, why, turn.now));
      case Event.NoticeDelivered(var incident, var number, var channel, var thread) -> {
        if (turn.state.accounts().owes(incident, number, channel)) {
          turn.record(new Fact.NoticeSent(incident, number, channel, thread, turn.now));
        }
      }
    }
  }

  /** Takes account of the inputs that fell silent, and of those that are heard of again. */
  private void follow(Turn turn, List<InputState> wasSilent) {
    List<InputState> isSilent = turn.state.silent();
    if (isSilent.equals(wasSilent)) {
      return;
    }
    for (ServiceState service : List.copyOf(turn.state.services())) {
      isSilent.stream()
          .filter(input -> !among(wasSilent, input, service))
          .forEach(input -> soaks.doubt(turn, service, input));
      wasSilent.stream()
          .filter(input -> !among(isSilent, input, service))
          .forEach(input -> effect.heardAgain(turn, service, input));
    }
  }

  /** Whether the input is silent there, and is so for the service if it was. */
  private static boolean among(List<InputState> silent, InputState input, ServiceState service) {
    return silent.stream()
        .anyMatch(
            other ->
                other.input() == input.input()
                    && (other.concerns(service.name()) || !input.concerns(service.name())));
  }

  private void resume(Turn turn) {
    if (!journal.isEmpty() && turn.state.journal().isEmpty() && turn.state.services().isEmpty()) {
      turn.record(new Fact.JournalBegun(journal, turn.now));
    }
    liveness.resume(turn);
    // First what fell due while nobody was there: nothing may rest on what is out of date.
    lapse(turn, Integer.MAX_VALUE);
    fleets.resume(turn);
    alerts.resume(turn);
    rules.resume(turn);
    for (ServiceState service : List.copyOf(turn.state.services())) {
      soaks.resume(turn, service);
      triggers.resume(turn, service);
      runs.resume(turn, service);
      leases.resume(turn, service);
      turn.touch(service.name());
    }
    telling.resume(turn);
  }

  /**
   * Whether the team says something else on its workload than before. What is under way may have to
   * end by that, before the answer counts; else it is asked again when its time is up.
   */
  private boolean narrowed(Turn turn, String service, Optional<Observation.OfWorkload> workload) {
    return workload.filter(seen -> narrowings.seen(turn, service, seen)).isPresent();
  }

  private void passTime(Turn turn) {
    liveness.review(turn);
    lapse(turn, DUE_AT_ONCE).forEach(turn::touch);
  }

  /** Ends the alerts that are due; the services that this or a deadline of theirs concerns. */
  private static List<String> lapse(Turn turn, int atMost) {
    List<String> concerned = new ArrayList<>();
    for (int taken = 0; taken < atMost; taken++) {
      Optional<Agenda.Due> due = turn.state.takeDue(turn.now);
      if (due.isEmpty()) {
        break;
      }
      Agenda.Due item = due.get();
      Optional<Episode> episode = item.alert().flatMap(turn.state::alert);
      if (episode.isPresent()) {
        AlertDecider.due(turn, episode.get());
        concerned.addAll(episode.get().services());
      } else {
        concerned.add(item.service());
      }
    }
    return concerned;
  }

  private static void touchTroubled(Turn turn) {
    turn.state.troubled().forEach(turn::touch);
  }

  private static void answer(
      Turn turn, String service, ActionId action, BiConsumer<ServiceState, Run> then) {
    turn.state
        .service(service)
        .ifPresent(
            known ->
                known
                    .run()
                    .filter(run -> run.action().equals(action))
                    .ifPresent(run -> then.accept(known, run)));
    turn.touch(service);
  }

  private void finished(Turn turn, String service, ActionId action, Outcome outcome) {
    answer(turn, service, action, (known, run) -> effect.finished(turn, known, run, outcome));
    onLease(turn, service, action, lease -> leases.finished(turn, service, lease, outcome));
  }

  private void inspected(Turn turn, String service, ActionId action, Inspection inspection) {
    answer(turn, service, action, (known, run) -> effect.inspected(turn, known, run, inspection));
    onLease(turn, service, action, lease -> leases.inspected(turn, service, lease, inspection));
  }

  private void onLease(Turn turn, String service, ActionId action, Consumer<Lease> then) {
    turn.state.service(service).flatMap(known -> leases.undoneBy(known, action)).ifPresent(then);
  }

  private static void onIncident(Turn turn, String incident, Consumer<ServiceState> then) {
    turn.state
        .incident(incident)
        .map(Incident::service)
        .flatMap(turn.state::service)
        .ifPresent(then);
  }

  /** Looks at every touched service until nothing moves any more. */
  private void review(Turn turn) {
    for (int round = 0; round < ROUNDS_AT_MOST; round++) {
      Optional<String> touched = turn.takeTouched();
      if (touched.isPresent()) {
        turn.state.service(touched.get()).ifPresent(service -> review(turn, service));
      } else if (!reviewWhole(turn)) {
        return;
      }
    }
    throw new IllegalStateException("a decision does not come to rest");
  }

  private void review(Turn turn, ServiceState service) {
    int before = turn.factCount();
    triggers.review(turn, service);
    Trouble trouble = Trouble.of(service);
    incidents.review(turn, service, trouble);
    SnoozeDecider.review(turn, service);
    escalation.review(turn, service);
    leases.review(turn, service);
    runs.review(turn, service, trouble);
    if (turn.factCount() > before) {
      turn.touch(service.name());
    }
  }

  /** Whether anything moved. */
  private boolean reviewWhole(Turn turn) {
    int before = turn.factCount();
    whole.brake(turn);
    if (turn.factCount() > before) {
      touchTroubled(turn);
      return true;
    }
    Optional<Fact.PermitAnswered> answer = whole.answer(turn);
    answer.ifPresent(
        permit ->
            answer(
                turn,
                permit.service(),
                permit.action(),
                (service, run) -> approach.permitted(turn, service, run, permit.refusal())));
    return answer.isPresent();
  }
}
