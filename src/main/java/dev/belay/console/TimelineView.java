package dev.belay.console;

import dev.belay.core.engine.Sentences;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One thing that happened, for timelines. */
record TimelineView(
    Instant at,
    String kind,
    String sentence,
    Optional<ReasonView> reason,
    List<EvidenceView> evidence) {
  static TimelineView of(Told fact) {
    return new TimelineView(
        fact.at(),
        fact.kind(),
        Sentences.of(fact.fact()).orElse("").strip(),
        fact.reason().map(ReasonView::of),
        EvidenceView.of(fact.evidence()));
  }
}
