package dev.belay.core.engine;

import dev.belay.core.incident.Blame;
import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Incident;
import dev.belay.core.incident.Notice;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Announcement;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.core.rule.Mode;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Says which facts are news for people, and puts the news into words. */
final class Notices {
  /**
   * The notice that the fact is worth, after it was applied; empty where it is no news.
   *
   * @param over the run that the fact has ended, where it ends one
   */
  Optional<Notice> of(Fact fact, Optional<Run> over, State state, Instant now) {
    return switch (fact) {
      case Fact.IncidentOpened opened ->
          // Programs count every incident, in a storm too.
          quiet(state) && !state.accounts().tellsPrograms()
              ? Optional.empty()
              : notice(state, opened.service(), opened.incident(), Notice.Kind.OPENED, fact, now);
      case Fact.IncidentClosed closed ->
          notice(state, closed.service(), closed.incident(), Notice.Kind.CLOSED, fact, now);
      case Fact.Decided decided -> decided(decided, state, now);
      case Fact.RunMoved(var service, var run, _) -> moved(service, run, fact, state, now);
      case Fact.RunEnded(var service, var incident, var reason, _) ->
          toldOtherwise(reason, over)
              ? Optional.empty()
              : notice(state, service, incident, kind(reason), fact, now);
      case Fact.ActionEnded(var service, var incident, _, _, _) ->
          notice(state, service, incident, Notice.Kind.ACTED, fact, now);
      case Fact.LeaseEnded ended ->
          notice(
              state,
              ended.service(),
              ended
                  .incident()
                  .filter(taken -> state.incident(taken).isPresent())
                  .orElseGet(() -> lastIncident(state, ended.service())),
              // A mitigation that stays in force against its lease needs a person.
              ended.undone() ? Notice.Kind.RESTORED : Notice.Kind.PAGE,
              fact,
              now);
      case Fact.Held _, Fact.HoldReleased _ -> whole(state, Notice.Kind.HOLD, fact, now);
      case Fact.BrakeEngaged _, Fact.BrakeReleased _ -> whole(state, Notice.Kind.BRAKE, fact, now);
      case Fact.InputMoved _ -> whole(state, Notice.Kind.INPUT, fact, now);
      case Fact.PersonApproved(var service, var incident, _, _, _) ->
          notice(state, service, incident, Notice.Kind.ANSWERED, fact, now);
      case Fact.PersonVetoed(var service, var incident, _, _) ->
          notice(state, service, incident, Notice.Kind.ANSWERED, fact, now);
      case Fact.IncidentSnoozed(var service, var incident, _, _, _) ->
          notice(state, service, incident, Notice.Kind.ANSWERED, fact, now);
      case Fact.SnoozeEnded(var service, var incident, _) ->
          notice(state, service, incident, Notice.Kind.PAGE, fact, now);
      case Fact.PageEscalated(var service, var incident, _, _, _) ->
          notice(state, service, incident, Notice.Kind.PAGE, fact, now);
      case Fact.PersonAcknowledged(var service, var incident, _, _) ->
          notice(state, service, incident, Notice.Kind.ANSWERED, fact, now);
      case Fact.AlertFired _,
          Fact.JournalBegun _,
          Fact.ServiceFound _,
          Fact.ServiceLost _,
          Fact.ServiceNarrowed _,
          Fact.InputRead _,
          Fact.InputHeard _,
          Fact.ReleaseJoined _,
          Fact.RolloutMoved _,
          Fact.AlertRenewed _,
          Fact.AlertAssigned _,
          Fact.RevisionSoaked _,
          Fact.AlertEnded _,
          Fact.AlertForgotten _,
          Fact.ReleaseRecorded _,
          Fact.RevisionRan _,
          Fact.RevisionJudged _,
          Fact.TriggerMoved _,
          Fact.RuleMoved _,
          Fact.PermitAsked _,
          Fact.PermitAnswered _,
          Fact.ActionIntended _,
          Fact.LeaseMoved _,
          Fact.ReloadAccepted _,
          Fact.ReloadRefused _,
          Fact.DaemonStarted _,
          Fact.DaemonStopped _,
          Fact.NoticeMade _,
          Fact.NoticeSent _,
          Fact.ChannelsNamed _,
          Fact.NoticesTriedAgain _,
          Fact.IncidentCharted _,
          Fact.NoticeGivenUp _ ->
          Optional.empty();
    };
  }

