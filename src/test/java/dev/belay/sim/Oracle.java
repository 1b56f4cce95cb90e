package dev.belay.sim;

import dev.belay.core.alert.Alert;
import dev.belay.core.alert.Episode;
import dev.belay.core.alert.Labels;
import dev.belay.core.engine.Command;
import dev.belay.core.engine.Event;
import dev.belay.core.engine.Fact;
import dev.belay.core.engine.InputRecord;
import dev.belay.core.engine.Lease;
import dev.belay.core.engine.Run;
import dev.belay.core.engine.ServiceState;
import dev.belay.core.engine.Settings;
import dev.belay.core.engine.State;
import dev.belay.core.engine.TriggerState;
import dev.belay.core.incident.Notice;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Announcement;
import dev.belay.core.release.Release;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Manifest;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Remediation;
import dev.belay.core.rule.Condition;
import dev.belay.core.rule.Fleet;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.Narrowing;
import dev.belay.core.rule.Service;
import dev.belay.sandbox.MemoryCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * An independent, naive ledger of what was promised: it hears what was acknowledged, what became
 * durable, what was released and what took effect, and throws at the first broken promise.
 */
final class Oracle {
  private static final Duration HOUR = Duration.ofHours(1);

  /** An alert that was away for less than this has not begun anew. */
  private static final Duration AWAY = Duration.ofMinutes(55);

  /** A reading that is older says nothing of now. */
  private static final Duration FRESH = Duration.ofSeconds(100);

  private static final Duration CALL = Duration.ofMinutes(1);

  /** So many crossed readings in a row, and the trigger has fired for certain. */
  private static final int FIRES = 8;

  private record Heard(Instant startsAt, boolean firing, Instant validUntil) {}

  private final Loop loop;
  private final Swarm swarm;
  private final World world;
  private final Map<Labels, Heard> alerts = new HashMap<>();
  private final Map<Labels, Instant> fired = new HashMap<>();
  private final Map<Labels, Instant> ended = new HashMap<>();
  private final Set<Labels> silent = new HashSet<>();
  private final Map<Labels, Instant> troubledSince = new HashMap<>();
  private final Map<Manifest, ActionId> limits = new HashMap<>();
  private final Map<String, Set<Announcement>> releases = new HashMap<>();

  /** Releases that came by the input and had their effect. */
  private final Set<String> byInput = new HashSet<>();

  private final Map<String, Optional<Double>> readings = new HashMap<>();
  private final Map<String, Instant> readAt = new HashMap<>();
  private final Map<String, Integer> crossings = new HashMap<>();
  private final Map<String, TriggerState> triggers = new HashMap<>();
  private final Map<String, Instant> crossedSince = new HashMap<>();
  private final Map<ActionId, Fact.ActionIntended> intents = new HashMap<>();
  private final Map<ActionId, Run> runs = new HashMap<>();
  private final Map<String, ActionId> newest = new HashMap<>();
  private final Map<ActionId, Instant> acted = new HashMap<>();
  private final Map<ActionId, Integer> effects = new HashMap<>();
  private final Map<String, ActionId> open = new HashMap<>();
  private final Set<ActionId> undos = new HashSet<>();
  private final Map<String, Notice> asked = new HashMap<>();
  private final Map<ActionId, Instant> approved = new HashMap<>();
  private final Map<String, Integer> recordEffects = new HashMap<>();
  private final Set<String> made = new HashSet<>();
  private final Set<String> delivered = new HashSet<>();

  /** What each channel took, and when the daemon knew it for good. */
  private final Map<String, Instant> known = new HashMap<>();

  /** What each workload's team said last. */
  private final Map<String, Narrowing> narrowings = new HashMap<>();

  private final Set<String> incidents = new HashSet<>();

  /** Those in which a person objected, and was not told that it was too late. */
  private final Set<String> objected = new HashSet<>();

  private final List<Instant> crashes = new ArrayList<>();
  private boolean ran;
  private boolean crashed;
  private boolean held;
  private boolean braked;
  private Instant stormBegan = Instant.MAX;

  private final Listened listened;

