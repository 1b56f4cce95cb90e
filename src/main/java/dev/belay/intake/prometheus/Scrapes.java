package dev.belay.intake.prometheus;

import dev.belay.core.alert.Labels;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

  private final QueryApi api;

  Scrapes(QueryApi api) {
    this.api = api;
  }

  /** The targets themselves. */
  Answer failing(Optional<Instant> at) {
    return api.ask(FAILING, at);
  }

  /** The series of these selectors that such targets gave of late, with all their labels. */
  Answer lost(List<String> selectors, Optional<Instant> at) {
    List<String> each =
        selectors.stream()
            .map(
                selector ->
                    "(last_over_time("
                        + selector
                        + RECENTLY
                        + ") and on (job, instance) ("
                        + FAILING
                        + "))")
            .toList();
    return api.ask(String.join(" or ", each), at);
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
