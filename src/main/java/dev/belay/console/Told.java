package dev.belay.console;

import dev.belay.core.alert.Episode;
import dev.belay.core.engine.Fact;
import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A fact and when it became true, with what every surface says of it. */
record Told(Instant at, Fact fact) {
  private static final String ALERT_NAME = "alertname";

  /** The annotations that are told. */
  private static final List<String> TEXTS = List.of("summary", "description");

  private static final int LABELS_AT_MOST = 12;
  private static final int SAID_AT_MOST = 300;

  private static final ClassValue<String> KINDS =
      new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
          return type.getSimpleName()
              .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
              .toLowerCase(Locale.ROOT);
        }
      };

  /** The fact's name for machines: {@code action_intended}. */
  String kind() {
    return KINDS.get(fact.getClass());
  }

  /** Why, where the fact says why. */
  Optional<Reason> reason() {
    return switch (fact) {
      case Fact.RevisionJudged judged -> Optional.of(judged.reason());
      case Fact.IncidentClosed closed -> Optional.of(closed.reason());
      case Fact.Decided decided -> Optional.of(decided.reason());
      case Fact.RunEnded ended -> Optional.of(ended.reason());
      case Fact.PermitAnswered answered -> answered.refusal();
      case Fact.LeaseEnded ended -> Optional.of(ended.reason());
      case Fact.ActionEnded(_, _, _, Outcome.Refused(var reason, _), _) -> Optional.of(reason);
      case Fact.ActionEnded _,
          Fact.AlertFired _,
          Fact.JournalBegun _,
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
          Fact.RevisionSoaked _,
          Fact.AlertEnded _,
          Fact.AlertForgotten _,
          Fact.ReleaseRecorded _,
          Fact.RevisionRan _,
          Fact.TriggerMoved _,
          Fact.RuleMoved _,
          Fact.IncidentOpened _,
          Fact.RunMoved _,
          Fact.PermitAsked _,
          Fact.ActionIntended _,
          Fact.LeaseMoved _,
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
          Fact.NoticeSent _,
          Fact.ChannelsNamed _,
          Fact.NoticesTriedAgain _,
          Fact.NoticeGivenUp _ ->
          Optional.empty();
    };
  }

  /** What it rests on; of an alert, what its sender says of it. */
  List<Evidence> evidence() {
    return switch (fact) {
      case Fact.Decided decided -> decided.evidence();
      // Where no service is known, its sentence has the labels.
      case Fact.AlertFired(var episode) when !episode.services().isEmpty() -> said(episode);
      default -> List.of();
    };
  }

  private static List<Evidence> said(Episode episode) {
    Stream<Evidence> labels =
        episode.labels().toMap().entrySet().stream()
            .filter(label -> !label.getKey().equals(ALERT_NAME))
            .limit(LABELS_AT_MOST)
            .map(label -> new Evidence(cut(label.getKey()), cut(label.getValue())));
    Stream<Evidence> texts =
        TEXTS.stream()
            .flatMap(
                name ->
                    Optional.ofNullable(episode.annotations().get(name))
                        .filter(text -> !text.isBlank())
                        .map(text -> new Evidence(name, cut(text.strip())))
                        .stream());
    return Stream.concat(labels, texts).toList();
  }

  private static String cut(String text) {
    return text.length() <= SAID_AT_MOST ? text : text.substring(0, SAID_AT_MOST) + "...";
  }

  /** The services it speaks of; none where it speaks of all, or the fact does not say. */
  List<String> services() {
    return switch (fact) {
      case Fact.AlertFired(var episode) -> episode.services();
      case Fact.AlertAssigned(_, var services, _) -> services;
      case Fact.ServiceFound(var service, _, _) -> List.of(service);
      case Fact.ServiceLost(var service, _) -> List.of(service);
      case Fact.ServiceNarrowed(var service, _, _) -> List.of(service);
      case Fact.ReleaseRecorded(var service, _) -> List.of(service);
      case Fact.ReleaseJoined(var service, _, _, _) -> List.of(service);
      case Fact.RolloutMoved(var service, _) -> List.of(service);
      case Fact.RevisionRan(var service, _, _, _) -> List.of(service);
      case Fact.RevisionJudged(var service, _, _, _, _) -> List.of(service);
      case Fact.TriggerMoved(var service, _) -> List.of(service);
      case Fact.IncidentOpened(var service, _, _, _) -> List.of(service);
      case Fact.IncidentClosed(var service, _, _, _) -> List.of(service);
      case Fact.Decided decided ->
          decided.service().isEmpty() ? List.of() : List.of(decided.service());
      case Fact.RunMoved(var service, _, _) -> List.of(service);
      case Fact.RunEnded(var service, _, _, _) -> List.of(service);
      case Fact.PermitAsked(var service, _, _) -> List.of(service);
      case Fact.PermitAnswered(var service, _, _, _) -> List.of(service);
      case Fact.ActionIntended(var service, _, _, _, _) -> List.of(service);
      case Fact.ActionEnded(var service, _, _, _, _) -> List.of(service);
      case Fact.LeaseMoved(var service, _, _) -> List.of(service);
      case Fact.LeaseEnded(var service, _, _, _, _, _) -> List.of(service);
      case Fact.PersonApproved(var service, _, _, _, _) -> List.of(service);
      case Fact.PersonVetoed(var service, _, _, _) -> List.of(service);
      case Fact.IncidentSnoozed(var service, _, _, _, _) -> List.of(service);
      case Fact.SnoozeEnded(var service, _, _) -> List.of(service);
      case Fact.PersonAcknowledged(var service, _, _, _) -> List.of(service);
      case Fact.PageEscalated(var service, _, _, _, _) -> List.of(service);
      case Fact.IncidentCharted(var service, _, _, _) -> List.of(service);
      case Fact.JournalBegun _,
          Fact.InputRead _,
          Fact.InputHeard _,
          Fact.InputMoved _,
          Fact.AlertRenewed _,
          Fact.RuleMoved _,
          Fact.RevisionSoaked _,
          Fact.AlertEnded _,
          Fact.AlertForgotten _,
          Fact.Held _,
          Fact.HoldReleased _,
          Fact.BrakeEngaged _,
          Fact.BrakeReleased _,
          Fact.ReloadAccepted _,
          Fact.ReloadRefused _,
          Fact.DaemonStarted _,
          Fact.DaemonStopped _,
          Fact.NoticeMade _,
          Fact.NoticeSent _,
          Fact.ChannelsNamed _,
          Fact.NoticesTriedAgain _,
          Fact.NoticeGivenUp _ ->
          List.of();
    };
  }
}
