package dev.belay.port;

/** The journal cannot be trusted or cannot be written; the process must not go on with it. */
public final class JournalFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a sentence for people that names the place. */
  public JournalFailed(String message) {
    super(message);
  }

  /** With a sentence for people that names the place, and what lies beneath. */
  public JournalFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
