package dev.belay.console;

import dev.belay.core.engine.Fact;
import dev.belay.core.engine.Run;
import dev.belay.core.engine.Sentences;
import dev.belay.core.engine.State;
import dev.belay.core.incident.Reason;
import dev.belay.port.Journal;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What people did, and how each remediation fared, as far as the facts were read. One thread. */
final class Ledger {
  static final int DEEDS_KEPT = 1_000;
  static final int RECORDS_KEPT = 20_000;

  /**
   * Something that a person did.
   *
   * @param did for machines: {@code person_approved}
   * @param service empty where it concerns all
   * @param incident empty where it concerns none
   */
  record Deed(
      Instant at,
      String person,
      String did,
      Optional<String> service,
      Optional<String> incident,
      String sentence) {}

  /** Which remediation of which service. */
  record Key(String service, String remediation) {}

  /**
   * How a remediation fared.
   *
   * @param began how often it called for something
   * @param acted how often something was done
   * @param right how often the trouble ended then
   * @param wrong how often it did not
   * @param vetoed how often a person objected
   * @param refused how often it was decided not to act, for other reasons
   * @param lastAt when it last did anything of that
   */
  record Fare(int began, int acted, int right, int wrong, int vetoed, int refused, Instant lastAt) {
    Fare plus(Fare other) {
      return new Fare(
          began + other.began,
          acted + other.acted,
          right + other.right,
          wrong + other.wrong,
          vetoed + other.vetoed,
          refused + other.refused,
          lastAt.isAfter(other.lastAt) ? lastAt : other.lastAt);
    }
  }

  private enum Count {
    BEGAN,
    ACTED,
    RIGHT,
    WRONG,
    VETOED,
    REFUSED
  }

  private record Under(String incident, String remediation, boolean acted) {}

  private final Deque<Deed> deeds = new ArrayDeque<>();
  private final Map<Key, Fare> records = new LinkedHashMap<>();
  private final Map<String, Under> under = new HashMap<>();

  /** What is under way before the first entry that it reads. */
  void begin(State state) {
    state
        .services()
        .forEach(
            service ->
                service.run().ifPresent(run -> under.putIfAbsent(service.name(), underOf(run))));
  }

  private static Under underOf(Run run) {
    return switch (run.phase()) {
      case OBSERVING, PROPOSED, COUNTDOWN, PREFLIGHT, PERMIT ->
          new Under(run.incident(), run.remediation(), false);
      case ACTING, INSPECTING, SETTLING, VERIFYING ->
          new Under(run.incident(), run.remediation(), true);
    };
  }

  void read(Journal.Entry entry) {
    for (Fact fact : entry.facts()) {
      read(new Told(entry.at(), fact));
    }
  }

  private void read(Told told) {
    switch (told.fact()) {
      case Fact.PersonApproved(var service, var incident, var person, _, _) ->
          did(told, person, Optional.of(service), Optional.of(incident));
      case Fact.PersonVetoed(var service, var incident, var person, _) ->
          did(told, person, Optional.of(service), Optional.of(incident));
      case Fact.IncidentSnoozed(var service, var incident, var person, _, _) ->
          did(told, person, Optional.of(service), Optional.of(incident));
      case Fact.PersonAcknowledged(var service, var incident, var person, _) ->
          did(told, person, Optional.of(service), Optional.of(incident));
      case Fact.Held(var person, _, _) -> did(told, person, Optional.empty(), Optional.empty());
      case Fact.HoldReleased(var person, _) ->
          did(told, person, Optional.empty(), Optional.empty());
      case Fact.ReloadAccepted(var person, _, _, _, _) ->
          did(told, person, Optional.empty(), Optional.empty());
      case Fact.ReloadRefused(var person, _, _, _) ->
          did(told, person, Optional.empty(), Optional.empty());
      case Fact.Decided refused when refused.reason() == Reason.ANSWER_FORBIDDEN ->
          did(
              told,
              whoAnswered(refused),
              Optional.of(refused.service()),
              Optional.of(refused.subject()));
      case Fact.Decided objected when objected.objection() ->
          count(objected.service(), objected.remediation(), Count.VETOED, told.at());
      case Fact.Decided decided when !decided.act() && !decided.remediation().isEmpty() ->
          count(decided.service(), decided.remediation(), Count.REFUSED, told.at());
      case Fact.RunMoved(var service, var run, _) -> moved(service, run, told.at());
      case Fact.ActionIntended(var service, _, _, _, _) ->
          under.computeIfPresent(
              service,
              (_, was) -> {
                count(service, was.remediation(), Count.ACTED, told.at());
                return new Under(was.incident(), was.remediation(), true);
              });
      case Fact.RunEnded(var service, _, var reason, _) -> ended(service, reason, told.at());
      default -> {
        // Neither a person's nor a remediation's.
      }
    }
  }

  /** The evidence names the person, and then what they pressed. */
  private static String whoAnswered(Fact.Decided refused) {
    return refused.evidence().stream()
        .filter(evidence -> evidence.what().equals("answer"))
        .map(
            evidence ->
                evidence.value().substring(0, Math.max(0, evidence.value().lastIndexOf(": "))))
        .findFirst()
        .orElse("");
  }

  private void did(Told told, String person, Optional<String> service, Optional<String> incident) {
    deeds.addLast(
        new Deed(
            told.at(),
            person,
            told.fact() instanceof Fact.Decided decided ? decided.reason().label() : told.kind(),
            service,
            incident,
            Sentences.of(told.fact()).orElse("").strip()));
    if (deeds.size() > DEEDS_KEPT) {
      deeds.removeFirst();
    }
  }

  private void moved(String service, Run run, Instant at) {
    Under was = under.get(service);
    if (was == null
        || !was.incident().equals(run.incident())
        || !was.remediation().equals(run.remediation())) {
      under.put(service, underOf(run));
      count(service, run.remediation(), Count.BEGAN, at);
    }
  }

  private void ended(String service, Reason reason, Instant at) {
    Under was = under.remove(service);
    if (was == null) {
      return;
    }
    if (reason == Reason.VETOED) {
      count(service, was.remediation(), Count.VETOED, at);
    } else if (was.acted()) {
      boolean right = reason == Reason.VERIFIED || reason == Reason.VERIFIED_IN_PART;
      count(service, was.remediation(), right ? Count.RIGHT : Count.WRONG, at);
    }
  }

  private void count(String service, String remediation, Count what, Instant at) {
    Fare one =
        new Fare(
            what == Count.BEGAN ? 1 : 0,
            what == Count.ACTED ? 1 : 0,
            what == Count.RIGHT ? 1 : 0,
            what == Count.WRONG ? 1 : 0,
            what == Count.VETOED ? 1 : 0,
            what == Count.REFUSED ? 1 : 0,
            at);
    records.merge(new Key(service, remediation), one, Fare::plus);
    if (records.size() > RECORDS_KEPT) {
      records.remove(records.keySet().iterator().next());
    }
  }

  /** What people did, the oldest first. */
  List<Deed> deeds() {
    return List.copyOf(deeds);
  }

  /** How each remediation fared of which anything is known. */
  Map<Key, Fare> records() {
    return Map.copyOf(records);
  }

  /** The two together. */
  static Map<Key, Fare> together(Map<Key, Fare> earlier, Map<Key, Fare> later) {
    Map<Key, Fare> all = new HashMap<>(earlier);
    later.forEach((key, record) -> all.merge(key, record, Fare::plus));
    return all;
  }
}
