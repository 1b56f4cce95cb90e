package dev.belay.core.engine;

import dev.belay.core.rule.Mode;
import java.time.Duration;

/**
 * What the operator sets for the whole daemon.
 *
 * @param mode the furthest that any rule may go
 * @param stormServices so many services newly in trouble within {@code stormWindow} engage the
 *     storm brake
 * @param stormWindow see {@code stormServices}; the brake lets go after as long without another,
 *     once fewer than {@code stormServices} of the storm are still in trouble
 * @param actionsPerHour how many actions may touch the cluster in any hour, over all services
 * @param blindAfter how long a crossed trigger may be without readings before people are told
 * @param clusterPatience how long the cluster is asked again before a step is given up
 * @param settlePatience how long the cluster may take to carry out an accepted change
 * @param intentLife how old an intent may be to be carried out after a restart
 * @param alertRoom how much memory alerts may take, in bytes; those that speak of no service get
 *     half of it, and the eldest of them make room for new ones
 * @param crashLoop what counts as crashing again and again
 * @param listening which inputs are expected to give signs of life
 * @param escalation who is told of what nobody answers
 */
public record Settings(
    Mode mode,
    int stormServices,
    Duration stormWindow,
    int actionsPerHour,
    Duration blindAfter,
    Duration clusterPatience,
    Duration settlePatience,
    Duration intentLife,
    long alertRoom,
    CrashLoop crashLoop,
    Listening listening,
    Escalation escalation) {
  /** Settings by which all channels are told of everything at once. */
  public Settings(
      Mode mode,
      int stormServices,
      Duration stormWindow,
      int actionsPerHour,
      Duration blindAfter,
      Duration clusterPatience,
      Duration settlePatience,
      Duration intentLife,
      long alertRoom,
      CrashLoop crashLoop,
      Listening listening) {
    this(
        mode,
        stormServices,
        stormWindow,
        actionsPerHour,
        blindAfter,
        clusterPatience,
        settlePatience,
        intentLife,
        alertRoom,
        crashLoop,
        listening,
        Escalation.NONE);
  }

  /**
   * So many starts within so long, each without a stop before, put everything on hold.
   *
   * @param starts at least 1
   */
  public record CrashLoop(int starts, Duration within) {
    /** Where no configuration says. */
    public static final CrashLoop DEFAULT = new CrashLoop(3, Duration.ofMinutes(10));
  }

  private static final long ALERT_ROOM = 256L << 20;

  /** Out of the box: observe, and be careful. */
  public static final Settings DEFAULT =
      new Settings(
          Mode.OBSERVE,
          5,
          Duration.ofMinutes(1),
          10,
          Duration.ofMinutes(1),
          Duration.ofMinutes(2),
          Duration.ofMinutes(10),
          Duration.ofMinutes(5),
          ALERT_ROOM,
          CrashLoop.DEFAULT,
          Listening.NONE);

  /** The settings with another room for alerts. */
  public Settings withAlertRoom(long bytes) {
    return with(bytes, listening, escalation);
  }

  /** The settings with other inputs that are listened to. */
  public Settings withListening(Listening inputs) {
    return with(alertRoom, inputs, escalation);
  }

  /** The settings with others who are told of what nobody answers. */
  public Settings withEscalation(Escalation others) {
    return with(alertRoom, listening, others);
  }

  private Settings with(long bytes, Listening inputs, Escalation others) {
    return new Settings(
        mode,
        stormServices,
        stormWindow,
        actionsPerHour,
        blindAfter,
        clusterPatience,
        settlePatience,
        intentLife,
        bytes,
        crashLoop,
        inputs,
        others);
  }
}