  /** Since when each service is in trouble. */
  private final Map<String, Instant> unhealed = new HashMap<>();

  Oracle(Loop loop, Swarm swarm, World world) {
    this.loop = loop;
    this.swarm = swarm;
    this.world = world;
    listened = new Listened(loop, swarm.settings().listening());
  }

  // ---- what it hears

  /** The sender was told that the event is safe. */
  void acked(Event event) {
    switch (event) {
      case Event.AlertsReceived received -> received.alerts().forEach(this::heard);
      case Event.ReleaseReceived(var release) -> announced(release);
      case Event.RecordsRead(_, var records) ->
          records.forEach(
              record -> {
                if (record instanceof InputRecord.Announced(_, var release)) {
                  announced(release);
                }
              });
      default -> {}
    }
  }

  private void announced(Release release) {
    releases.computeIfAbsent(release.service(), _ -> new HashSet<>()).add(release.announcement());
  }

  /** G15: nothing is made of a record twice. */
  private void effective(String record) {
    if (recordEffects.merge(record, 1, Integer::sum) > 1) {
      throw new Violation("G15: the record " + record + " has two effects");
    }
  }

  /** The daemon took a reading. */
  private void read(String service, Optional<Double> value) {
    readings.put(service, value);
    readAt.put(service, loop.instant());
    crossings.put(service, crossings(crossings.getOrDefault(service, 0), value));
  }

  /** How many crossed readings in a row; once it must have fired, only a good one ends it. */
  private static int crossings(int was, Optional<Double> value) {
    boolean crossed = value.filter(each -> each > Swarm.ERRORS.threshold()).isPresent();
    boolean fired = was >= FIRES;
    return crossed ? was + 1 : fired && value.isEmpty() ? was : 0;
  }

  private void heard(Alert alert) {
    Optional<Heard> was = Optional.ofNullable(alerts.get(alert.labels()));
    boolean older =
        was.filter(
                heard ->
                    alert.startsAt().isBefore(heard.startsAt())
                        || (alert.startsAt().equals(heard.startsAt()) && !heard.firing()))
            .isPresent();
    if (!older) {
      Instant valid =
          was.filter(Heard::firing)
              .filter(heard -> heard.startsAt().equals(alert.startsAt()))
              .map(Heard::validUntil)
              .filter(alert.validUntil()::isBefore)
              .orElse(alert.validUntil());
      alerts.put(alert.labels(), new Heard(alert.startsAt(), alert.firing(), valid));
    }
  }

  /** The process ended: what was read before is no longer fresh. */
  void restarted() {
    listened.restarted();
    readings.clear();
    crossings.values().removeIf(count -> count < FIRES);
  }

