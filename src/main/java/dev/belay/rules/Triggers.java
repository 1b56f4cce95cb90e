package dev.belay.rules;

import dev.belay.core.rule.Signal;
import dev.belay.core.rule.Trigger;
import dev.belay.rules.yaml.Durations;
import dev.belay.rules.yaml.Fields;
import dev.belay.rules.yaml.Problems;
import dev.belay.rules.yaml.Quoted;
import dev.belay.rules.yaml.Unreadable;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The dialect {@code rollback_triggers:}, the runbook's shorthand. */
final class Triggers {
  private static final String KEY = "rollback_triggers";
  private static final List<String> SIGNALS = Stream.of(Signal.values()).map(Signal::key).toList();
  private static final Pattern SHAPE =
      Pattern.compile(
          "(?:p(?<quantile>[0-9]{1,2}(?:\\.[0-9]{1,3})?) +)?(?<sign>[<>]) *"
              + "(?<number>[0-9]{1,9}(?:\\.[0-9]{1,9})?) *(?<unit>%|ms|s|) +for +(?<hold>.+)");

  private Triggers() {}

  /** The triggers under the key, in the order of the signals. */
  static List<Trigger> read(Fields top, Problems problems) {
    List<Trigger> triggers = new ArrayList<>();
    top.fields(KEY, SIGNALS)
        .ifPresent(
            fields -> {
              for (Signal signal : Signal.values()) {
                fields.read(signal.key(), text -> parse(signal, text)).ifPresent(triggers::add);
              }
            });
    return List.copyOf(triggers);
  }

  /** Reads {@code "> 5% for 2 minutes"} or {@code "p95 > 1000ms for 5 minutes"}. */
  static Trigger parse(Signal signal, String text) throws Unreadable {
    Matcher shape = SHAPE.matcher(text);
    if (!shape.matches()) {
      throw new Unreadable(Quoted.of(text) + " is not a trigger; write it as " + example(signal));
    }
    boolean above = shape.group("sign").equals(">");
    if (above == (signal == Signal.AVAILABILITY)) {
      throw new Unreadable(
          Quoted.of(text)
              + " would fire while all is well; turn the sign around, as in "
              + example(signal));
    }
    Duration hold = Durations.people(shape.group("hold"));
    return new Trigger(
        signal, quantile(signal, shape, text), above, threshold(signal, shape, text), hold, text);
  }

  private static Optional<Double> quantile(Signal signal, Matcher shape, String text)
      throws Unreadable {
    String quantile = shape.group("quantile");
    if ((quantile != null) != (signal == Signal.RESPONSE_TIME)) {
      String wrong = quantile == null ? " names no quantile" : " names a quantile of a share";
      throw new Unreadable(Quoted.of(text) + wrong + "; write it as " + example(signal));
    }
    if (quantile == null) {
      return Optional.empty();
    }
    double share = new BigDecimal(quantile).movePointLeft(2).doubleValue();
    if (share <= 0) {
      throw new Unreadable(Quoted.of(text) + ": p0 is no quantile; write p50, p95 or p99.9");
    }
    return Optional.of(share);
  }

  private static double threshold(Signal signal, Matcher shape, String text) throws Unreadable {
    BigDecimal number = new BigDecimal(shape.group("number"));
    String unit = shape.group("unit");
    boolean time = unit.equals("ms") || unit.equals("s");
    if (time != (signal == Signal.RESPONSE_TIME)) {
      String right = signal == Signal.RESPONSE_TIME ? "ms or s" : "a percentage";
      throw new Unreadable(
          Quoted.of(text) + " must compare with " + right + "; write it as " + example(signal));
    }
    return time
        ? number.movePointLeft(unit.equals("ms") ? 3 : 0).doubleValue()
        : share(number, unit.equals("%"), text);
  }

  private static double share(BigDecimal number, boolean percent, String text) throws Unreadable {
    BigDecimal share = percent ? number.movePointLeft(2) : number;
    if (share.compareTo(BigDecimal.ONE) > 0) {
      String remedy = percent ? "write at most 100%" : "write a percentage, or a share from 0 to 1";
      throw new Unreadable(Quoted.of(text) + " compares with more than everything; " + remedy);
    }
    return share.doubleValue();
  }

  private static String example(Signal signal) {
    return switch (signal) {
      case ERROR_RATE -> "\"> 5% for 2 minutes\"";
      case RESPONSE_TIME -> "\"p95 > 1000ms for 5 minutes\"";
      case AVAILABILITY -> "\"< 99% for 1 minute\"";
      case HEALTH_CHECK_FAILURES -> "\"> 50% for 30 seconds\"";
    };
  }
}
