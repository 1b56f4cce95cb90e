package dev.belay.core.engine;

import dev.belay.core.alert.Episode;
import dev.belay.core.alert.Labels;
import dev.belay.core.incident.Incident;
import dev.belay.core.incident.Notice;
import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.rule.Found;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is true. Changed only by {@link #apply}, on one thread; the same facts in the
 * same order always give the same State, live and at recovery.
 */
public final class State {
  /** The incident of notices that concern everything. */
  public static final String WHOLE = "belay";

  /** The channel by which programs are told, and not people. */
  public static final String PROGRAMS = "kafka";

  private static final Duration ENDED_KEPT = Duration.ofHours(1);

  /** In order of their last beginning, so that those that fire keep their order in a snapshot. */
  private final SequencedMap<Labels, Episode> alerts = new LinkedHashMap<>();

  /** Those that speak of no service, the eldest first; derived from them. */
  private final SequencedSet<Labels> strangers = new LinkedHashSet<>();

  private long weight;
  private long strangersWeight;

  private final ByName<ServiceState> services = new ByName<>();
  private final Whole whole = new Whole();

  /** Rules that Belay evaluates itself and that have alerts, by id. */
  private final ByName<RuleState> rules = new ByName<>();

  /** How many alerts those have together. */
  private int standings;

  /** The services that something is wrong with or under way on; derived from them. */
  private final NavigableSet<String> troubled = new TreeSet<>();

  /** When what will be due. */
  private final Agenda agenda = new Agenda(this::holds);

  /** When the last event was handled; no fact tells, and a restart forgets it. */
  Optional<Instant> handledAt = Optional.empty();

  /** A State in which nothing is known. */
  public State() {}

  /** The State that the snapshot was taken of. */
  public static State of(StateSnapshot snapshot) {
    State state = new State();
    snapshot
        .services()
        .forEach(service -> state.services.put(service.name(), new ServiceState(service)));
    snapshot.alerts().forEach(state::remember);
    for (StateSnapshot.OfRule rule : snapshot.rules()) {
      state.rules.put(rule.rule(), new RuleState(rule));
      state.standings += rule.standings().size();
    }
    state.whole.restore(snapshot.whole());
    state.services.all().keySet().forEach(state::schedule);
    state.services.values().forEach(state::sort);
    state.services.values().stream()
        .flatMap(service -> service.incident().stream())
        .sorted(Comparator.comparing(Incident::openedAt))
        .forEach(open -> state.whole.unhealed.put(open.service(), open.openedAt()));
    return state;
  }

  /** This State as a value. */
  public StateSnapshot snapshot() {
    return new StateSnapshot(
        List.copyOf(alerts.values()),
        services.values().stream().map(ServiceState::snapshot).toList(),
        rules.all().entrySet().stream()
            .map(rule -> rule.getValue().snapshot(rule.getKey()))
            .toList(),
        whole.snapshot());
  }

  /** The newest episode of an alert. */
  public Optional<Episode> alert(Labels labels) {
    return Optional.ofNullable(alerts.get(labels));
  }

  /** Every remembered episode, in no particular order. */
  public Collection<Episode> alerts() {
    return Collections.unmodifiableCollection(alerts.values());
  }

  /** What is known of a service. */
  public Optional<ServiceState> service(String name) {
    return services.get(name);
  }

  /** What is known of a rule that Belay evaluates itself, by its id. */
  public RuleState rule(String id) {
    return rules.get(id).orElseGet(RuleState::new);
  }

  /** The ids of those of them that have alerts. */
  List<String> rules() {
    return List.copyOf(rules.all().keySet());
  }

  /** How many alerts of such rules are pending or fire. */
  int standings() {
    return standings;
  }

  /** Every service that anything is known of, by name. */
  public Collection<ServiceState> services() {
    return services.values();
  }

  /** The workloads that fleets found, by the names of the services that they are. */
  public SortedMap<String, Found> found() {
    return Collections.unmodifiableSortedMap(whole.found);
  }

  /** Incidents that are over, the oldest first; the last {@value Whole#CLOSED_KEPT}. */
  public Collection<Incident> closedIncidents() {
    return Collections.unmodifiableCollection(whole.closed.values());
  }

  /**
   * The first step of what a hold, a storm or the like stopped in the open incident before it did
   * anything, and which begins once that is over; empty where there is none, where a person
   * objected, or where something is under way. Who objects to it has objected to all of them.
   */
  public Optional<ActionId> stopped(Incident incident) {
    return service(incident.service())
        .filter(known -> known.hasOpen(incident.id()))
        .filter(known -> known.run().isEmpty() && !known.objected())
        .flatMap(
            known ->
                known.stopped().map(name -> Ladder.action(this, known, incident.id(), name, 0)));
  }

  /** The last decisions, the oldest first; at most {@value Whole#DECISIONS_KEPT}. */
  public Collection<Fact.Decided> decisions() {
    return Collections.unmodifiableCollection(whole.decisions);
  }

  /** Whether {@link #decisions} are all that were ever made. */
  public boolean remembersAllDecisions() {
    return whole.decisions.size() < Whole.DECISIONS_KEPT;
  }

  /** Why nothing came of this person's answers about the incident, at that moment or after. */
  public Stream<Fact.Decided> noted(String incident, String person, Instant from) {
    return whole.decisions.stream()
        .filter(decided -> decided.subject().equals(incident))
        .filter(decided -> decided.reason().ofAnswer() && !decided.at().isBefore(from))
        .filter(
            decided ->
                decided.evidence().stream().anyMatch(piece -> piece.value().startsWith(person)));
  }

  /**
   * The last record of the input that had its effect; -1 where none had, or where so many other
   * inputs moved since that it is forgotten.
   */
  public long position(String input) {
    return whole.positions.getOrDefault(input, -1L);
  }

  /** What tells this journal from every other; empty where it was begun by an early version. */
  public String journal() {
    return whole.journal;
  }

  /** How an input stands; empty where it is not listened to. */
  public Optional<InputState> input(Input input) {
    return Optional.ofNullable(whole.inputs.get(input));
  }

  /** The inputs that are listened to. */
  public List<InputState> inputs() {
    return List.copyOf(whole.inputs.values());
  }

  /** What is silent, for people; blank where nothing is. */
  public String silentSubjects() {
    return silent().stream()
        .map(silent -> silent.input().subject())
        .collect(Collectors.joining(", "));
  }

  /** Those of them that are silent. */
  public List<InputState> silent() {
    return whole.inputs.values().stream().filter(InputState::silent).toList();
  }

  /** Who put everything on hold and why; empty where nothing is held. */
  public Optional<String> hold() {
    return whole.hold;
  }

  /** Since when the storm brake is engaged; empty where it is not. */
  public Optional<Instant> brakeSince() {
    return whole.brakeSince;
  }

  /** Notices that some channel has yet to take, the oldest first. */
  public Collection<Owed> owed() {
    return whole.accounts.owed();
  }

  Accounts accounts() {
    return whole.accounts;
  }

  /** An incident by its id, open or remembered. */
  public Optional<Incident> incident(String id) {
    Incident closed = whole.closed.get(id);
    if (closed != null) {
      return Optional.of(closed);
    }
    int dash = id.lastIndexOf('-');
    return dash < 0
        ? Optional.empty()
        : service(id.substring(0, dash))
            .flatMap(ServiceState::incident)
            .filter(incident -> incident.id().equals(id));
  }

  /** When something will be due, unless something else happens before. */
  public Optional<Instant> nextDeadline() {
    return Stream.of(agenda.first().map(Agenda.Due::at), whole.accounts.next(), nextSilence())
        .flatMap(Optional::stream)
        .min(Instant::compareTo);
  }

  /** When an input will be silent unless it is heard of before. */
  private Optional<Instant> nextSilence() {
    return whole.inputs.values().stream()
        .filter(input -> !input.silent())
        .map(InputState::until)
        .min(Instant::compareTo);
  }

  /** The services that something is wrong with or under way on, by name. */
  List<String> troubled() {
    return List.copyOf(troubled);
  }

  /**
   * The services whose workload nothing is waited of: it is rolled out and judged, and nothing is
   * wrong or under way. All others must be looked at again and again.
   */
  public Set<String> restful() {
    return services.values().stream()
        .filter(ServiceState::restful)
        .map(ServiceState::name)
        .collect(Collectors.toSet());
  }

  private void sort(ServiceState service) {
    if (service.incident.isPresent() || service.run.isPresent() || !service.leases.isEmpty()) {
      troubled.add(service.name);
    } else {
      troubled.remove(service.name);
    }
  }

  Whole whole() {
    return whole;
  }

  /** What is due at {@code now}, taken off the agenda: an episode or a service. */
  Optional<Agenda.Due> takeDue(Instant now) {
    Optional<Agenda.Due> due = agenda.take(now);
    // What a hold keeps from being done must not hide what is due after it.
    due.map(Agenda.Due::service)
        .flatMap(this::service)
        .ifPresent(
            service ->
                service
                    .deadlineFrom(now.plusNanos(1))
                    .ifPresent(next -> agenda.add(next, Optional.empty(), service.name())));
    return due;
  }

  private boolean holds(Agenda.Due due) {
    return due.alert().isPresent()
        ? alert(due.alert().get()).filter(episode -> end(episode).equals(due.at())).isPresent()
        : service(due.service())
            .flatMap(service -> service.deadlineFrom(due.at()))
            .filter(due.at()::equals)
            .isPresent();
  }

  /** When an episode changes by itself: it goes stale, or, having ended, it is forgotten. */
  private static Instant end(Episode episode) {
    return episode.endedAt().map(ended -> ended.plus(ENDED_KEPT)).orElse(episode.validUntil());
  }

  private void schedule(String service) {
    service(service)
        .flatMap(ServiceState::deadline)
        .ifPresent(at -> agenda.add(at, Optional.empty(), service));
  }

  private ServiceState of(String service) {
    return services.of(service, ServiceState::new);
  }

  /** What all remembered episodes take, in bytes, roughly. */
  public long weight() {
    return weight;
  }

  /** What those of them take that speak of no service. */
  long strangersWeight() {
    return strangersWeight;
  }

  /** The alert that speaks of no service and is remembered for the longest. */
  Optional<Labels> eldestStranger() {
    return strangers.isEmpty() ? Optional.empty() : Optional.of(strangers.getFirst());
  }

  private void forget(Labels labels) {
    Episode gone = alerts.remove(labels);
    if (gone != null) {
      weigh(gone, -1);
    }
    strangers.remove(labels);
  }

  private void weigh(Episode episode, int sign) {
    long heavy = sign * episode.weight();
    weight += heavy;
    strangersWeight += episode.services().isEmpty() ? heavy : 0;
  }

  private void remember(Episode episode) {
    remember(episode, alerts.put(episode.labels(), episode));
  }

  private void remember(Episode episode, @Nullable Episode was) {
    if (was != null) {
      weigh(was, -1);
    }
    weigh(episode, 1);
    if (episode.services().isEmpty()) {
      strangers.add(episode.labels());
    } else if (was != null) {
      strangers.remove(episode.labels());
    }
    for (String name : episode.services()) {
      if (!episode.firing()) {
        service(name).ifPresent(service -> service.firing.remove(episode.labels()));
      } else {
        ServiceState service = of(name);
        service.firing.put(episode);
        service.silent.remove(episode.labels());
      }
    }
    agenda.add(end(episode), Optional.of(episode.labels()), "");
  }

  /** It counts as the newest of each of its services, as it will in a snapshot. */
  private void assign(Episode episode, List<String> to) {
    forget(episode.labels());
    episode.services().forEach(service -> of(service).firing.remove(episode.labels()));
    remember(episode.of(to));
    episode.services().stream()
        .filter(service -> !to.contains(service))
        .forEach(service -> of(service).fellSilent(episode.labels()));
  }

  private void end(Episode episode, Episode.Status how, Instant at) {
    remember(episode.ended(how, at));
    for (String service : episode.services()) {
      if (how == Episode.Status.STALE) {
        of(service).fellSilent(episode.labels());
      } else {
        service(service).ifPresent(known -> known.silent.remove(episode.labels()));
      }
    }
  }

  /** Makes a fact true. */
  public void apply(Fact fact) {
    switch (fact) {
      case Fact.JournalBegun(var id, _) -> whole.journal = id;
      case Fact.AlertFired(var episode) -> {
        Episode was = alerts.putLast(episode.labels(), episode);
        if (was != null) {
          strangers.remove(episode.labels());
        }
        remember(episode, was);
      }
      case Fact.AlertRenewed(var labels, var startsAt, var validUntil) ->
          alert(labels).ifPresent(episode -> remember(episode.renewed(startsAt, validUntil)));
      case Fact.AlertEnded(var labels, var how, var at) ->
          alert(labels).ifPresent(episode -> end(episode, how, at));
      case Fact.AlertAssigned(var labels, var to, _) ->
          alert(labels).ifPresent(episode -> assign(episode, to));
      case Fact.AlertForgotten(var labels) -> forget(labels);
      case Fact.ReleaseRecorded(var service, var release) -> of(service).released(release);
      case Fact.ReleaseJoined(var service, var release, var other, _) ->
          of(service).joined(release, other);
      case Fact.ServiceFound(var service, var found, _) -> {
        whole.found.put(service, found);
        services.of(service, name -> new ServiceState(name, whole.incidentsLost));
      }
      case Fact.ServiceLost(var service, _) -> lost(service);
      case Fact.ServiceNarrowed(var service, var narrowing, _) -> of(service).narrowing = narrowing;
      case Fact.InputRead(var position, _) -> whole.read(position);
      case Fact.InputHeard heard -> whole.heard(heard);
      case Fact.InputMoved moved -> whole.moved(moved);
      case Fact.RevisionRan ran -> of(ran.service()).ran(ran);
      case Fact.RevisionJudged judged -> of(judged.service()).judged(judged);
      case Fact.RevisionSoaked(var service, var soak) -> of(service).soak = Optional.of(soak);
      case Fact.RolloutMoved(var service, var rollout) -> of(service).moved(rollout);
      case Fact.TriggerMoved(var service, var trigger) -> {
        of(service).triggers.put(trigger.trigger(), trigger);
        schedule(service);
      }
      case Fact.RuleMoved moved -> moved(moved);
      case Fact.IncidentOpened opened -> open(opened);
      case Fact.IncidentClosed closed -> close(closed);
      case Fact.Decided decided -> decide(decided);
      case Fact.RunMoved(var service, var run, _) -> {
        ServiceState state = of(service);
        state.run = Optional.of(run);
        state.tried.put(run.remediation(), ServiceState.BEGUN);
        sort(state);
        schedule(service);
      }
      case Fact.RunEnded ended -> {
        ServiceState state = of(ended.service());
        state.ended(ended, Grounds.cluster(this).isPresent());
        whole.askings.removeIf(asking -> asking.service().equals(ended.service()));
        sort(state);
        schedule(ended.service());
      }
      case Fact.PermitAsked(var service, var action, _) -> {
        whole.askings.removeIf(asking -> asking.service().equals(service));
        whole.askings.add(new StateSnapshot.Asking(service, action));
      }
      case Fact.PermitAnswered(var service, _, _, _) ->
          whole.askings.removeIf(asking -> asking.service().equals(service));
      case Fact.ActionIntended(var service, _, var action, _, var at) -> {
        of(service).acted(action, at);
        StateSnapshot.Attempt.note(whole.actions, action, at);
      }
      case Fact.ActionEnded _,
          Fact.IncidentCharted _,
          Fact.ReloadAccepted _,
          Fact.ReloadRefused _ -> {}
      case Fact.LeaseMoved(var service, var lease, _) -> {
        of(service).leaseMoved(lease);
        sort(of(service));
        schedule(service);
      }
      case Fact.LeaseEnded(var service, var action, _, _, _, _) -> {
        of(service).leases.removeIf(lease -> lease.action().equals(action));
        sort(of(service));
        schedule(service);
      }
      case Fact.PersonApproved(var service, _, _, _, _) -> answered(service);
      case Fact.PersonVetoed(var service, _, _, _) -> answered(service);
      case Fact.PersonAcknowledged(var service, _, _, _) -> answered(service);
      case Fact.PageEscalated(var service, _, var channels, _, _) ->
          of(service).calling = of(service).calling.escalated(channels);
      case Fact.IncidentSnoozed(var service, _, var person, var until, _) -> {
        answered(service);
        of(service).snooze = Optional.of(new Snooze(person, until));
        schedule(service);
      }
      case Fact.SnoozeEnded(var service, _, _) -> of(service).snooze = Optional.empty();
      case Fact.Held(var person, var why, _) -> whole.hold = Optional.of(person + ": " + why);
      case Fact.HoldReleased _ -> {
        whole.hold = Optional.empty();
        whole.crashes.clear();
      }
      case Fact.DaemonStarted(var at) -> whole.started(at);
      case Fact.DaemonStopped _ -> {
        whole.up = false;
        whole.crashes.clear();
      }
      case Fact.BrakeEngaged(_, var at) -> whole.brakeSince = Optional.of(at);
      case Fact.BrakeReleased _ -> {
        whole.brakeSince = Optional.empty();
        whole.openings.clear();
      }
      case Fact.NoticeMade(var notice) -> noticed(notice);
      case Fact.NoticeSent sent -> sent(sent);
      case Fact.ChannelsNamed(var channels, var at, var later) ->
          whole.accounts.named(channels, later.orElse(List.of()), at);
      case Fact.NoticesTriedAgain tried -> whole.accounts.tried(tried);
      case Fact.NoticeGivenUp givenUp -> whole.accounts.givenUp(givenUp);
    }
  }

  private void lost(String service) {
    whole.found.remove(service);
    services
        .remove(service)
        .ifPresent(
            gone -> {
              whole.incidentsLost = Math.max(whole.incidentsLost, gone.incidentCount);
              troubled.remove(service);
            });
  }

  /** A rule without alerts needs no memory. */
  private void moved(Fact.RuleMoved fact) {
    RuleState rule = rules.of(fact.rule(), _ -> new RuleState());
    standings -= rule.standings().size();
    rule.moved(fact);
    standings += rule.standings().size();
    if (rule.standings().isEmpty()) {
      rules.remove(fact.rule());
    }
  }

  private void open(Fact.IncidentOpened fact) {
    ServiceState service = of(fact.service());
    service.incidentCount++;
    service.silent.clear();
    service.moreSilent = false;
    service.verified = false;
    service.calling = Calling.NONE;
    service.forget();
    service.incident =
        Optional.of(Incident.opened(fact.incident(), fact.service(), fact.cause(), fact.at()));
    sort(service);
    whole.opened(fact.service(), fact.at());
    whole.unhealed.putLast(fact.service(), fact.at());
  }

  private void close(Fact.IncidentClosed fact) {
    ServiceState service = of(fact.service());
    service.incident.ifPresent(open -> whole.closed(open.closed(fact.at(), fact.reason())));
    service.incident = Optional.empty();
    service.calling = service.calling.answered();
    whole.unhealed.remove(fact.service());
    service.troubleEnded = Optional.of(fact.at());
    sort(service);
    service.forget();
  }

  private void decide(Fact.Decided fact) {
    whole.decided(fact);
    boolean refusal = !fact.act() && !fact.reason().ofAnswer();
    if (fact.reason() == Reason.INSPECTION_STUCK) {
      ServiceState service = of(fact.service());
      service.stuck = service.run.map(Run::action);
    }
    if (fact.reason() == Reason.TRUNCATED_GROUP) {
      of(fact.service()).truncated = true;
    } else if (!fact.service().isEmpty() && refusal) {
      of(fact.service())
          .tried
          .merge(
              fact.remediation(),
              fact.reason().name(),
              (was, is) -> was.equals(ServiceState.BEGUN) ? was : is);
    }
  }

  private void answered(String service) {
    of(service).calling = of(service).calling.answered();
  }

  private void noticed(Notice notice) {
    if (notice.incident().equals(WHOLE)) {
      whole.accounts.made(notice, List.of());
      whole.notices = notice.number();
      return;
    }
    ServiceState service = of(notice.service());
    boolean page = notice.kind() == Notice.Kind.PAGE;
    boolean open = service.hasOpen(notice.incident());
    if (notice.kind() == Notice.Kind.OPENED && whole.brakeSince.isPresent()) {
      whole.accounts.madeForPrograms(notice);
    } else {
      // A page of what is over is never escalated, for nobody can answer it.
      whole.accounts.made(
          notice, page && !open ? whole.accounts.later() : service.calling.channels());
    }
    service.incident =
        service.incident.map(
            was -> was.id().equals(notice.incident()) ? was.told(notice.number(), page) : was);
    whole.closed.computeIfPresent(notice.incident(), (_, was) -> was.told(notice.number(), page));
    if (page && open) {
      service.calling = service.calling.paged(notice.at());
    }
  }

  private void sent(Fact.NoticeSent fact) {
    whole.accounts.sent(fact);
    if (fact.thread().isEmpty()) {
      return;
    }
    String thread = fact.thread().get();
    incident(fact.incident())
        .map(was -> was.within(fact.channel(), thread))
        .ifPresent(
            is -> {
              if (is.open()) {
                of(is.service()).incident = Optional.of(is);
              } else {
                whole.closed(is);
              }
            });
  }
}