  void durable(Fact fact) {
    listened.durable(fact);
    switch (fact) {
      // Durable, though its sender may not have been told so.
      case Fact.AlertFired(var episode) -> {
        silent.remove(episode.labels());
        fired(episode);
      }
      case Fact.AlertEnded(var labels, var how, var at) -> {
        ended.put(labels, at);
        if (how == Episode.Status.STALE) {
          silent.add(labels);
        } else {
          silent.remove(labels);
        }
      }
      case Fact.ServiceNarrowed(var service, var narrowing, _) ->
          narrowings.put(service, narrowing);
      case Fact.ServiceLost(var service, _) -> {
        if (unhealed.containsKey(service) || open.containsKey(service)) {
          throw new Violation("G22: " + service + " is lost in the midst of its trouble");
        }
        narrowings.remove(service);
      }
      case Fact.IncidentOpened(var service, var incident, _, var at) -> {
        if (!incidents.add(incident)) {
          throw new Violation("G22: the id " + incident + " is given twice");
        }
        silent.removeIf(labels -> speaksOf(labels, service));
        unhealed.put(service, at);
      }
      case Fact.TriggerMoved(var service, var trigger) -> {
        triggers.put(service, trigger);
        if (trigger.phase() == TriggerState.Phase.INACTIVE) {
          crossedSince.remove(service);
        } else {
          crossedSince.putIfAbsent(service, loop.instant());
        }
      }
      case Fact.RunMoved(_, var run, _) -> {
        runs.put(run.action(), run);
        newest.put(run.incident(), run.action());
      }
      case Fact.ActionIntended intended -> {
        ActionId other = open.put(intended.service(), intended.action());
        if (other != null && !other.equals(intended.action())) {
          throw new Violation("G6: two remediations at once on " + intended.service());
        }
        intents.put(intended.action(), intended);
        if (crashed) {
          throw new Violation("G13: " + intended.action() + " is intended in a crash loop");
        }
        if (held) {
          throw new Violation("G12: " + intended.action() + " is intended under a hold");
        }
        if (braked) {
          throw new Violation("G6: " + intended.action() + " is intended in a storm");
        }
        if (objected.contains(intended.incident())) {
          throw new Violation("G27: " + intended.action() + " is intended after an objection");
        }
        Narrowing said = narrowings.getOrDefault(intended.service(), Narrowing.NONE);
        if (said.hold() || said.mode().filter(Mode.OBSERVE::equals).isPresent()) {
          throw new Violation("G21: " + intended.action() + " is intended against " + said);
        }
        intended(intended);
      }
      case Fact.ActionEnded(var service, _, var action, _, _) -> open.remove(service, action);
      case Fact.RunEnded(var service, _, _, _) -> open.remove(service);
      case Fact.LeaseMoved(var service, var lease, _) -> {
        undos.add(lease.undoAction());
        if (held && lease.phase() == Lease.Phase.UNDOING) {
          throw new Violation("G12: a mitigation of " + service + " is undone under a hold");
        }
      }
      case Fact.PersonVetoed(_, var incident, _, _) -> {
        asked.remove(incident);
        objected.add(incident);
      }
      case Fact.RevisionJudged judged -> judged(judged);
      case Fact.Decided decided when decided.reason() == Reason.RECORD_UNREADABLE ->
          effective(decided.subject());
      case Fact.ReleaseRecorded(_, var release) -> announced(release.announcement());
      case Fact.ReleaseJoined(_, _, var other, _) -> announced(other);
      case Fact.Held _ -> {
        held = true;
        crashed = false;
      }
      case Fact.HoldReleased _ -> {
        held = false;
        crashes.clear();
      }
      case Fact.DaemonStarted(var at) -> started(at);
      case Fact.BrakeEngaged(_, var at) -> {
        braked = true;
        stormBegan = at.minus(swarm.settings().stormWindow());
      }
      case Fact.BrakeReleased _ -> {
        braked = false;
        calm();
      }
      case Fact.NoticeMade(var notice) -> notice(notice);
      case Fact.NoticeSent(var incident, var number, var channel, _, _) ->
          known.put(channel + " " + incident + "#" + number, loop.instant());
      case Fact.IncidentClosed closed -> closed(closed);
      default -> {}
    }
  }

  /** G6: a storm is over when what it brought is. */
  private void calm() {
    long remain = unhealed.values().stream().filter(at -> at.isAfter(stormBegan)).count();
    if (remain >= swarm.settings().stormServices()) {
      throw new Violation("G6: the brake lets go while " + remain + " services are in trouble");
    }
  }

  /** G4: a good name rests on what was seen. */
  private void judged(Fact.RevisionJudged judged) {
    if (judged.good() && !world.provenGood(judged.service(), judged.digest())) {
      throw new Violation(
          "G4: " + judged.digest() + " of " + judged.service() + " is called good unseen");
    }
  }

  /** In the simulator nothing ever stops the daemon but a crash. */
  private void started(Instant at) {
    if (ran) {
      crashes.add(at);
    }
    ran = true;
    Settings.CrashLoop limit = swarm.settings().crashLoop();
    long recent = crashes.stream().filter(at.minus(limit.within())::isBefore).count();
    crashed = crashed || (!held && recent >= limit.starts());
  }

  private void notice(Notice notice) {
    made.add(key(notice));
    if (notice.kind() == Notice.Kind.COUNTDOWN || notice.kind() == Notice.Kind.PROPOSED) {
      asked.put(notice.incident(), notice);
    }
  }

  private static String key(Notice notice) {
    return notice.incident() + "#" + notice.number();
  }

