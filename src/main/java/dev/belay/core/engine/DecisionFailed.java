package dev.belay.core.engine;

/**
 * An event could not be decided on, which is a bug. Says what kind of event it was and where it
 * failed, and nothing of what the event or the failure hold, for that may be secret.
 */
public final class DecisionFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final int FRAMES_SHOWN = 3;

  private final String kind;
  private final boolean touched;

  DecisionFailed(Event event, boolean touched, RuntimeException cause) {
    super("deciding on " + kind(event) + " failed: " + where(cause), null, false, false);
    this.kind = kind(event);
    this.touched = touched;
  }

  private static String kind(Event event) {
    return event.getClass().getSimpleName();
  }

  private static String where(RuntimeException cause) {
    StringBuilder where = new StringBuilder(cause.getClass().getName());
    StackTraceElement[] frames = cause.getStackTrace();
    for (int i = 0; i < Math.min(frames.length, FRAMES_SHOWN); i++) {
      where.append(" at ").append(frames[i]);
    }
    return where.toString();
  }

  /** The kind of event, one of those that {@link Event} permits. */
  public String kind() {
    return kind;
  }

  /** Whether the State is half changed; then it must be thrown away and recovered. */
  public boolean touched() {
    return touched;
  }
}
