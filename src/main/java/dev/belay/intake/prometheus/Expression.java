package dev.belay.intake.prometheus;

import dev.belay.core.rule.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The PromQL that Belay brings along: for each of its signals one query that gives one series for
 * each service.
 *
 * @param by the labels by which series are told apart
 * @param select label matchers, in PromQL, that leave out what no service is meant by; may be empty
 * @param window over which rates are taken
 */
record Expression(Family family, List<String> by, List<String> select, Duration window) {
  private static final String FAILED_HTTP = "code=~\"5..\"";
  private static final String FAILED_ISTIO = "response_code=~\"5..\"";

  /** What the workload that was called says; the caller says the same a second time. */
  private static final String CALLED = "reporter=~\"destination|waypoint\"";

  /** The value of the signal for each service. */
  String of(Signal signal, Optional<Double> quantile) {
    return switch (signal) {
      case ERROR_RATE -> scraped(failedShare(), requests());
      case AVAILABILITY -> scraped("1 - " + failedShare(), requests());
      case RESPONSE_TIME -> scraped(quantile(quantile.orElse(1.0)), durations() + "_count");
      case HEALTH_CHECK_FAILURES -> notReady();
    };
  }

  /**
   * Only where something of the service is scraped now: a rate has a value for as long as its
   * window reaches back to the last scrape that went well.
   */
  private String scraped(String what, String metric) {
    return "(" + what + ") and " + aggregate("count", metric + braces(List.of()), List.of());
  }

  /** The requests a second, for signals of requests. */
  Optional<String> traffic(Signal signal) {
    return switch (family) {
      case KUBE -> Optional.empty();
      case HTTP, ISTIO ->
          Optional.of(
              signal == Signal.RESPONSE_TIME
                  ? sum(rate(durations() + "_count", List.of()), List.of())
                  : sum(rate(requests(), List.of()), List.of()));
    };
  }

  /**
   * Where nothing failed there may be no series of failures at all; with traffic, that is a share
   * of zero and not an absence of data.
   */
  private String failedShare() {
    String failed = family == Family.ISTIO ? FAILED_ISTIO : FAILED_HTTP;
    String all = sum(rate(requests(), List.of()), List.of());
    return "("
        + sum(rate(requests(), List.of(failed)), List.of())
        + " or 0 * "
        + all
        + ") / "
        + all;
  }

  /**
   * Where the quantile lies beyond the last finite bucket, Prometheus gives that bucket's bound,
   * however much slower it was. Then the sign is negative: it is more than that, and not known how
   * much.
   */
  private String quantile(double quantile) {
    String buckets = durations() + "_bucket";
    String bound =
        "histogram_quantile("
            + quantile
            + ", "
            + sum(rate(buckets, List.of()), List.of("le"))
            + ")";
    String all = sum(rate(buckets, List.of("le=\"+Inf\"")), List.of());
    String finite =
        aggregate("max", sum(rate(buckets, List.of("le!=\"+Inf\"")), List.of("le")), List.of());
    String seconds = bound + " * (1 - 2 * (" + quantile + " * " + all + " > bool " + finite + "))";
    return family == Family.ISTIO ? "(" + seconds + ") / 1000" : seconds;
  }

  /** Of a Deployment that is meant to have no pods nothing is known. */
  private String notReady() {
    return "1 - clamp_max("
        + sum("kube_deployment_status_replicas_ready" + braces(List.of()), List.of())
        + " / ("
        + sum("kube_deployment_spec_replicas" + braces(List.of()), List.of())
        + " > 0), 1)";
  }

  private String requests() {
    return family == Family.ISTIO ? "istio_requests_total" : "http_requests_total";
  }

  private String durations() {
    return family == Family.ISTIO
        ? "istio_request_duration_milliseconds"
        : "http_request_duration_seconds";
  }

  private String rate(String metric, List<String> more) {
    return "rate(" + metric + braces(more) + "[" + window.toMillis() + "ms])";
  }

  private String braces(List<String> more) {
    List<String> all = new ArrayList<>(select);
    if (family == Family.ISTIO) {
      all.add(CALLED);
    }
    all.addAll(more);
    return "{" + String.join(",", all) + "}";
  }

  private String sum(String what, List<String> more) {
    return aggregate("sum", what, more);
  }

  private String aggregate(String operator, String what, List<String> more) {
    List<String> labels = new ArrayList<>(by);
    labels.addAll(more);
    return operator + " by (" + String.join(", ", labels) + ") (" + what + ")";
  }
}
