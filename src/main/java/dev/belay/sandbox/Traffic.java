package dev.belay.sandbox;

import dev.belay.core.rule.Signal;
import dev.belay.core.rule.Trigger;
import java.util.List;

/**
 * How a service fares at one moment: a small queueing model, without memory.
 *
 * @param errorRate share of the admitted requests that are answered with an error, 0 to 1
 * @param p95 the 95th percentile of the response time, in seconds
 * @param availability share of the admitted requests that are answered at all, 0 to 1
 * @param healthCheckFailures share of the pods that are not ready, 0 to 1
 */
public record Traffic(
    double errorRate, double p95, double availability, double healthCheckFailures) {
  // Beyond this the queues are full: what comes in addition is turned away.
  private static final double FULL = 0.97;
  private static final double P95 = 0.95;

  /**
   * One pod.
   *
   * @param ready whether it takes requests
   * @param behavior what its image does
   */
  public record PodLoad(boolean ready, ImageBehavior behavior) {}

  /**
   * What a service has to cope with.
   *
   * @param admitted requests per second that reach it
   * @param cost of one request, 1 with every feature on
   * @param podCapacity requests per second of cost 1 that one pod can answer
   * @param idleP95 its response time without load, in seconds
   * @param dependencyErrors share of requests that fail for somebody else's fault, 0 to 1
   */
  public record Demand(
      double admitted,
      double cost,
      double podCapacity,
      double idleP95,
      double dependencyErrors,
      List<PodLoad> pods) {}

  /** How the service fares under this. */
  public static Traffic of(Demand demand) {
    List<PodLoad> ready = demand.pods().stream().filter(PodLoad::ready).toList();
    double failing = demand.pods().isEmpty() ? 1 : 1 - (double) ready.size() / demand.pods().size();
    if (ready.isEmpty()) {
      return new Traffic(1, demand.idleP95(), 0, failing);
    }
    double capacity = ready.size() * demand.podCapacity();
    double utilization = demand.admitted() * demand.cost() / capacity;
    double answered = utilization > 1 ? 1 / utilization : 1;
    double byImage =
        ready.stream().mapToDouble(pod -> pod.behavior().errorRate()).average().orElse(0);
    double slowness =
        ready.stream().mapToDouble(pod -> pod.behavior().slowness()).average().orElse(1);
    double good = answered * (1 - byImage) * (1 - demand.dependencyErrors());
    double wait = 1 / (1 - Math.min(utilization, FULL));
    return new Traffic(1 - good, demand.idleP95() * slowness * wait, answered, failing);
  }

  /** What a trigger would measure, in its signal's unit. */
  public double measured(Trigger trigger) {
    Signal signal = trigger.signal();
    return switch (signal) {
      case ERROR_RATE -> errorRate;
      case RESPONSE_TIME -> p95 * Math.log1p(-trigger.quantile().orElse(P95)) / Math.log1p(-P95);
      case AVAILABILITY -> availability;
      case HEALTH_CHECK_FAILURES -> healthCheckFailures;
    };
  }
}
