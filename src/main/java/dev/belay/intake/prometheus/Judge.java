package dev.belay.intake.prometheus;

import dev.belay.core.engine.Reading;
import dev.belay.core.rule.Measure;
import dev.belay.core.rule.Signal;
import dev.belay.core.rule.Trigger;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * Makes readings of answers. Three are possible of each trigger: crossed, not crossed, unknown; and
 * what is unknown says why.
 */
final class Judge {
  private Judge() {}

  /**
   * What an answer means for a trigger.
   *
   * @param found in the answer to the query for its signal
   * @param traffic in the answer to the query for requests a second, where that was asked
   */
  static Reading reading(Asker asker, Found found, Optional<Found> traffic) {
    return switch (found) {
      case Found.Unknown(var why) -> unknown(asker, why);
      case Found.Of(var samples) -> reading(asker, samples, traffic);
    };
  }

  private static Reading reading(Asker asker, List<Sample> samples, Optional<Found> traffic) {
    if (samples.size() > 1 && asker.measure().many() == Measure.Many.ERROR) {
      return unknown(
          asker,
          samples.size()
              + " series speak of it; sum them up in the query, or say by on_many what counts");
    }
    double[] numbers =
        samples.stream()
            .mapToDouble(Sample::value)
            .filter(value -> !Double.isNaN(value) && !isOpen(asker, value))
            .map(value -> isBound(asker, value) ? -value : value)
            .toArray();
    if (numbers.length == 0) {
      return numberless(asker, samples);
    }
    Optional<String> idle =
        asker.minimumTraffic() > 0 ? traffic.flatMap(it -> idle(asker, it)) : Optional.empty();
    return idle.map(why -> unknown(asker, why))
        .orElseGet(() -> value(asker, numbers, numbers.length < samples.size()));
  }

  private static Reading numberless(Asker asker, List<Sample> samples) {
    OptionalDouble beyond =
        samples.stream()
            .mapToDouble(Sample::value)
            .filter(value -> isOpen(asker, value))
            .map(Math::abs)
            .max();
    if (beyond.isPresent()) {
      return unknown(
          asker,
          "it is above "
              + beyond.getAsDouble()
              + " s, where the buckets of "
              + asker.source()
              + " end, and how far is not known; have one that is above the threshold");
    }
    return noData(
        asker, samples.isEmpty() ? absent(asker) : "its value is NaN, as without any requests");
  }

  /** Whether it is a bound that the value lies above, as {@link Expression} tells it. */
  private static boolean isBound(Asker asker, double value) {
    return value < 0 && asker.values().strict() && asker.trigger().signal() == Signal.RESPONSE_TIME;
  }

  /** Whether it is such a bound, and leaves it open on which side of the threshold the value is. */
  private static boolean isOpen(Asker asker, double value) {
    Trigger trigger = asker.trigger();
    return isBound(asker, value) && trigger.crossedBy(-value) != trigger.above();
  }

  private static String absent(Asker asker) {
    return "no series of "
        + asker.source()
        + " has "
        + asker.values().matchers().stream()
            .map(Object::toString)
            .collect(Collectors.joining(", "));
  }

  private static Reading noData(Asker asker, String why) {
    return switch (asker.measure().noData()) {
      case HOLD -> unknown(asker, why);
      case PASS -> known(asker, asker.trigger().best());
      case FAIL -> known(asker, asker.trigger().worst());
    };
  }

  /**
   * The one that decides.
   *
   * @param gaps whether there are series without a number: they leave it open where they could turn
   *     it
   */
  private static Reading value(Asker asker, double[] numbers, boolean gaps) {
    Trigger trigger = asker.trigger();
    boolean any = asker.measure().many() == Measure.Many.ANY;
    DoubleStream all = DoubleStream.of(numbers);
    double deciding = (any == trigger.above() ? all.max() : all.min()).orElseThrow();
    boolean decided = trigger.crossedBy(deciding) == any;
    return gaps && !decided
        ? unknown(asker, "some of its values are not known, and the others do not decide")
        : known(asker, deciding);
  }

  /** Why there is too little traffic for a verdict; empty where there is enough. */
  private static Optional<String> idle(Asker asker, Found traffic) {
    return switch (traffic) {
      case Found.Unknown(var why) -> Optional.of("its traffic is unknown: " + why);
      case Found.Of(var samples) -> {
        double sum = samples.stream().mapToDouble(Sample::value).sum();
        String few =
            String.format(
                Locale.ROOT,
                "%.2f requests a second are too few to tell; minimum_traffic is %s/s",
                sum,
                asker.minimumTraffic());
        yield sum >= asker.minimumTraffic() ? Optional.empty() : Optional.of(few);
      }
    };
  }

  private static Reading known(Asker asker, double value) {
    return new Reading(asker.trigger().name(), Optional.of(value), "");
  }

  private static Reading unknown(Asker asker, String why) {
    return new Reading(asker.trigger().name(), Optional.empty(), why);
  }
}
