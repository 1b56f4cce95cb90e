package dev.belay.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ExpositionTest {
  private final VirtualClock clock = new VirtualClock();
  private final World world = Scenario.calm(clock);
  private final Exposition exposition = new Exposition(world);

  @Test
  void countsTheRequestsThatCameIn() {
    pass(10);
    double before =
        value("http_requests_total{namespace=\"covet\",service=\"covet\",code=\"200\"}");
    pass(10);
    double after = value("http_requests_total{namespace=\"covet\",service=\"covet\",code=\"200\"}");

    assertEquals(200 * 10, after - before, 1);
    assertEquals(
        4, value("kube_deployment_spec_replicas{namespace=\"covet\",deployment=\"covet-app\"}"));
    assertEquals(
        4,
        value(
            "kube_deployment_status_replicas_ready{namespace=\"covet\",deployment=\"covet-app\"}"));
  }

  @Test
  void aBadVersionThatIsDeployedFailsRequests() {
    pass(10);
    world.deploy("covet", "bad-2");
    world.deploy("stranger", "bad-2");
    pass(20);
    double before =
        value("http_requests_total{namespace=\"covet\",service=\"covet\",code=\"500\"}");
    pass(10);
    double after = value("http_requests_total{namespace=\"covet\",service=\"covet\",code=\"500\"}");

    assertEquals(0.4 * 200 * 10, after - before, 1);
  }

  @Test
  void theHistogramIsCumulativeAndEndsWithAllRequests() {
    pass(10);
    double last = 0;
    for (String le :
        new String[] {"0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "5.0", "10.0", "+Inf"}) {
      double bucket =
          value(
              "http_request_duration_seconds_bucket{namespace=\"covet\",service=\"covet\",le=\""
                  + le
                  + "\"}");
      assertTrue(bucket >= last, le);
      last = bucket;
    }
    assertEquals(
        last, value("http_request_duration_seconds_count{namespace=\"covet\",service=\"covet\"}"));
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds * 10; i++) {
      clock.pass(Duration.ofMillis(100));
      var _ = world.tick();
      exposition.pass();
    }
  }

  private double value(String series) {
    return exposition
        .text()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .map(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError(series + " is not in\n" + exposition.text()));
  }
}
