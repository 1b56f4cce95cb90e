package dev.belay.console;

import dev.belay.core.engine.Fact;
import dev.belay.core.engine.Input;
import dev.belay.core.engine.InputState;
import dev.belay.core.engine.Owed;
import dev.belay.core.engine.Run;
import dev.belay.core.engine.ServiceState;
import dev.belay.core.engine.State;
import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Outcome;
import dev.belay.port.Journal;
import dev.belay.port.Queries;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Meters of what was decided and done. Every series stands from the start, so that rates and alerts
 * work before anything happens; labels come from closed lists, never from what arrives.
 *
 * <p>{@link #accept} is called by one thread at a time, with entries that are durable.
 */
public final class FactMeters implements Consumer<List<Journal.Entry>> {
  /** {@link dev.belay.core.remediation.Plan#kind} of every plan. */
  static final List<String> ACTIONS =
      List.of("rollback", "flags", "rate_limit", "restore_flags", "restore_rate_limit");

  /** Where an action's end is seen and its beginning was not. */
  private static final String UNKNOWN = "unknown";

  private static final int KNOWN_AT_MOST = 10_000;

  private final MeterRegistry registry;
  private final Counter incidentsOpened;
  private final Counter releases;

  /** Alerts that speak of no service: too many to look their counter up each time. */
  private final Counter strangers;

  private volatile Levels levels = new Levels(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  private volatile Set<Input> silent = Set.of();

  /** For each channel that has something yet to take. */
  private volatile Map<String, Arrears> arrears = Map.of();

  /** For each channel, when it last took a notice, in seconds since 1970. */
  private final Map<String, Double> lastSent = new ConcurrentHashMap<>();

  /** What the actions under way do; the eldest are forgotten. */
  private final Map<ActionId, String> kinds = new Newest();

  /** What undoes a mitigation, by the action that made it. */
  private final Map<ActionId, String> undoings = new Newest();

  /** For each service, the action of which it is not known whether it took effect. */
  private final Map<String, ActionId> doubtful = new HashMap<>();

  private static final class Newest extends LinkedHashMap<ActionId, String> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<ActionId, String> eldest) {
      return size() > KNOWN_AT_MOST;
    }
  }

  private record Levels(double incidents, double leases, double hold, double brake) {}

  private record Arrears(int notices, double since) {
    static final Arrears NONE = new Arrears(0, 0);

    Arrears and(Instant made) {
      double at = made.toEpochMilli() / 1e3;
      return new Arrears(notices + 1, notices == 0 ? at : Math.min(at, since));
    }
  }

  private record Sample(
      Levels levels,
      Map<String, Arrears> arrears,
      Set<Input> silent,
      Map<ActionId, String> underWay,
      Map<ActionId, String> inForce) {}

  /**
   * Registers every series.
   *
   * @param version Belay's version
   * @param rules what tells these rules from others
   * @param channels the names of the channels by which people are told
   */
  public FactMeters(
      MeterRegistry registry, String version, String rules, Collection<String> channels) {
    this.registry = registry;
    incidentsOpened = counter("belay.incidents.opened", "Incidents opened.", Tags.empty());
    releases = counter("belay.releases.received", "Release events taken in.", Tags.empty());
    strangers = decisions(false, Reason.NO_SERVICE);
    for (Reason reason : Reason.values()) {
      decisions(true, reason);
      decisions(false, reason);
    }
    for (String action : ACTIONS) {
      allOutcomes(action);
    }
    allOutcomes(UNKNOWN);
    judged(true);
    judged(false);
    channels.forEach(this::channel);
    gauges(version, rules);
  }

  private void allOutcomes(String action) {
    for (String outcome : List.of("applied", "already_done", "refused", "doubtful")) {
      actions(action, outcome);
    }
  }

  private void channel(String channel) {
    notices(channel);
    noticesGivenUp(channel);
    Gauge.builder("belay.notices.owed", this, meters -> meters.arrears(channel).notices())
        .description("Notices that a channel has yet to take.")
        .tag("channel", channel)
        .register(registry);
    Gauge.builder("belay.notices.owed.since", this, meters -> meters.arrears(channel).since())
        .description(
            "When the oldest notice was made that a channel has yet to take, in seconds since"
                + " 1970; 0 where it has taken all.")
        .baseUnit("seconds")
        .tag("channel", channel)
        .register(registry);
    Gauge.builder(
            "belay.notices.last.sent.timestamp",
            this,
            meters -> meters.lastSent.getOrDefault(channel, 0.0))
        .description(
            "When the channel last took a notice, in seconds since 1970; 0 where it took none since"
                + " the start.")
        .baseUnit("seconds")
        .tag("channel", channel)
        .register(registry);
  }

  private Arrears arrears(String channel) {
    return arrears.getOrDefault(channel, Arrears.NONE);
  }

  private void gauges(String version, String rules) {
    Gauge.builder("belay.incidents.open", this, meters -> meters.levels.incidents())
        .description("Incidents that are open.")
        .register(registry);
    Gauge.builder("belay.leases", this, meters -> meters.levels.leases())
        .description("Mitigations in force.")
        .register(registry);
    Gauge.builder("belay.hold", this, meters -> meters.levels.hold())
        .description("1 while a person has put everything on hold.")
        .register(registry);
    Gauge.builder("belay.brake.engaged", this, meters -> meters.levels.brake())
        .description("1 while the storm brake is engaged.")
        .register(registry);
    for (Input input : Input.values()) {
      Gauge.builder("belay.input.silent", this, meters -> meters.silent.contains(input) ? 1 : 0)
          .description("1 while nothing is heard of an input of which signs of life are expected.")
          .tag("input", input.label())
          .register(registry);
    }
    Gauge.builder("belay.build.info", () -> 1)
        .description("Which Belay this is.")
        .tags("version", version, "java", Runtime.version().toString())
        .register(registry);
    Gauge.builder("belay.rules.info", () -> 1)
        .description("By which rules it decides: the digest of their files.")
        .tag("digest", rules)
        .register(registry);
  }

  /**
   * Brings the gauges up to date, and learns what is under way. Call it at the start, before the
   * first facts, and then every few seconds.
   *
   * @return completes when that is done; fails where the engine cannot be asked now
   */
  public CompletionStage<Void> sample(Queries queries) {
    return queries.ask(FactMeters::sample).thenAccept(this::show);
  }

  private static Sample sample(State state) {
    int incidents = 0;
    int leases = 0;
    Map<ActionId, String> underWay = new HashMap<>();
    Map<ActionId, String> inForce = new HashMap<>();
    for (ServiceState service : state.services()) {
      incidents += service.incident().isPresent() ? 1 : 0;
      leases += service.leases().size();
      service
          .run()
          .ifPresent(run -> run.plan().ifPresent(plan -> underWay.put(run.action(), plan.kind())));
      service.leases().forEach(lease -> inForce.put(lease.action(), lease.undo().kind()));
    }
    return new Sample(
        new Levels(
            incidents,
            leases,
            state.hold().isPresent() ? 1 : 0,
            state.brakeSince().isPresent() ? 1 : 0),
        arrears(state),
        state.silent().stream().map(InputState::input).collect(Collectors.toUnmodifiableSet()),
        underWay,
        inForce);
  }

  private static Map<String, Arrears> arrears(State state) {
    Map<String, Arrears> arrears = new HashMap<>();
    for (Owed owed : state.owed()) {
      for (String channel : owed.to()) {
        arrears.merge(
            channel, Arrears.NONE.and(owed.notice().at()), (sum, _) -> sum.and(owed.notice().at()));
      }
    }
    return Map.copyOf(arrears);
  }

  private void show(Sample sample) {
    levels = sample.levels();
    arrears = sample.arrears();
    silent = sample.silent();
    sample.underWay().forEach((action, kind) -> learn(kinds, action, kind));
    sample.inForce().forEach((action, kind) -> learn(undoings, action, kind));
  }

  @Override
  public void accept(List<Journal.Entry> entries) {
    for (Journal.Entry entry : entries) {
      entry.facts().forEach(this::count);
    }
  }

  private void count(Fact fact) {
    switch (fact) {
      case Fact.IncidentOpened _ -> incidentsOpened.increment();
      case Fact.ReleaseRecorded _ -> releases.increment();
      case Fact.RevisionJudged judged -> judged(judged.good()).increment();
      case Fact.Decided decided -> decisions(decided.act(), decided.reason()).increment();
      case Fact.RunMoved(var service, var run, _) -> moved(service, run);
      case Fact.RunEnded(var service, _, _, _) -> doubtful.remove(service);
      case Fact.LeaseMoved(_, var lease, _) -> learn(undoings, lease.action(), lease.undo().kind());
      case Fact.LeaseEnded(_, var action, var reason, _, _, _) ->
          actions(kind(undoings, action), undone(reason)).increment();
      case Fact.ActionIntended(_, _, var action, var plan, _) -> learn(kinds, action, plan.kind());
      case Fact.ActionEnded(_, _, var action, var outcome, _) ->
          actions(kind(kinds, action), label(outcome)).increment();
      case Fact.NoticeSent(_, _, var channel, _, var at) -> {
        notices(channel).increment();
        lastSent.put(channel, at.toEpochMilli() / 1e3);
      }
      case Fact.NoticeGivenUp(_, _, var channel, _) -> noticesGivenUp(channel).increment();
      case Fact.AlertFired(var episode) -> {
        if (episode.services().isEmpty()) {
          strangers.increment();
        }
      }
      case Fact.JournalBegun _,
          Fact.ServiceFound _,
          Fact.ServiceLost _,
          Fact.ServiceNarrowed _,
          Fact.InputRead _,
          Fact.InputHeard _,
          Fact.InputMoved _,
          Fact.ReleaseJoined _,
          Fact.RolloutMoved _,
          Fact.AlertRenewed _,
          Fact.AlertAssigned _,
          Fact.AlertEnded _,
          Fact.AlertForgotten _,
          Fact.RevisionRan _,
          Fact.RevisionSoaked _,
          Fact.TriggerMoved _,
          Fact.RuleMoved _,
          Fact.IncidentClosed _,
          Fact.PermitAsked _,
          Fact.PermitAnswered _,
          Fact.PersonApproved _,
          Fact.PersonVetoed _,
          Fact.IncidentSnoozed _,
          Fact.SnoozeEnded _,
          Fact.PersonAcknowledged _,
          Fact.PageEscalated _,
          Fact.IncidentCharted _,
          Fact.Held _,
          Fact.HoldReleased _,
          Fact.BrakeEngaged _,
          Fact.BrakeReleased _,
          Fact.ReloadAccepted _,
          Fact.ReloadRefused _,
          Fact.DaemonStarted _,
          Fact.DaemonStopped _,
          Fact.NoticeMade _,
          Fact.ChannelsNamed _,
          Fact.NoticesTriedAgain _ -> {}
    }
  }

  /** A doubt counts once, however often the cluster is asked about it. */
  private void moved(String service, Run run) {
    run.plan().ifPresent(plan -> learn(kinds, run.action(), plan.kind()));
    if (run.phase() != Run.Phase.INSPECTING) {
      doubtful.remove(service);
    } else if (!run.action().equals(doubtful.put(service, run.action()))) {
      actions(kind(kinds, run.action()), "doubtful").increment();
    }
  }

  private static void learn(Map<ActionId, String> known, ActionId action, String kind) {
    synchronized (known) {
      known.put(action, kind);
    }
  }

  private static String kind(Map<ActionId, String> known, ActionId action) {
    synchronized (known) {
      return known.getOrDefault(action, UNKNOWN);
    }
  }

  /** What became of an undoing, from why its lease ended. */
  private static String undone(Reason reason) {
    return switch (reason) {
      case RESTORED -> "applied";
      case ALREADY_DONE -> "already_done";
      case CLUSTER_UNAVAILABLE -> "doubtful";
      default -> "refused";
    };
  }

  private static String label(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Applied _ -> "applied";
      case Outcome.AlreadyDone _ -> "already_done";
      case Outcome.Refused _ -> "refused";
      case Outcome.Doubtful _ -> "doubtful";
    };
  }

  private Counter decisions(boolean act, Reason reason) {
    return counter(
        "belay.decisions",
        "Decisions to act, or not to.",
        Tags.of("act", Boolean.toString(act), "reason", reason.label()));
  }

  private Counter actions(String action, String outcome) {
    return counter(
        "belay.actions",
        "Attempts to change the cluster.",
        Tags.of("action", action, "outcome", outcome));
  }

  private Counter judged(boolean good) {
    return counter(
        "belay.revisions.judged",
        "Revisions that proved good, or bad.",
        Tags.of("judgement", good ? "good" : "bad"));
  }

  private Counter notices(String channel) {
    return counter(
        "belay.notices.sent", "Notices that a channel took.", Tags.of("channel", channel));
  }

  private Counter noticesGivenUp(String channel) {
    return counter(
        "belay.notices.given.up",
        "Notices that a channel did not take while they were worth telling, or beyond those kept.",
        Tags.of("channel", channel));
  }

  private Counter counter(String name, String description, Tags tags) {
    return Counter.builder(name).description(description).tags(tags).register(registry);
  }
}