  /** A firing that follows an earlier one soon goes on with the same trouble. */
  private void fired(Episode episode) {
    Labels labels = episode.labels();
    fired.put(labels, episode.startsAt());
    boolean same =
        Optional.ofNullable(ended.remove(labels))
            .filter(end -> end.plus(AWAY).isAfter(loop.instant()))
            .isPresent();
    if (!same) {
      troubledSince.remove(labels);
    }
    troubledSince.merge(labels, episode.startsAt(), (was, is) -> was.isBefore(is) ? was : is);
  }

  private void closed(Fact.IncidentClosed closed) {
    unhealed.remove(closed.service());
    if (closed.reason() == Reason.VERIFIED) {
      troubledSince.keySet().removeIf(labels -> speaksOf(labels, closed.service()));
      ended.keySet().removeIf(labels -> speaksOf(labels, closed.service()));
    }
    boolean lost = silent.stream().anyMatch(labels -> speaksOf(labels, closed.service()));
    if (lost != (closed.reason() == Reason.STALE)) {
      throw new Violation(
          "G5: incident " + closed.incident() + " closed as " + closed.reason() + ": " + silent);
    }
    Optional<Double> seen = readings.get(closed.service());
    boolean crossed = crossings.getOrDefault(closed.service(), 0) >= FIRES;
    if (closed.reason() == Reason.RESOLVED && seen != null && seen.isEmpty() && crossed) {
      throw new Violation("G5: incident " + closed.incident() + " closed on an unknown reading");
    }
  }

  private static boolean speaksOf(Labels labels, String service) {
    return labels.get("app").filter(service::equals).isPresent();
  }

  void delivered(String channel, Notice notice) {
    delivered.add(channel + " " + key(notice));
  }

  /** What follows from the event is durable, though its sender may not have been told so. */
  void taken(Event event) {
    listened.taken(event);
    switch (event) {
      case Event.Approved(_, var action, _, _) -> approved.put(action, loop.instant());
      case Event.SignalsRead(var service, var read) -> read(service, read.getFirst().value());
      default -> {}
    }
  }

  /** The newest step of an incident, about which people answer. */
  Optional<ActionId> underWay(String incident) {
    return Optional.ofNullable(newest.get(incident));
  }

  /** A release that is told of more by other ways has its effect by the first word. */
  private void announced(Announcement announcement) {
    if (announcement.source().equals(World.BY_INPUT) && byInput.add(announcement.id())) {
      effective(announcement.id());
    }
  }

  // ---- what it checks

  /** G1: what was acknowledged is in what was recovered. */
  void recovered(State state) {
    alerts.forEach(
        (labels, heard) -> {
          boolean lives = heard.firing() && heard.validUntil().isAfter(loop.instant());
          if (lives && state.alert(labels).isEmpty()) {
            throw new Violation("G1: acknowledged alert " + labels + " is lost");
          }
        });
    releases.forEach(
        (service, announced) -> {
          Optional<ServiceState> known = state.service(service);
          boolean forgets = known.filter(it -> it.releases().size() >= 20).isPresent();
          boolean all =
              announced.stream()
                  .allMatch(each -> known.flatMap(it -> it.release(each)).isPresent());
          if (!forgets && !all) {
            throw new Violation("G1: an acknowledged release of " + service + " is lost");
          }
        });
  }

  void released(Command command) {
    if (command instanceof Command.Notify(var channel, var owed)) {
      owed.stream()
          .map(notice -> channel + " " + key(notice))
          .filter(notice -> known.getOrDefault(notice, Instant.MAX).isBefore(loop.instant()))
          .findFirst()
          .ifPresent(
              notice -> {
                throw new Violation("it is known that this was told, and told again: " + notice);
              });
    }
    if (command instanceof Command.Apply(var service, var action, _, var notAfter)) {
      if (notAfter.isAfter(loop.instant().plus(CALL))) {
        throw new Violation("G12: " + action + " may be sent long after it was decided");
      }
      if (!undos.contains(action)) {
        mayAct(service, action);
      }
    }
  }

