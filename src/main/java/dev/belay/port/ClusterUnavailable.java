package dev.belay.port;

/**
 * The cluster gave no trustworthy answer: unreachable, overloaded, or broken. Nothing was changed.
 */
public final class ClusterUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a sentence for people that holds no secrets. */
  public ClusterUnavailable(String message) {
    super(message);
  }

  /** With a sentence for people that holds no secrets, and what lies beneath. */
  public ClusterUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
