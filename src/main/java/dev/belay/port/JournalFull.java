package dev.belay.port;

/** There is no space to write; nothing was written. */
public final class JournalFull extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a sentence for people. */
  public JournalFull(String message, Throwable cause) {
    super(message, cause);
  }
}
