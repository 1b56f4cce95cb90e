package dev.belay.intake.prometheus;

import dev.belay.core.engine.Candidate;
import dev.belay.core.engine.Event;
import dev.belay.core.rule.AlertRule;
import dev.belay.port.Round;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Evaluates one alerting rule again and again. The rules of a group have their turns at once, and
 * each asks for the very moment of its turn, as in Prometheus.
 *
 * @param usual from one turn to the next, where the group does not say
 * @param external labels that Prometheus would add to the alerts that it sends
 */
record RuleRound(
    AlertRule rule,
    Duration usual,
    Map<String, String> external,
    QueryApi api,
    Complaints complaints,
    PrometheusMeters meters)
    implements Round {
  /** More than are followed of all rules. */
  private static final int MOST = 10_000;

  @Override
  public String name() {
    return rule.group().file() + ";" + rule.group().name();
  }

  @Override
  public Optional<Duration> interval() {
    return Optional.of(rule.group().interval().orElse(usual));
  }

  @Override
  public List<Event> look(Instant turn) {
    String query = "alert " + rule.alert() + " in " + rule.group().name();
    Answer answer =
        judged(api.ask(rule.expr(), Optional.of(turn.minus(rule.group().queryOffset()))));
    complaints.asked(query, answer);
    return List.of(
        new Event.RuleEvaluated(rule.id(), turn, interval().orElse(usual), candidates(answer)));
  }

  /** What no alerts can be made of is as unknown as no answer. */
  private Answer judged(Answer answer) {
    if (answer instanceof Answer.Series(var samples)) {
      if (samples.size() > MOST) {
        return unknown("gives more than " + MOST + " alerts; have it give fewer");
      }
      long identities =
          new HashSet<>(made(samples).stream().map(Candidate::labels).toList()).size();
      if (identities < samples.size()) {
        return unknown("gives several alerts with the same labels; tell them apart");
      }
    }
    return answer;
  }

  private static Answer unknown(String what) {
    return new Answer.Unknown(Result.BAD_QUERY, "the expression " + what);
  }

  private Optional<List<Candidate>> candidates(Answer answer) {
    return switch (answer) {
      case Answer.Series(var samples) -> Optional.of(made(samples));
      case Answer.Unknown _ -> Optional.empty();
    };
  }

  private List<Candidate> made(List<Sample> samples) {
    return samples.stream()
        .map(sample -> Candidate.of(rule, sample.labels(), sample.value(), external))
        .toList();
  }

  @Override
  public void missed(long turns) {
    meters.missed(turns);
  }
}
