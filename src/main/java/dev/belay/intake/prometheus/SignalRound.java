package dev.belay.intake.prometheus;

import dev.belay.core.alert.Labels;
import dev.belay.core.engine.Event;
import dev.belay.core.engine.Reading;
import dev.belay.port.Round;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks one question again and again, and hands each series to the services that it means. */
final class SignalRound implements Round {
  private final Question question;
  private final QueryApi api;
  private final Complaints complaints;
  private final PrometheusMeters meters;

  SignalRound(Question question, QueryApi api, Complaints complaints, PrometheusMeters meters) {
    this.question = question;
    this.api = api;
    this.complaints = complaints;
    this.meters = meters;
  }

  @Override
  public String name() {
    return question.name();
  }

  /** By Prometheus's clock, for its present: that of this machine may be off. */
  @Override
  public List<Event> look(Turn turn) {
    Answer answer = api.ask(question.values().query(), Optional.empty());
    complaints.asked(question.name(), answer);
    Handing values = Handing.of(answer, question.values().by());
    Optional<Handing> traffic =
        answer instanceof Answer.Series ? question.traffic().map(this::traffic) : Optional.empty();
    List<Event> events = new ArrayList<>();
    for (Asker asker : question.askers()) {
      Reading reading =
          Judge.reading(
              asker, values.to(asker.values()), traffic.map(it -> it.to(asker.traffic())));
      meters.read(reading.value().isPresent());
      complaints.told(
          asker.service(),
          reading.trigger(),
          reading.value().isPresent() ? Optional.empty() : Optional.of(reading.detail()));
      events.add(new Event.SignalsRead(asker.service(), List.of(reading)));
    }
    return events;
  }

  private Handing traffic(Question.Asked asked) {
    Answer answer = api.ask(asked.query(), Optional.empty());
    complaints.asked(question.name() + Complaints.TRAFFIC, answer);
    return Handing.of(answer, asked.by());
  }

  @Override
  public void missed(long turns) {
    meters.missed(turns);
  }

  /**
   * An answer, arranged so that what a service is given costs no more where there are many.
   *
   * @param by the labels by which it is arranged; none where it is not
   */
  private record Handing(Answer answer, List<String> by, Map<List<String>, List<Sample>> arranged) {
    static Handing of(Answer answer, List<String> by) {
      Map<List<String>, List<Sample>> arranged = new HashMap<>();
      if (answer instanceof Answer.Series(var samples) && !by.isEmpty()) {
        for (Sample sample : samples) {
          arranged.computeIfAbsent(key(sample.labels(), by), _ -> new ArrayList<>()).add(sample);
        }
      }
      return new Handing(answer, by, arranged);
    }

    private static List<String> key(Labels labels, List<String> by) {
      return by.stream().map(name -> labels.get(name).orElse("")).toList();
    }

    Found to(Selection service) {
      return switch (answer) {
        case Answer.Unknown(_, var why) -> new Found.Unknown(why);
        case Answer.Series(var samples) ->
            new Found.Of(
                place(service)
                    .map(key -> arranged.getOrDefault(key, List.of()))
                    .orElse(samples)
                    .stream()
                    .filter(sample -> service.means(sample.labels()))
                    .toList());
      };
    }

    /** The one place where its series stand, if it asks for a value of every label. */
    private Optional<List<String>> place(Selection service) {
      List<String> values = by.stream().flatMap(label -> service.value(label).stream()).toList();
      return !by.isEmpty() && service.strict() && values.size() == by.size()
          ? Optional.of(values)
          : Optional.empty();
    }
  }
}