  /**
   * As a storm, as the decision that led to it, or as what a person said. Where people were told
   * that it would be done, a storm does not tell them that it is not.
   */
  private static boolean toldOtherwise(Reason reason, Optional<Run> over) {
    return switch (reason) {
      case STORM -> over.filter(Notices::announced).isEmpty();
      case INPUT_SILENT, VETOED, SNOOZED -> true;
      default -> false;
    };
  }

  /** Whether people were asked, or warned, before the run would do anything. */
  private static boolean announced(Run run) {
    return run.plan().isPresent() && run.mode().kind() != Mode.Kind.ACT;
  }

  /** In a storm people are told once, of the storm. */
  private static boolean quiet(State state) {
    return state.brakeSince().isPresent();
  }

  private Optional<Notice> decided(Fact.Decided decided, State state, Instant now) {
    boolean pressing =
        decided.reason() == Reason.INSPECTION_STUCK || decided.reason() == Reason.INPUT_SILENT;
    if (decided.service().isEmpty() || (quiet(state) && !decided.act() && !pressing)) {
      return Optional.empty();
    }
    // Who objected is told by what they said.
    if (said(decided.reason()) || decided.objection()) {
      return Optional.empty();
    }
    Notice.Kind kind = decided.act() ? Notice.Kind.PROGRESS : declined(decided.reason());
    return notice(state, decided.service(), decided.subject(), kind, decided, now);
  }

  private static Notice.Kind declined(Reason reason) {
    return switch (reason) {
      // Nobody else can find out what became of the service, or of the change.
      case SIGNAL_LOST, INPUT_SILENT, INSPECTION_STUCK -> Notice.Kind.PAGE;
      // Belay does nothing more about it.
      case FLAPPING, ALREADY_HAD -> Notice.Kind.PAGE;
      default -> Notice.Kind.NOT_ACTING;
    };
  }

  /**
   * Whether people know by another notice: of the beginning, of the countdown, of who approved; and
   * soon by that of what was done. Who may not answer is told so alone, lest anybody can have all
   * others told.
   */
  private static boolean said(Reason reason) {
    return switch (reason) {
      case APPROVED, VETO_WINDOW_ELAPSED, MODE_ACT, LEASE_ENDED, ANSWER_FORBIDDEN -> true;
      default -> false;
    };
  }

  private Optional<Notice> moved(String service, Run run, Fact fact, State state, Instant now) {
    return switch (run.phase()) {
      case PROPOSED -> notice(state, service, run.incident(), Notice.Kind.PROPOSED, fact, now);
      case COUNTDOWN -> notice(state, service, run.incident(), Notice.Kind.COUNTDOWN, fact, now);
      case VERIFYING -> notice(state, service, run.incident(), Notice.Kind.PROGRESS, fact, now);
      case OBSERVING, PREFLIGHT, PERMIT, ACTING, INSPECTING, SETTLING -> Optional.empty();
    };
  }

  /** Which ends of a run need a person. */
  private static Notice.Kind kind(Reason reason) {
    return switch (reason) {
      case VERIFIED, VERIFIED_IN_PART -> Notice.Kind.PROGRESS;
      case RECOVERED, HELD, WORKLOAD_HELD, STORM, VETOED, BUDGET_SPENT_OVER_ALL ->
          Notice.Kind.NOT_ACTING;
      default -> Notice.Kind.PAGE;
    };
  }

  /** For what belongs to an incident that is forgotten. */
  private static String lastIncident(State state, String service) {
    return state
        .service(service)
        .map(known -> service + "-" + known.incidentCount)
        .orElse(State.WHOLE);
  }

  private static Optional<Notice> notice(
      State state, String service, String incident, Notice.Kind kind, Fact fact, Instant now) {
    Optional<Incident> known = state.incident(incident);
    Optional<ServiceState> there = state.service(service);
    Optional<Snooze> snooze =
        there.filter(it -> it.hasOpen(incident)).flatMap(ServiceState::snooze);
    if (snooze.isPresent() && !despiteSnooze(fact)) {
      return Optional.empty();
    }
    Optional<Run> run = there.flatMap(ServiceState::run).filter(_ -> !ends(fact));
    Optional<Instant> until =
        kind == Notice.Kind.COUNTDOWN || kind == Notice.Kind.PROPOSED
            ? run.map(Run::deadline)
            : Optional.empty();
    return known.map(
        found ->
            new Notice(
                incident,
                found.notices() + 1,
                kind,
                service,
                headline(found, run, snooze, kind),
                Sentences.of(fact).orElse(""),
                now,
                until,
                rolledBackTo(fact, run),
                found.open() && snooze.isEmpty()
                    ? Optional.of(new Notice.Offer(run.flatMap(under -> asked(under, fact))))
                    : Optional.empty(),
                undone(fact, run, there)));
  }

