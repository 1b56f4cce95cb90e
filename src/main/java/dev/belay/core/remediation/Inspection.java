package dev.belay.core.remediation;

/**
 * The answer to: has this action taken effect?
 *
 * @param finding what the cluster shows
 * @param detail for people
 */
public record Inspection(Finding finding, String detail) {
  /** What a look at the cluster can show. */
  public enum Finding {
    /** The action's id stands on the object: it took effect, once. */
    EFFECTIVE,
    /** The cluster is as the plan wants it, by somebody else's hand. */
    ALREADY_DONE,
    /** Everything is as it was when the plan was made. */
    UNTOUCHED,
    /** Somebody changed it since; the plan no longer fits. */
    SUPERSEDED
  }
}
