package dev.belay.app;

/** The daemon could not start; the message says why and what to do. */
public final class StartFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a sentence for people. */
  public StartFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