  private void mayAct(String service, ActionId action) {
    if (!intents.containsKey(action) || !runs.containsKey(action)) {
      throw new Violation("G3: " + action + " on " + service + " has no durable intent");
    }
    if (!acted.containsKey(action)) {
      acted.put(action, loop.instant());
      budget(service);
    }
    leave(run(action), remediation(service, run(action)));
  }

  /** What was known when it was decided; what came a moment later came too late. */
  private void intended(Fact.ActionIntended intended) {
    String service = intended.service();
    Run run = run(intended.action());
    Remediation remediation = remediation(service, run);
    if (run.step() == 0) {
      certain(service, remediation);
    }
    if (intended.plan() instanceof Plan.RollBack rollBack) {
      blamed(service, rollBack, remediation);
    }
  }

  private Run run(ActionId action) {
    return Objects.requireNonNull(runs.get(action));
  }

  private Remediation remediation(String service, Run run) {
    return rule(service).remediations().stream()
        .filter(each -> each.name().equals(run.remediation()))
        .findFirst()
        .orElseThrow();
  }

  private Service rule(String service) {
    return swarm.services().stream()
        .filter(each -> each.name().equals(service))
        .findFirst()
        .orElseThrow();
  }

  /** G6: so many actions an hour, for the service and over all. */
  private void budget(String service) {
    Instant from = loop.instant().minus(HOUR);
    List<ActionId> recent = new ArrayList<>();
    acted.forEach(
        (action, at) -> {
          if (at.isAfter(from)) {
            recent.add(action);
          }
        });
    long own =
        recent.stream()
            .flatMap(each -> Optional.ofNullable(intents.get(each)).stream())
            .filter(intent -> intent.service().equals(service))
            .count();
    if (own > rule(service).limits().actionsPerHour()) {
      throw new Violation("G6: " + own + " actions in an hour on " + service);
    }
    if (recent.size() > swarm.settings().actionsPerHour()) {
      throw new Violation("G6: " + recent.size() + " actions in an hour over all");
    }
  }

  /** The mode: who had to be asked was asked, and had the time to answer. */
  private void leave(Run run, Remediation remediation) {
    Mode mode = remediation.mode().atMost(swarm.settings().mode());
    Notice notice = asked.get(run.incident());
    Instant yes = approved.get(run.action());
    boolean agreed = notice != null && yes != null && !yes.isBefore(notice.at());
    boolean may =
        switch (mode.kind()) {
          case OBSERVE -> false;
          case ACT -> true;
          case PROPOSE -> agreed;
          case VETO ->
              agreed
                  || (notice != null && !loop.instant().isBefore(notice.at().plus(mode.window())));
        };
    if (!may) {
      throw new Violation("mode " + mode.kind() + ": " + run.action() + " without leave");
    }
  }

  /** G5: what calls for it is known, not guessed. */
  private void certain(String service, Remediation remediation) {
    boolean known = remediation.when().stream().anyMatch(each -> holds(service, each));
    if (!known) {
      throw new Violation("G5: acts on " + service + " with nothing known to be wrong");
    }
  }

  private boolean holds(String service, Condition condition) {
    return switch (condition) {
      case Condition.AnyTrigger _ -> {
        Optional<Double> seen = readings.get(service);
        Instant at = readAt.getOrDefault(service, Instant.MIN);
        yield seen != null
            && at.plus(FRESH).isAfter(loop.instant())
            && seen.filter(value -> value > Swarm.ERRORS.threshold()).isPresent();
      }
      case Condition.AlertMatches matches ->
          fired.keySet().stream()
              .filter(labels -> labels.get("app").filter(service::equals).isPresent())
              .filter(matches::matches)
              .anyMatch(this::fires);
    };
  }

  private boolean fires(Labels labels) {
    Heard heard = alerts.get(labels);
    return heard == null
        || heard.firing()
        || heard.startsAt().isBefore(fired.getOrDefault(labels, Instant.MIN));
  }

