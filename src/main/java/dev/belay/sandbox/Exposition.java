package dev.belay.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a world's services would export to Prometheus, and kube-state-metrics of their Deployments.
 * {@link #pass} counts; call it a few times a second. Safe for use by many threads.
 */
public final class Exposition {
  /** The media type of {@link #text}. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final double[] BUCKETS = {0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
  private static final double P95 = 0.95;
  private static final double NANOS = 1e9;

  private final World world;
  private final SortedMap<String, Counts> counts = new TreeMap<>();
  private Instant last;

  private static final class Counts {
    final double[] buckets = new double[BUCKETS.length];
    double good;
    double failed;
    double seconds;
  }

  /** Counts from now on. */
  public Exposition(World world) {
    this.world = world;
    this.last = world.now();
  }

  /** Counts the requests since the last time, as if all of them had come just now. */
  public synchronized void pass() {
    Instant now = world.now();
    double seconds = Duration.between(last, now).toNanos() / NANOS;
    last = now;
    for (ServiceSpec spec : world.services()) {
      Traffic traffic = world.traffic(spec.name());
      double requests = world.admitted(spec) * seconds;
      Counts its = counts.computeIfAbsent(spec.name(), _ -> new Counts());
      its.failed += requests * traffic.errorRate();
      its.good += requests * (1 - traffic.errorRate());
      // Exponentially distributed, so that the share below t is 1 - e^(-t / mean).
      double mean = traffic.p95() / -Math.log1p(-P95);
      its.seconds += requests * mean;
      for (int i = 0; i < BUCKETS.length; i++) {
        its.buckets[i] += requests * -Math.expm1(-BUCKETS[i] / mean);
      }
    }
  }

  /** All series, in Prometheus's text format. */
  public synchronized String text() {
    StringBuilder text = new StringBuilder();
    text.append("# TYPE http_requests_total counter\n");
    each(
        (spec, its) -> {
          line(text, "http_requests_total", spec, ",code=\"200\"", its.good);
          line(text, "http_requests_total", spec, ",code=\"500\"", its.failed);
        });
    text.append("# TYPE http_request_duration_seconds histogram\n");
    each(
        (spec, its) -> {
          for (int i = 0; i < BUCKETS.length; i++) {
            String le = ",le=\"" + BUCKETS[i] + "\"";
            line(text, "http_request_duration_seconds_bucket", spec, le, its.buckets[i]);
          }
          double all = its.good + its.failed;
          line(text, "http_request_duration_seconds_bucket", spec, ",le=\"+Inf\"", all);
          line(text, "http_request_duration_seconds_sum", spec, "", its.seconds);
          line(text, "http_request_duration_seconds_count", spec, "", all);
        });
    text.append("# TYPE kube_deployment_spec_replicas gauge\n");
    each((spec, _) -> deployment(text, "spec_replicas", spec, spec.replicas()));
    text.append("# TYPE kube_deployment_status_replicas_ready gauge\n");
    each((spec, _) -> deployment(text, "status_replicas_ready", spec, ready(spec)));
    return text.toString();
  }

  private interface Writer {
    void write(ServiceSpec spec, Counts counts);
  }

  private void each(Writer writer) {
    for (ServiceSpec spec : world.services()) {
      Counts its = counts.get(spec.name());
      writer.write(spec, its == null ? new Counts() : its);
    }
  }

  private long ready(ServiceSpec spec) {
    return world.kubectl().pods(spec.namespace(), spec.deployment()).stream()
        .filter(Kubectl.PodSeen::ready)
        .count();
  }

  private static void line(
      StringBuilder text, String name, ServiceSpec spec, String more, double value) {
    text.append(name)
        .append("{namespace=\"")
        .append(spec.namespace())
        .append("\",service=\"")
        .append(spec.name())
        .append('"')
        .append(more)
        .append("} ")
        .append(String.format(Locale.ROOT, "%.6f", value))
        .append('\n');
  }

  private static void deployment(StringBuilder text, String what, ServiceSpec spec, long value) {
    text.append("kube_deployment_")
        .append(what)
        .append("{namespace=\"")
        .append(spec.namespace())
        .append("\",deployment=\"")
        .append(spec.deployment())
        .append("\"} ")
        .append(value)
        .append('\n');
  }
}
