package dev.belay.port;

/** The event met a bug, changed nothing, and would meet it again. */
public final class EventFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a sentence for people. */
  public EventFailed(String message) {
    super(message, null, false, false);
  }
}
