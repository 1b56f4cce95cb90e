package dev.belay.core.engine;

import dev.belay.core.release.Rollout;
import dev.belay.core.release.Rollout.Obstacle;
import dev.belay.core.remediation.Observation;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What Belay itself sees to be amiss with rollouts, and the alert that it makes of it: the first
 * two are the runbook's, which so hold without kube-state-metrics. How long it must last before
 * people are told is what an alerting rule of that name says, where the rules have one.
 */
public enum RolloutTrouble {
  /** It is not done, for whatever reason. */
  IN_PROGRESS("DeploymentInProgress", "warning", Duration.ofMinutes(10)),
  /** The controller gave up waiting for it. */
  DEADLINE_EXCEEDED("DeploymentFailed", "critical", Duration.ofSeconds(30)),
  /** Containers of the present template end again and again. */
  CRASH_LOOP("DeploymentCrashLooping", "critical", Duration.ofSeconds(30)),
  /** Images of the present template cannot be had. */
  IMAGE_PULL("DeploymentImagePullFailing", "critical", Duration.ofSeconds(30));

  private final String alert;
  private final String severity;
  private final Duration hold;

  RolloutTrouble(String alert, String severity, Duration hold) {
    this.alert = alert;
    this.severity = severity;
    this.hold = hold;
  }

  /** Whether Belay itself makes an alert of this name. */
  public static boolean isAlert(String name) {
    return Stream.of(values()).anyMatch(trouble -> trouble.alert.equals(name));
  }

  /** The alert's name. */
  public String alert() {
    return alert;
  }

  /** The alert's label {@code severity}. */
  public String severity() {
    return severity;
  }

  /** How long it must last where no rule says. */
  public Duration hold() {
    return hold;
  }

  /**
   * Whether this look at the workload tells neither that its rollout has it nor that it has not.
   */
  boolean unknownOf(Observation.OfWorkload workload) {
    Set<Obstacle> unknown = workload.rollout().unknown();
    return switch (this) {
      case IN_PROGRESS -> false;
      case DEADLINE_EXCEEDED -> unknown.contains(Obstacle.DEADLINE_EXCEEDED);
      case CRASH_LOOP -> unknown.contains(Obstacle.CRASH_LOOP);
      case IMAGE_PULL -> unknown.contains(Obstacle.IMAGE_PULL);
    };
  }

  /** Whether the workload's rollout has it. One that was told to wait is not amiss for waiting. */
  boolean of(Observation.OfWorkload workload) {
    Rollout rollout = workload.rollout();
    return switch (this) {
      case IN_PROGRESS -> !rollout.complete() && !workload.paused();
      case DEADLINE_EXCEEDED -> rollout.obstacles().contains(Obstacle.DEADLINE_EXCEEDED);
      case CRASH_LOOP -> rollout.obstacles().contains(Obstacle.CRASH_LOOP);
      case IMAGE_PULL -> rollout.obstacles().contains(Obstacle.IMAGE_PULL);
    };
  }
}
