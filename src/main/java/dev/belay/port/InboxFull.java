package dev.belay.port;

/**
 * The event was not taken: the mailbox or the disk is full, or the daemon is stopping. Try again
 * later.
 */
public final class InboxFull extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a sentence for people. */
  public InboxFull(String message) {
    super(message, null, false, false);
  }
}