  /** G4: a release of the window, and nothing that still fires is older. */
  private void blamed(String service, Plan.RollBack plan, Remediation remediation) {
    Optional<World.Deploy> deploy = world.deploy(service, plan.fromDigest());
    if (deploy.isEmpty()) {
      throw new Violation("G4: rolls back " + service + " from what nobody released");
    }
    // What is announced may not have been heard yet; what was rolled out was seen.
    Instant began = deploy.get().startedAt().orElse(deploy.get().at());
    Instant last = began.isBefore(deploy.get().at()) ? deploy.get().at() : began;
    if (!last.isAfter(loop.instant().minus(remediation.blame().orElseThrow()))) {
      throw new Violation("G4: the release of " + service + " is outside the window");
    }
    Instant first = deploy.get().at().isBefore(began) ? deploy.get().at() : began;
    alerts.forEach(
        (labels, heard) -> {
          Duration hold = labels.alertName().equals("Errors") ? swarm.hold() : Duration.ZERO;
          Instant since =
              Optional.ofNullable(troubledSince.get(labels))
                  .filter(heard.startsAt()::isAfter)
                  .orElse(heard.startsAt());
          if (speaksOf(labels, service)
              && heard.firing()
              && heard.validUntil().isAfter(loop.instant())
              && since.minus(hold).isBefore(first)) {
            throw new Violation("G4: " + labels + " is older than the release it is blamed on");
          }
        });
    boolean fires =
        Optional.ofNullable(triggers.get(service))
            .filter(trigger -> trigger.phase() == TriggerState.Phase.FIRING)
            .isPresent();
    if (fires && crossedSince.getOrDefault(service, Instant.MAX).isBefore(first)) {
      throw new Violation("G4: a trigger is older than the release it is blamed on");
    }
    if (!world.provenGood(service, plan.toDigest())) {
      throw new Violation("G4: rolls back " + service + " to what never ran its soak time");
    }
  }

  /** G3 and G4 where it counts: in the cluster. */
  void effective(MemoryCluster.Effect effect) {
    int count = effects.merge(effect.id(), 1, Integer::sum);
    if (count > 1) {
      throw new Violation("G3: " + effect.id() + " took effect " + count + " times");
    }
    if (effect.plan() instanceof Plan.ApplyManifests plan) {
      plan.manifests().forEach(each -> limits.put(each, effect.id()));
    }
    if (effect.plan() instanceof Plan.DeleteManifests plan
        && plan.manifests().stream()
            .anyMatch(each -> !plan.madeBy().equals(Optional.ofNullable(limits.get(each))))) {
      throw new Violation("a lease takes away what another action put up: " + plan.manifests());
    }
    if (effect.plan() instanceof Plan.RollBack plan) {
      String service =
          plan.workload().equals(Swarm.FOUND)
              ? Fleet.nameOf(Swarm.FOUND)
              : plan.workload().namespace();
      if (!world.newestDeploy(service, effect.at()).digest().equals(plan.fromDigest())
          && !world.undone(service, plan.fromDigest())) {
        throw new Violation(
            "G4: rolled back " + plan.workload() + " from what is not the newest release");
      }
    }
  }

  /** G2 and liveness, when everything has been calm for long. */
  void atTheEnd(State state, List<InputRecord> records) {
    for (InputRecord record : records) {
      String name =
          switch (record) {
            case InputRecord.Announced(_, var release) -> release.id();
            case InputRecord.Unreadable(_, var unreadable, _) -> unreadable;
          };
      if (!recordEffects.containsKey(name)) {
        throw new Violation("G15: the record " + name + " never had an effect");
      }
    }
    state
        .services()
        .forEach(
            service -> {
              if (service.run().isPresent()) {
                throw new Violation("stuck: " + service.run().get());
              }
              if (!service.leases().isEmpty()) {
                throw new Violation("a lease is never undone: " + service.leases());
              }
              service
                  .incident()
                  .ifPresent(
                      incident -> {
                        throw new Violation("an incident never ends: " + incident);
                      });
            });
    Set<String> untold = new HashSet<>();
    for (String channel : World.CHANNELS) {
      made.forEach(notice -> untold.add(channel + " " + notice));
    }
    untold.removeAll(delivered);
    if (!untold.isEmpty()) {
      throw new Violation(
          "G2: not told, by this channel and of this: " + untold.stream().sorted().toList());
    }
  }
}
