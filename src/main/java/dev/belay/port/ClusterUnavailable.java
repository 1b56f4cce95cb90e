package dev.belay.port;

/**
 * The cluster gave no trustworthy answer: unreachable, overloaded, or broken. Nothing was changed.
 */
public final class ClusterUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean answered;

  /** With a sentence for people that holds no secrets. */
  public ClusterUnavailable(String message) {
    super(message);
    this.answered = false;
  }

  /** With a sentence for people that holds no secrets, and what lies beneath. */
  public ClusterUnavailable(String message, Throwable cause) {
    this(message, cause, false);
  }

  private ClusterUnavailable(String message, Throwable cause, boolean answered) {
    super(message, cause);
    this.answered = answered;
  }

  /** The cluster is there, and refuses Belay the answer. */
  public static ClusterUnavailable refusing(String message, Throwable cause) {
    return new ClusterUnavailable(message, cause, true);
  }

  /** Whether the cluster said so itself, and so is not silent. */
  public boolean answered() {
    return answered;
  }
}
