package dev.belay.intake.prometheus;

import dev.belay.core.rule.Profile;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Which Prometheus is asked, and how. Shows no secret as a text.
 *
 * @param url where it is; {@code /api/v1/query} is below it
 * @param interval how often each query is asked
 * @param timeout how long an answer may take
 * @param window over which rates are taken: four scrapes or more
 * @param profile by whose names metrics go where a rule does not say
 * @param minimumTraffic below so many requests a second a signal of requests is unknown; 0 asks for
 *     none
 * @param authorization the value of the header of that name
 * @param evaluation where Belay evaluates alerts itself, the labels that Prometheus would add to
 *     them; empty where it does not
 */
public record PrometheusSettings(
    URI url,
    Duration interval,
    Duration timeout,
    Duration window,
    Profile profile,
    double minimumTraffic,
    Optional<String> authorization,
    Optional<Map<String, String>> evaluation) {
  /** Where no configuration says. */
  public static final Duration INTERVAL = Duration.ofSeconds(15);

  /** Where no configuration says. */
  public static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** Where no configuration says. */
  public static final Duration WINDOW = Duration.ofMinutes(1);

  /** Where no configuration says. */
  public static final double MINIMUM_TRAFFIC = 0.5;

  @Override
  public String toString() {
    return "PrometheusSettings[" + url + ", " + interval + "]";
  }
}
