package dev.belay.kube;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Whether a container ends again and again, also while its kubelet does not hold it back.
 *
 * <p>A kubelet says {@code CrashLoopBackOff} only while it waits; between two waits the container
 * runs, or has just ended. But what makes it wait shows at any time: it starts a container that
 * ended for the first time at once, and holds it back each time that it ends again within ten
 * minutes after it was started; one that ran for longer is forgiven what was before (kubernetes
 * pkg/kubelet/kuberuntime/kuberuntime_manager.go {@code doBackOff}, client-go
 * util/flowcontrol/backoff.go {@code hasExpired}: twice the longest back-off of five minutes, and
 * flatly ten minutes since KEP-4603). So one that ended twice, the last time after a run of less
 * than ten minutes and less than ten minutes ago, was held back or is about to be; while it runs
 * again nobody knows.
 */
final class CrashLoop {
  /** What is found of one container. */
  enum Finding {
    /** It ends again and again. */
    LOOPS,
    /** It did of late; whether it still does shows when it ends, or has run for longer. */
    MAY_LOOP,
    /** It does not. */
    STANDS
  }

  private static final Duration FORGIVEN = Duration.ofMinutes(10);

  /** A container that is ready is believed to stay so when it ran twice as long as before. */
  private static final int LONGER = 2;

  /** But not sooner, as no two runs are equally short. */
  private static final Duration SOONEST = Duration.ofMinutes(1);

  /** And no later, as an alert holds no longer without another look that confirms it. */
  static final Duration LATEST = Duration.ofMinutes(5);

  private CrashLoop() {}

  /**
   * What is found of the container.
   *
   * @param container its status
   * @param now by a clock that may differ from the kubelet's by some seconds
   */
  static Finding of(JsonNode container, Instant now) {
    boolean ready = container.path("ready").asBoolean(false);
    JsonNode present = container.path("state").path("terminated");
    boolean over = present.isObject();
    JsonNode ended = over ? present : container.path("lastState").path("terminated");
    long ends = container.path("restartCount").asLong(0) + (over ? 1 : 0);
    Optional<Instant> end = KubeObject.time(ended.path("finishedAt"));
    if (ends < 2 || end.filter(at -> at.plus(FORGIVEN).isAfter(now)).isEmpty()) {
      return Finding.STANDS;
    }
    Duration ran = ran(ended, end.get());
    if (ran.compareTo(FORGIVEN) >= 0) {
      return Finding.STANDS;
    }
    if (over) {
      // One that is over and ready is an init container that has done its work.
      return ready ? Finding.STANDS : Finding.LOOPS;
    }
    // One that runs may come up this time: what it waited for is there, and it is slow to be ready.
    return ready && steady(container, ran, now) ? Finding.STANDS : Finding.MAY_LOOP;
  }

  /** How long; no time at all where it could not even be started, which has no time or 1970. */
  private static Duration ran(JsonNode ended, Instant end) {
    return KubeObject.time(ended.path("startedAt"))
        .filter(Instant.EPOCH::isBefore)
        .map(start -> Duration.between(start, end))
        .orElse(Duration.ZERO);
  }

  private static boolean steady(JsonNode container, Duration before, Instant now) {
    Duration enough = before.multipliedBy(LONGER);
    if (enough.compareTo(SOONEST) < 0) {
      enough = SOONEST;
    } else if (enough.compareTo(LATEST) > 0) {
      enough = LATEST;
    }
    Instant steady = now.minus(enough);
    return KubeObject.time(container.path("state").path("running").path("startedAt"))
        .filter(start -> !start.isAfter(steady))
        .isPresent();
  }
}
