package dev.belay.intake.prometheus;

import dev.belay.core.alert.Matcher;
import dev.belay.core.release.Workload;
import dev.belay.core.rule.Profile;
import dev.belay.core.rule.Service;
import dev.belay.core.rule.Signal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Metrics that go together, and the labels by which they name a service. */
enum Family {
  /** {@code http_requests_total} and its like, with the labels of the service's own alerts. */
  HTTP,
  /** What Istio's proxies count at the workload that is called. */
  ISTIO,
  /** What kube-state-metrics says of Deployments. */
  KUBE;

  /** Istio's names for what other metrics call so. */
  private static final Map<String, String> AT_ISTIO =
      Map.of(
          "namespace", "destination_workload_namespace",
          "deployment", "destination_workload",
          "workload", "destination_workload",
          "app", "destination_app",
          "service", "destination_service_name");

  /** The metrics that measure a signal. */
  static Family of(Signal signal, Profile profile) {
    if (signal == Signal.HEALTH_CHECK_FAILURES) {
      return KUBE;
    }
    return switch (profile) {
      case HTTP -> HTTP;
      case ISTIO -> ISTIO;
    };
  }

  /**
   * Which of these metrics' series mean the service; none where that cannot be said.
   *
   * <p>Where a workload is named, it says more than the labels of alerts do.
   */
  List<Matcher> select(Service service) {
    Optional<Workload> workload = service.workload();
    return switch (this) {
      case HTTP -> service.match();
      case ISTIO ->
          workload
              .map(it -> named("destination_workload_namespace", "destination_workload", it))
              .orElseGet(() -> service.match().stream().map(Family::atIstio).toList());
      case KUBE ->
          workload.map(it -> named("namespace", "deployment", it)).orElseGet(service::match);
    };
  }

  private static List<Matcher> named(String namespace, String name, Workload workload) {
    return List.of(
        Matcher.equal(namespace, workload.namespace()), Matcher.equal(name, workload.name()));
  }

  private static Matcher atIstio(Matcher matcher) {
    return new Matcher(
        AT_ISTIO.getOrDefault(matcher.name(), matcher.name()), matcher.operator(), matcher.value());
  }

  /** Its metric that is looked for, for people. */
  String metric(Signal signal) {
    boolean times = signal == Signal.RESPONSE_TIME;
    return switch (this) {
      case HTTP -> times ? "http_request_duration_seconds_bucket" : "http_requests_total";
      case ISTIO -> times ? "istio_request_duration_milliseconds_bucket" : "istio_requests_total";
      case KUBE -> "kube_deployment_status_replicas_ready";
    };
  }
}
