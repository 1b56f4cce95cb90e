package dev.belay.core.engine;

import dev.belay.core.alert.Labels;
import dev.belay.core.incident.Incident;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Announcement;
import dev.belay.core.release.Release;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Remediation;
import dev.belay.core.rule.Condition;
import dev.belay.core.rule.Narrowing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedCollection;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is known of one service. Read by deciders, changed only by {@link State#apply}. */
public final class ServiceState {
  /**
   * In {@link #tried}: the remediation is under way, or ended so that people know that they are
   * needed.
   */
  static final String BEGUN = "begun";

  /** In {@link #tried}: the remediation touched the cluster, and ended without calling a person. */
  static final String ENDED = "ended";

  /** In {@link #tried}: what keeps a remediation from beginning, or ended it, for a while only. */
  private static final Set<String> PASSING =
      Stream.of(
              Reason.HELD,
              Reason.WORKLOAD_HELD,
              Reason.SNOOZED,
              Reason.STORM,
              Reason.BUDGET_SPENT,
              Reason.BUDGET_SPENT_OVER_ALL,
              Reason.COOLDOWN,
              Reason.INPUT_SILENT,
              Reason.CLUSTER_UNAVAILABLE,
              Reason.RECOVERED,
              Reason.SIGNAL_LOST)
          .map(Reason::name)
          .collect(Collectors.toUnmodifiableSet());

  /** In {@link #tried}: no release was found to blame. */
  private static final Set<String> BLAMELESS =
      Stream.of(Reason.NO_RELEASE, Reason.OLDER_THAN_RELEASE, Reason.RELEASE_UNJUDGED)
          .map(Reason::name)
          .collect(Collectors.toUnmodifiableSet());

  static final int RELEASES_KEPT = 20;
  static final int JOINED_KEPT = 100;
  static final int REVISIONS_KEPT = 30;
  static final int SILENT_KEPT = 1_000;

  final String name;
  int incidentCount;
  Optional<Incident> incident = Optional.empty();
  Optional<Run> run = Optional.empty();
  private final KnownReleases releases = new KnownReleases();

  /** Announcements that mean a release that is known by another. */
  final SequencedMap<Announcement, Announcement> joined = new LinkedHashMap<>();

  final List<RevisionRecord> revisions = new ArrayList<>();
  final Map<String, TriggerState> triggers = new LinkedHashMap<>();

  /** What is amiss with its rollout. */
  final List<RolloutState> rollouts = new ArrayList<>();

  final List<Lease> leases = new ArrayList<>();
  final List<StateSnapshot.Attempt> actions = new ArrayList<>();
  Optional<Soak> soak = Optional.empty();
  Optional<Instant> quietSince = Optional.empty();

  /** When the last incident ended. */
  Optional<Instant> troubleEnded = Optional.empty();

  /**
   * Alerts of this incident that went stale, or count for the service no longer, and were not heard
   * of since: that they are silent says nothing.
   */
  final Set<Labels> silent = new LinkedHashSet<>();

  /** There were more of them than are kept. */
  boolean moreSilent;

  /** A remediation of this incident was verified. */
  boolean verified;

  /** The run under way has touched the cluster, or may have. */
  boolean acted;

  /** The last action of which a person was told that its outcome stays unknown. */
  Optional<ActionId> stuck = Optional.empty();

  /** Remediations that this incident has had or was refused, and why; emptied when it closes. */
  final SortedMap<String, String> tried = new TreeMap<>();

  /**
   * How often each remediation of this incident ended before it touched anything because what calls
   * for it was gone, or gone dark, or because the cluster did not answer it.
   */
  final SortedMap<String, Integer> lapses = new TreeMap<>();

  /** It was said of this incident that a sender cut alerts off. */
  boolean truncated;

  /** What its team says on its workload. */
  Narrowing narrowing = Narrowing.NONE;

  /** A person has the open incident in hand. */
  Optional<Snooze> snooze = Optional.empty();

  /** How far people were called for the open incident, or the last one. */
  Calling calling = Calling.NONE;

  /** Firing alerts; derived from the episodes. */
  final Firing firing = new Firing();

  ServiceState(String name) {
    this.name = name;
  }

  ServiceState(String name, int incidentCount) {
    this.name = name;
    this.incidentCount = incidentCount;
  }

  ServiceState(StateSnapshot.OfService snapshot) {
    this.name = snapshot.name();
    this.incidentCount = snapshot.incidentCount();
    this.incident = snapshot.incident();
    this.run = snapshot.run();
    snapshot.releases().forEach(releases::put);
    snapshot.joined().forEach(each -> joined.put(each.other(), each.release()));
    this.revisions.addAll(snapshot.revisions());
    snapshot.triggers().forEach(trigger -> triggers.put(trigger.trigger(), trigger));
    this.rollouts.addAll(snapshot.rollouts());
    this.leases.addAll(snapshot.leases());
    this.actions.addAll(snapshot.actions());
    this.soak = snapshot.soak();
    this.quietSince = snapshot.quietSince();
    this.troubleEnded = snapshot.troubleEnded();
    this.silent.addAll(snapshot.silent());
    this.moreSilent = snapshot.moreSilent();
    this.verified = snapshot.verified();
    this.acted = snapshot.acted();
    this.stuck = snapshot.stuck();
    this.tried.putAll(snapshot.tried());
    this.lapses.putAll(snapshot.lapses());
    this.truncated = snapshot.truncated();
    this.narrowing = snapshot.narrowing();
    this.snooze = snapshot.snooze();
    this.calling = snapshot.calling();
  }

  StateSnapshot.OfService snapshot() {
    return new StateSnapshot.OfService(
        name,
        incidentCount,
        incident,
        run,
        List.copyOf(releases.values()),
        joined.entrySet().stream()
            .map(each -> new StateSnapshot.Joined(each.getValue(), each.getKey()))
            .toList(),
        List.copyOf(revisions),
        List.copyOf(triggers.values()),
        List.copyOf(rollouts),
        List.copyOf(leases),
        List.copyOf(actions),
        soak,
        quietSince,
        troubleEnded,
        List.copyOf(silent),
        moreSilent,
        verified,
        acted,
        stuck,
        new TreeMap<>(tried),
        new TreeMap<>(lapses),
        truncated,
        narrowing,
        snooze,
        calling);
  }

  /** The service's name. */
  public String name() {
    return name;
  }

  /** The open incident, where there is one. */
  public Optional<Incident> incident() {
    return incident;
  }

  /** Whether that is the one. */
  boolean hasOpen(String id) {
    return incident.filter(open -> open.id().equals(id)).isPresent();
  }

  /** The remediation under way, where there is one. */
  public Optional<Run> run() {
    return run;
  }

  /** The last releases, the newest last. */
  public SequencedCollection<Release> releases() {
    return releases.values();
  }

  /** The release that was announced so, by this name or another. */
  public Optional<Release> release(Announcement announcement) {
    return releases.get(joined.getOrDefault(announcement, announcement));
  }

  /** The known releases that name the image or the version that this one names. */
  List<Release> alike(Release release) {
    return releases.alike(release);
  }

  /** How others than Belay announced the release; empty where nobody else did. */
  Optional<Announcement> announced(Release release) {
    return Stream.concat(
            Stream.of(release.announcement()),
            joined.entrySet().stream()
                .filter(each -> each.getValue().equals(release.announcement()))
                .map(Map.Entry::getKey))
        .filter(name -> !name.source().equals(SeenRelease.SOURCE))
        .findFirst();
  }

  /** Whether this source has announced the release. */
  boolean announced(Release release, String source) {
    return release.source().equals(source)
        || joined.entrySet().stream()
            .filter(each -> each.getKey().source().equals(source))
            .anyMatch(each -> each.getValue().equals(release.announcement()));
  }

  /** The last revisions that ran, the present one last. */
  public List<RevisionRecord> revisions() {
    return Collections.unmodifiableList(revisions);
  }

  /** The triggers that were ever read. */
  public List<TriggerState> triggers() {
    return List.copyOf(triggers.values());
  }

  /** What its team says on its workload. */
  public Narrowing narrowing() {
    return narrowing;
  }

  /** Who has the open incident in hand, where somebody has. */
  public Optional<Snooze> snooze() {
    return snooze;
  }

  Calling calling() {
    return calling;
  }

  /** Mitigations in force. */
  public List<Lease> leases() {
    return Collections.unmodifiableList(leases);
  }

  /** The labels of the alerts that fire. */
  public Set<Labels> firing() {
    return firing.labels();
  }

  /** The present revision, where one was seen. */
  public Optional<RevisionRecord> present() {
    return revisions.isEmpty() ? Optional.empty() : Optional.of(revisions.getLast());
  }

  boolean restful() {
    boolean settled =
        present()
            .filter(ran -> ran.complete().isPresent())
            .filter(ran -> ran.judgement() != RevisionRecord.Judgement.UNPROVEN)
            .isPresent();
    return settled && incident.isEmpty() && run.isEmpty() && leases.isEmpty() && rollouts.isEmpty();
  }

  TriggerState trigger(String trigger) {
    return triggers.getOrDefault(trigger, TriggerState.inactive(trigger));
  }

  Optional<RolloutState> rollout(RolloutTrouble trouble) {
    return rollouts.stream().filter(rollout -> rollout.trouble() == trouble).findFirst();
  }

  void moved(RolloutState rollout) {
    rollouts.removeIf(known -> known.trouble() == rollout.trouble());
    if (rollout.since().isPresent()) {
      rollouts.add(rollout);
    }
  }

  void acted(ActionId action, Instant at) {
    StateSnapshot.Attempt.note(actions, action, at);
    acted = true;
  }

  /** How many actions fall into the hour before {@code now}; several attempts at one are one. */
  int actionsInTheHourBefore(Instant now) {
    return StateSnapshot.Attempt.others(actions, Optional.empty(), now);
  }

  /** Whether the action was intended in the last hour, so that it may have taken effect. */
  boolean attempted(ActionId action) {
    return actions.stream().anyMatch(attempt -> attempt.action().equals(action));
  }

  void released(Release release) {
    if (releases.get(release.announcement()).isEmpty()) {
      // What was said of the one before is not said of this one.
      tried.values().removeIf(BLAMELESS::contains);
    }
    releases.put(release);
    if (releases.size() > RELEASES_KEPT) {
      Announcement gone = releases.removeEldest();
      joined.values().removeIf(gone::equals);
    }
  }

  void joined(Announcement release, Announcement other) {
    releases.remove(other);
    joined.replaceAll((_, known) -> known.equals(other) ? release : known);
    joined.putLast(other, release);
    if (joined.size() > JOINED_KEPT) {
      joined.pollFirstEntry();
    }
  }

  void ran(Fact.RevisionRan fact) {
    String digest = fact.revision().digest();
    RevisionRecord.Judgement judgement =
        revisions.stream()
            .filter(known -> known.revision().digest().equals(digest))
            .map(RevisionRecord::judgement)
            .findFirst()
            .orElse(RevisionRecord.Judgement.UNPROVEN);
    soak = soak.filter(known -> known.digest().equals(digest));
    revisions.removeIf(known -> known.revision().digest().equals(digest));
    revisions.add(new RevisionRecord(fact.revision(), fact.since(), fact.complete(), judgement));
    if (revisions.size() > REVISIONS_KEPT) {
      forgetOneRevision();
    }
  }

  /**
   * The oldest that is not good goes first: a known good revision must outlive ten bad deployments.
   */
  private void forgetOneRevision() {
    for (int i = 0; i < revisions.size() - 1; i++) {
      if (revisions.get(i).judgement() != RevisionRecord.Judgement.GOOD) {
        revisions.remove(i);
        return;
      }
    }
    revisions.removeFirst();
  }

  void judged(Fact.RevisionJudged fact) {
    soak = soak.filter(known -> !known.digest().equals(fact.digest()));
    revisions.replaceAll(
        known ->
            known.revision().digest().equals(fact.digest())
                ? new RevisionRecord(
                    known.revision(),
                    known.since(),
                    known.complete(),
                    fact.good() ? RevisionRecord.Judgement.GOOD : RevisionRecord.Judgement.BAD)
                : known);
  }

  /** Whether the incident may have the remediation again; it may if nothing was done. */
  private void tried(String remediation, Reason end, boolean clusterSilent) {
    switch (end) {
      case VETOED -> tried.put(remediation, end.name());
      case HELD, WORKLOAD_HELD, SNOOZED, STORM, BUDGET_SPENT_OVER_ALL ->
          tried.put(remediation, acted ? ENDED : end.name());
      case BUDGET_SPENT -> tried.put(remediation, acted ? BEGUN : end.name());
      case RECOVERED, SIGNAL_LOST -> {
        tried.put(remediation, acted ? ENDED : end.name());
        lapsed(remediation);
      }
      // A person was called already. A silent cluster lets nothing begin, so it bounds that itself.
      case INPUT_SILENT, CLUSTER_UNAVAILABLE -> {
        tried.put(remediation, acted ? BEGUN : end.name());
        if (!clusterSilent) {
          lapsed(remediation);
        }
      }
      case VERIFIED, VERIFIED_IN_PART -> tried.put(remediation, ENDED);
      default -> {}
    }
  }

  private void lapsed(String remediation) {
    if (!acted) {
      lapses.merge(remediation, 1, Integer::sum);
    }
  }

  /**
   * Whether the remediation ended in this incident, or was refused, before it did anything, so that
   * it may yet begin.
   */
  boolean mayBegin(String remediation) {
    return !Set.of(BEGUN, ENDED, Reason.VETOED.name(), Reason.ALREADY_HAD.name())
        .contains(tried.getOrDefault(remediation, BEGUN));
  }

  /** A remediation of this incident that did nothing and begins once what stops it is over. */
  Optional<String> stopped() {
    return tried.entrySet().stream()
        .filter(each -> !each.getKey().isEmpty() && PASSING.contains(each.getValue()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Whether a person objected in this incident: then nothing more is begun in it. */
  public boolean objected() {
    return tried.containsValue(Reason.VETOED.name());
  }

  void ended(Fact.RunEnded fact, boolean clusterSilent) {
    run.ifPresent(ended -> tried(ended.remediation(), fact.reason(), clusterSilent));
    // Only a remediation that touched the cluster starts the cooldown.
    if (acted) {
      quietSince = Optional.of(fact.at());
      acted = false;
    }
    verified = verified || fact.reason() == Reason.VERIFIED;
    run = Optional.empty();
  }

  /** Another incident begins, or this one is over: what was said and done in it is done with. */
  void forget() {
    tried.clear();
    lapses.clear();
    truncated = false;
    snooze = Optional.empty();
  }

  void leaseMoved(Lease lease) {
    for (int i = 0; i < leases.size(); i++) {
      if (leases.get(i).action().equals(lease.action())) {
        leases.set(i, lease);
        return;
      }
    }
    leases.add(lease);
  }

  void fellSilent(Labels alert) {
    if (silent.size() < SILENT_KEPT) {
      silent.add(alert);
    } else {
      moreSilent |= !silent.contains(alert);
    }
  }

  /** Whether something that was wrong in this incident is silent, which says nothing. */
  boolean lost() {
    return moreSilent || !silent.isEmpty();
  }

  /** Whether something that called for the remediation in this incident is silent. */
  boolean lost(Remediation remediation) {
    return moreSilent
        || silent.stream()
            .anyMatch(
                alert ->
                    remediation.when().stream()
                        .anyMatch(
                            condition ->
                                condition instanceof Condition.AlertMatches matches
                                    && matches.matches(alert)));
  }

  /** The earliest time at which something of this service is due, but for its alerts. */
  Optional<Instant> deadline() {
    return deadlineFrom(Instant.MIN);
  }

  /** The earliest that is not before then. What a hold keeps from being done is due for long. */
  Optional<Instant> deadlineFrom(Instant from) {
    Instant due = Instant.MAX;
    for (Lease lease : leases) {
      due = sooner(due, lease.deadline(), from);
    }
    if (run.isPresent()) {
      due = sooner(due, run.get().deadline(), from);
    }
    if (snooze.isPresent()) {
      due = sooner(due, snooze.get().until(), from);
    }
    for (TriggerState trigger : triggers.values()) {
      Optional<Instant> unread = trigger.unreadAt();
      due = unread.isPresent() ? sooner(due, unread.get(), from) : due;
    }
    return due.equals(Instant.MAX) ? Optional.empty() : Optional.of(due);
  }

  private static Instant sooner(Instant due, Instant other, Instant from) {
    return other.isBefore(due) && !other.isBefore(from) ? other : due;
  }
}
