package dev.belay.core.remediation;

import dev.belay.core.incident.Reason;

/** How far the cluster is with carrying out an accepted change. */
public sealed interface Settlement {
  /** It is done. */
  record Settled(String detail) implements Settlement {}

  /** It is under way. */
  record Progressing(String detail) implements Settlement {}

  /** It will not be done. */
  record Failed(Reason reason, String detail) implements Settlement {}
}
