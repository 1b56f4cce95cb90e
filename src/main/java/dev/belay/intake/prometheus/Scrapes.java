package dev.belay.intake.prometheus;

import dev.belay.core.alert.Labels;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Asks which targets are scraped in vain that gave what queries read. A target that is no longer to
 * be scraped, such as a pod that is gone, is none of them: its {@code up} ends with its series.
 */
final class Scrapes {
  /** Which they are. */
  static final String FAILING = "up == 0";

  /** A target counts by what it gave within this; it is remembered by who asks, not by this. */
  private static final String RECENTLY = "[1h]";

  /** So many values of a label are named at most. */
  private static final int NAMED = 100;

  private final QueryApi api;

  Scrapes(QueryApi api) {
    this.api = api;
  }

  /** The targets themselves. */
  Answer failing(Optional<Instant> at) {
    return api.ask(FAILING, at);
  }

  /**
   * The series of these selectors that targets gave of late which fail, with all their labels.
   *
   * @param targets those that are known to fail, and are asked for, with others where they are many
   */
  Answer lost(List<String> selectors, Set<Labels> targets, Optional<Instant> at) {
    // Without this Prometheus would read an hour of every series to find the few.
    String narrowing = narrowing("job", targets) + narrowing("instance", targets);
    List<String> each =
        selectors.stream()
            .map(
                selector ->
                    "(last_over_time("
                        + Selectors.narrowed(selector, narrowing)
                        + RECENTLY
                        + ") and on (job, instance) ("
                        + FAILING
                        + "))")
            .toList();
    return api.ask(String.join(" or ", each), at);
  }

  private static String narrowing(String label, Set<Labels> targets) {
    SortedSet<String> values =
        targets.stream()
            .map(target -> target.get(label).orElse(""))
            .collect(Collectors.toCollection(TreeSet::new));
    return values.size() > NAMED ? "" : label + Questions.selection(values) + ",";
  }

  /** Whose the samples are. */
  static Set<Labels> targets(List<Sample> samples) {
    return samples.stream().map(sample -> target(sample.labels())).collect(Collectors.toSet());
  }

  /** What tells one target from another. */
  static Labels target(Labels series) {
    return Labels.of(
        "job", series.get("job").orElse(""), "instance", series.get("instance").orElse(""));
  }
}
