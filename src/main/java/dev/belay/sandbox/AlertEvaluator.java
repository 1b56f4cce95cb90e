package dev.belay.sandbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * Decides which alerts fire, as Prometheus does: a pending alert fires when its condition has held
 * for its time, and one evaluation without a sample ends either.
 */
final class AlertEvaluator {
  private final List<Watch> watches;

  private static final class Watch {
    final AlertDefinition definition;
    Optional<Instant> activeAt = Optional.empty();
    Optional<Instant> firedAt = Optional.empty();

    Watch(AlertDefinition definition) {
      this.definition = definition;
    }
  }

  AlertEvaluator(List<AlertDefinition> definitions) {
    this.watches = definitions.stream().map(Watch::new).toList();
  }

  /**
   * Evaluates once.
   *
   * @param sample what an alert's signal is now; empty where there is no sample
   * @return those that began to fire and those that ceased to
   */
  List<AlertState> evaluate(Instant now, Function<AlertDefinition, OptionalDouble> sample) {
    List<AlertState> changes = new ArrayList<>();
    for (Watch watch : watches) {
      OptionalDouble value = sample.apply(watch.definition);
      if (value.isPresent() && watch.definition.trigger().crossedBy(value.getAsDouble())) {
        hold(watch, now).ifPresent(changes::add);
      } else {
        watch.activeAt = Optional.empty();
        watch.firedAt.ifPresent(
            at -> changes.add(new AlertState(watch.definition, at, Optional.of(now))));
        watch.firedAt = Optional.empty();
      }
    }
    return changes;
  }

  private static Optional<AlertState> hold(Watch watch, Instant now) {
    Instant since = watch.activeAt.orElse(now);
    watch.activeAt = Optional.of(since);
    boolean ripe = !since.plus(watch.definition.trigger().hold()).isAfter(now);
    if (!ripe || watch.firedAt.isPresent()) {
      return Optional.empty();
    }
    watch.firedAt = Optional.of(now);
    return Optional.of(new AlertState(watch.definition, now, Optional.empty()));
  }

  /** Those that fire. */
  List<AlertState> firing() {
    return watches.stream()
        .flatMap(
            watch ->
                watch.firedAt.stream()
                    .map(at -> new AlertState(watch.definition, at, Optional.empty())))
        .toList();
  }
}
