package dev.belay.console;

import dev.belay.core.engine.Fact;
import java.time.Instant;
import java.util.List;

/** A decision to act, or not to. */
record DecisionView(
    Instant at,
    String service,
    String subject,
    String remediation,
    boolean act,
    ReasonView reason,
    List<EvidenceView> evidence) {
  static DecisionView of(Fact.Decided decided) {
    return new DecisionView(
        decided.at(),
        decided.service(),
        decided.subject(),
        decided.remediation(),
        decided.act(),
        ReasonView.of(decided.reason()),
        EvidenceView.of(decided.evidence()));
  }
}