  /** What people are told of a snoozed incident: what they did, and what Belay did or must know. */
  private static boolean despiteSnooze(Fact fact) {
    return switch (fact) {
      case Fact.IncidentSnoozed _,
          Fact.PersonAcknowledged _,
          Fact.PageEscalated _,
          Fact.IncidentClosed _,
          Fact.ActionEnded _,
          Fact.LeaseEnded _ ->
          true;
      case Fact.Decided decided ->
          decided.reason() == Reason.INSPECTION_STUCK || decided.reason().ofAnswer();
      default -> false;
    };
  }

  /** Whether the run ends by this in the same entry, though it is there as yet. */
  private static boolean ends(Fact fact) {
    return fact instanceof Fact.PersonVetoed;
  }

  /** What is asked now, where the fact does not answer it. */
  private static Optional<Notice.Asked> asked(Run run, Fact fact) {
    boolean waits = run.phase() == Run.Phase.PROPOSED || run.phase() == Run.Phase.COUNTDOWN;
    boolean answered =
        fact instanceof Fact.PersonApproved
            || (fact instanceof Fact.Decided decided && decided.reason() == Reason.INPUT_SILENT);
    return run.plan()
        .filter(_ -> waits && !answered)
        .map(plan -> new Notice.Asked(run.action().value(), plan.digest(), plan.kind()));
  }

  private static Optional<List<String>> rolledBackTo(Fact fact, Optional<Run> run) {
    return fact instanceof Fact.ActionEnded(_, _, _, Outcome.Applied _, _)
        ? run.flatMap(Run::plan)
            .filter(Plan.RollBack.class::isInstance)
            .map(plan -> changedFirst((Plan.RollBack) plan))
        : Optional.empty();
  }

  /** A sidecar that stays as it is does not name what was rolled back. */
  private static List<String> changedFirst(Plan.RollBack plan) {
    return plan.toImages().stream()
        .sorted(Comparator.comparing(plan.fromImages()::contains))
        .toList();
  }

  /** Who shipped what was rolled back, by the name that others know it by. */
  private static Optional<Announcement> undone(
      Fact fact, Optional<Run> run, Optional<ServiceState> service) {
    return rolledBackTo(fact, run)
        .flatMap(_ -> run)
        .flatMap(Run::blame)
        .flatMap(Blame::release)
        .flatMap(release -> service.flatMap(known -> known.announced(release)));
  }

  /** Where that was the last thing amiss, all is as it should be again. */
  private static Optional<Notice> whole(State state, Notice.Kind kind, Fact fact, Instant now) {
    boolean well =
        state.hold().isEmpty() && state.brakeSince().isEmpty() && state.silent().isEmpty();
    return Optional.of(
        new Notice(
            State.WHOLE,
            state.whole().notices + 1,
            well ? Notice.Kind.RESTORED : kind,
            "",
            standing(state),
            Sentences.of(fact).orElse(""),
            now,
            Optional.empty()));
  }

  private static String standing(State state) {
    if (state.hold().isPresent()) {
      return "Belay is on hold";
    }
    if (state.brakeSince().isPresent()) {
      return "Belay's storm brake is engaged";
    }
    String silent = state.silentSubjects();
    return silent.isEmpty() ? "Belay is at work" : "Belay hears nothing of: " + silent;
  }

  private static String headline(
      Incident incident, Optional<Run> run, Optional<Snooze> snooze, Notice.Kind kind) {
    String what = incident.service() + ": " + incident.cause();
    if (!incident.open()) {
      return what + " - over";
    }
    if (snooze.isPresent()) {
      return what + " - in the hands of " + snooze.get().person();
    }
    return what
        + " - "
        + run.map(Notices::standing)
            .orElse(
                incident.paged() || kind == Notice.Kind.PAGE ? "a person is needed" : "watched");
  }

  private static String standing(Run run) {
    return switch (run.phase()) {
      case OBSERVING -> "working out what to do";
      case PROPOSED -> "waiting for approval";
      case COUNTDOWN -> "about to act unless vetoed";
      case PREFLIGHT, PERMIT, ACTING, INSPECTING -> "acting";
      case SETTLING -> "the cluster carries it out";
      case VERIFYING -> "acted, watching whether it helps";
    };
  }

  /** Evidence as one line. */
  static String line(Iterable<Evidence> evidence) {
    StringBuilder line = new StringBuilder();
    for (Evidence piece : evidence) {
      line.append(line.isEmpty() ? "" : "; ")
          .append(piece.what())
          .append(": ")
          .append(piece.value());
    }
    return line.toString();
  }
}
