package dev.belay.core.incident;

/** The answer of a check. Unknown is neither health nor sickness, and never leads to an action. */
public enum Verdict {
  HEALTHY,
  UNHEALTHY,
  UNKNOWN
}
