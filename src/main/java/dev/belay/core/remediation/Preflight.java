package dev.belay.core.remediation;

import dev.belay.core.incident.Reason;

/** The answer to: would this plan go through now? Nothing has been changed by asking. */
public sealed interface Preflight {
  /** It would; the plan's guards are brought up to date (the generation, say). */
  record Ready(Plan plan) implements Preflight {}

  /** It would not, or must not. */
  record Refused(Reason reason, String detail) implements Preflight {}

  /** The cluster is already as the plan wants it. */
  record AlreadyDone(String detail) implements Preflight {}
}
