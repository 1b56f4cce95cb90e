package dev.belay.rules;

import dev.belay.core.rule.Measure;
import dev.belay.core.rule.Measure.Many;
import dev.belay.core.rule.Measure.NoData;
import dev.belay.core.rule.Measuring;
import dev.belay.core.rule.Profile;
import dev.belay.core.rule.Signal;
import dev.belay.rules.yaml.Fields;
import dev.belay.rules.yaml.Nearest;
import dev.belay.rules.yaml.PerSecond;
import dev.belay.rules.yaml.Problems;
import dev.belay.rules.yaml.Quoted;
import dev.belay.rules.yaml.Unreadable;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What stands under {@code signals} of a service: how they are measured. */
public final class Signals {
  private static final String PROFILE = "profile";
  private static final List<String> KEYS =
      Stream.concat(Stream.of(PROFILE, "probe"), Stream.of(Signal.values()).map(Signal::key))
          .toList();
  private static final List<String> MEASURE =
      List.of("query", "on_no_data", "on_many", "minimum_traffic");

  private Signals() {}

  static Measuring read(Fields top, boolean fleet, Problems problems) {
    Optional<Fields> signals = top.fields("signals", KEYS);
    if (signals.isEmpty()) {
      return Measuring.DEFAULT;
    }
    Map<Signal, Measure> measures = new EnumMap<>(Signal.class);
    for (Signal signal : Signal.values()) {
      signals
          .get()
          .fields(signal.key(), MEASURE)
          .ifPresent(fields -> measures.put(signal, measure(signal, fields, problems)));
    }
    return new Measuring(
        signals.get().read(PROFILE, Signals::profile),
        Map.copyOf(measures),
        Probes.read(signals.get(), fleet, problems));
  }

  private static Measure measure(Signal signal, Fields fields, Problems problems) {
    Optional<String> query = fields.text("query");
    if (signal != Signal.RESPONSE_TIME) {
      query.ifPresent(text -> AlertLint.checkShare(fields, text, problems));
    }
    return new Measure(
        query,
        fields.read("on_no_data", text -> one(text, NoData.values())).orElse(NoData.HOLD),
        fields.read("on_many", text -> one(text, Many.values())).orElse(Many.ERROR),
        fields.read("minimum_traffic", PerSecond::of));
  }

  /**
   * By whose names metrics go.
   *
   * @throws Unreadable where the text names no profile
   */
  public static Profile profile(String text) throws Unreadable {
    for (Profile profile : Profile.values()) {
      if (profile.key().equals(text)) {
        return profile;
      }
    }
    throw unknown(text, Stream.of(Profile.values()).map(Profile::key).toList());
  }

  private static <E extends Enum<E>> E one(String text, E[] values) throws Unreadable {
    for (E value : values) {
      if (word(value).equals(text)) {
        return value;
      }
    }
    throw unknown(text, Stream.of(values).map(Signals::word).toList());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static Unreadable unknown(String text, List<String> known) {
    return new Unreadable(Quoted.of(text) + " is unknown" + Nearest.hint(text, known));
  }
}
