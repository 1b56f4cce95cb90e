package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.belay.controlplane.Eventually;
import dev.belay.core.engine.Event;
import dev.belay.core.rule.Profile;
import dev.belay.intake.prometheus.PrometheusSettings;
import dev.belay.intake.prometheus.PrometheusSignals;
import dev.belay.port.Round;
import dev.belay.rules.Loaded;
import dev.belay.rules.RuleLoader;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every query that Belay brings along, put to a real Prometheus with real series. */
final class SignalsIT {
  private static final Round.Turn TURN = new Round.Turn(Instant.EPOCH, Instant.EPOCH);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String TRIGGERS =
      """
      rollback_triggers:
        error_rate: "> 5% for 2 minutes"
        response_time: "p50 > 1000ms for 5 minutes"
        availability: "< 99% for 1 minute"
        health_check_failures: "> 50% for 30 seconds"
      """;

  /** Of a hundred requests forty fail, and fifty take a tenth of a second at most. */
  private static final String SERIES =
      """
      http_requests_total{namespace="shop",code="200"} $good
      http_requests_total{namespace="shop",code="500"} $failed
      http_request_duration_seconds_bucket{namespace="shop",le="0.1"} $quick
      http_request_duration_seconds_bucket{namespace="shop",le="1"} $all
      http_request_duration_seconds_bucket{namespace="shop",le="+Inf"} $all
      http_request_duration_seconds_count{namespace="shop"} $all
      istio_requests_total{reporter="destination",destination_workload="web",\
      destination_workload_namespace="mesh",response_code="200"} $good
      istio_requests_total{reporter="source",destination_workload="web",\
      destination_workload_namespace="mesh",response_code="503"} $all
      istio_request_duration_milliseconds_bucket{reporter="destination",\
      destination_workload="web",destination_workload_namespace="mesh",le="500"} $all
      istio_request_duration_milliseconds_bucket{reporter="destination",\
      destination_workload="web",destination_workload_namespace="mesh",le="+Inf"} $all
      istio_request_duration_milliseconds_count{reporter="destination",\
      destination_workload="web",destination_workload_namespace="mesh"} $all
      kube_deployment_spec_replicas{namespace="shop",deployment="web"} 4
      kube_deployment_status_replicas_ready{namespace="shop",deployment="web"} 1
      kube_deployment_spec_replicas{namespace="mesh",deployment="web"} 2
      kube_deployment_status_replicas_ready{namespace="mesh",deployment="web"} 3
      kube_deployment_spec_replicas{namespace="zero",deployment="web"} 0
      kube_deployment_status_replicas_ready{namespace="zero",deployment="web"} 0
      """;

  @TempDir private Path folder = Path.of("");

  private final AtomicLong scrapes = new AtomicLong(1);

  @Test
  void everySignalOfEveryProfileIsMeasured() {
    Programs.assumePresent(Programs.PROMETHEUS);
    for (String name : List.of("shop", "mesh", "zero")) {
      Programs.write(
          folder.resolve("rules"),
          name + ".yml",
          "service: %1$s\nworkload: deployment/%1$s/web\nmatch: { namespace: %1$s }\n"
                  .formatted(name)
              + (name.equals("mesh") ? "signals: { profile: istio }\n" : "")
              + TRIGGERS);
    }
    Loaded loaded = RuleLoader.load(folder.resolve("rules"));
    try (Exporter exporter = new Exporter(this::series);
        PrometheusProcess process =
            PrometheusProcess.start(
                folder.resolve("prometheus"),
                exporter.port(),
                List.of(),
                folder.resolve("none.yml"));
        PrometheusSignals signals =
            new PrometheusSignals(
                settings(process.port()), new SimpleMeterRegistry(), InstantSource.system())) {
      List<Round> rounds = signals.rounds(loaded.rules().services());
      Map<String, String> expected =
          new TreeMap<>(
              Map.of(
                  "shop error_rate", "0.4000",
                  "shop availability", "0.6000",
                  "shop response_time", "0.1000",
                  "shop health_check_failures", "0.7500",
                  "mesh error_rate", "0.0000",
                  "mesh availability", "1.0000",
                  "mesh response_time", "0.2500",
                  "mesh health_check_failures", "0.0000"));
      for (String signal :
          List.of("error_rate", "availability", "response_time", "health_check_failures")) {
        expected.put("zero " + signal, "unknown");
      }
      AtomicReference<Map<String, String>> seen = new AtomicReference<>(Map.of());
      try {
        Eventually.holds(
            "all is measured",
            SOON,
            () -> {
              seen.set(look(rounds));
              return seen.get().equals(expected);
            });
      } catch (AssertionError e) {
        assertEquals(expected, seen.get());
        throw e;
      }
      assertEquals(Optional.empty(), signals.trouble());
    }
  }

  private String series() {
    long scrape = scrapes.incrementAndGet();
    return SERIES
        .replace("$good", Long.toString(60 * scrape))
        .replace("$failed", Long.toString(40 * scrape))
        .replace("$quick", Long.toString(50 * scrape))
        .replace("$all", Long.toString(100 * scrape));
  }

  private static PrometheusSettings settings(int port) {
    return new PrometheusSettings(
        URI.create("http://127.0.0.1:" + port),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Profile.HTTP,
        0.5,
        Optional.empty(),
        Optional.empty());
  }

  private static Map<String, String> look(List<Round> rounds) {
    Map<String, String> values = new TreeMap<>();
    for (Round round : rounds) {
      for (Event event : round.look(TURN)) {
        if (event instanceof Event.SignalsRead(var service, var readings)) {
          readings.forEach(
              reading ->
                  values.put(
                      service + " " + reading.trigger().replaceFirst(" .*", ""),
                      reading.value().map("%.4f"::formatted).orElse("unknown")));
        }
      }
    }
    return values;
  }
}
