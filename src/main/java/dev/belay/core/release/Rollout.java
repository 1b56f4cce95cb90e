package dev.belay.core.release;

import java.util.Set;

/**
 * How far a workload is with running its present template everywhere.
 *
 * @param complete whether it is done, by the rules of {@code kubectl rollout status}
 * @param serving whether pods of the present template are there and ready, as many as are wanted
 *     and one at least; a rollout can be done without, as one of no pods at all is, or one that
 *     leaves some pods with the template before
 * @param obstacles what keeps it from being done, or from staying so
 * @param unknown of which of the others this look does not tell whether they are there
 * @param detail how far it is, for people
 */
public record Rollout(
    boolean complete,
    boolean serving,
    Set<Obstacle> obstacles,
    Set<Obstacle> unknown,
    String detail) {
  /** Something that no waiting cures by itself. */
  public enum Obstacle {
    /** The controller saw no progress within {@code progressDeadlineSeconds}. */
    DEADLINE_EXCEEDED,
    /** A container of the present template ends again and again. */
    CRASH_LOOP,
    /** An image of the present template cannot be had. */
    IMAGE_PULL
  }

  /** A rollout that is done, and all of whose pods run the present template. */
  public static Rollout done(String detail) {
    return done(true, detail);
  }

  /** A rollout that is done; whether it serves is another matter. */
  public static Rollout done(boolean serving, String detail) {
    return new Rollout(true, serving, Set.of(), Set.of(), detail);
  }

  /** A rollout that is under way, whatever is in its way. */
  public static Rollout underWay(Set<Obstacle> obstacles, String detail) {
    return new Rollout(false, false, obstacles, Set.of(), detail);
  }

  /** The same where nothing is known of these obstacles. */
  public Rollout unsureOf(Set<Obstacle> unknown) {
    return new Rollout(complete, serving, obstacles, unknown, detail);
  }
}
