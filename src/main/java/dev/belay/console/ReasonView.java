package dev.belay.console;

import dev.belay.core.incident.Reason;

/**
 * A reason as the API shows it.
 *
 * @param label for machines
 * @param sentence for people
 */
record ReasonView(String label, String sentence) {
  static ReasonView of(Reason reason) {
    return new ReasonView(reason.label(), reason.sentence());
  }
}
