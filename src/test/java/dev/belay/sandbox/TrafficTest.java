package dev.belay.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.rule.Signal;
import dev.belay.core.rule.Trigger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TrafficTest {
  private static final double CLOSE = 1e-9;

  @Test
  void aHealthyServiceFailsNothing() {
    Traffic traffic = under(100, 1, 0, pods(2, ImageBehavior.GOOD));
    assertEquals(0, traffic.errorRate(), CLOSE);
    assertEquals(1, traffic.availability(), CLOSE);
    assertEquals(0, traffic.healthCheckFailures(), CLOSE);
    assertEquals(0.2, traffic.p95(), CLOSE);
  }

  @Test
  void errorsGrowWithTheShareOfBadPods() {
    List<Traffic.PodLoad> mixed =
        Stream.concat(pods(3, ImageBehavior.GOOD).stream(), pods(1, ImageBehavior.BAD).stream())
            .toList();
    assertEquals(0.1, under(100, 1, 0, mixed).errorRate(), CLOSE);
    assertEquals(0.4, under(100, 1, 0, pods(4, ImageBehavior.BAD)).errorRate(), CLOSE);
  }

  @Test
  void loadSlowsDownAndThenTurnsAway() {
    List<Traffic.PodLoad> pods = pods(2, ImageBehavior.GOOD);
    double idle = under(20, 1, 0, pods).p95();
    double busy = under(180, 1, 0, pods).p95();
    assertTrue(busy > 5 * idle, idle + " " + busy);
    Traffic over = under(400, 1, 0, pods);
    assertEquals(0.5, over.availability(), CLOSE);
    assertEquals(0.5, over.errorRate(), CLOSE);
  }

  @Test
  void cheaperRequestsRelieve() {
    List<Traffic.PodLoad> pods = pods(2, ImageBehavior.GOOD);
    assertTrue(under(180, 0.9, 0, pods).p95() < under(180, 1, 0, pods).p95());
  }

  @Test
  void withoutReadyPodsNothingIsAnswered() {
    List<Traffic.PodLoad> pods = List.of(new Traffic.PodLoad(false, ImageBehavior.CRASH));
    Traffic traffic = under(10, 1, 0, pods);
    assertEquals(0, traffic.availability(), CLOSE);
    assertEquals(1, traffic.errorRate(), CLOSE);
    assertEquals(1, traffic.healthCheckFailures(), CLOSE);
  }

  @Test
  void aDependencysFaultShowsInTheErrors() {
    assertEquals(0.3, under(10, 1, 0.3, pods(1, ImageBehavior.GOOD)).errorRate(), CLOSE);
  }

  @Test
  void quantilesAreOrdered() {
    Traffic traffic = under(100, 1, 0, pods(2, ImageBehavior.GOOD));
    assertEquals(traffic.p95(), traffic.measured(responseTime(0.95)), CLOSE);
    assertTrue(traffic.measured(responseTime(0.5)) < traffic.p95());
    assertTrue(traffic.measured(responseTime(0.99)) > traffic.p95());
  }

  private static Trigger responseTime(double quantile) {
    return new Trigger(
        Signal.RESPONSE_TIME, Optional.of(quantile), true, 1, Duration.ZERO, "p > 1s");
  }

  private static List<Traffic.PodLoad> pods(int count, ImageBehavior behavior) {
    return Stream.generate(() -> new Traffic.PodLoad(true, behavior)).limit(count).toList();
  }

  private static Traffic under(
      double load, double cost, double dependencyErrors, List<Traffic.PodLoad> pods) {
    return Traffic.of(new Traffic.Demand(load, cost, 100, 0.1, dependencyErrors, pods));
  }
}
