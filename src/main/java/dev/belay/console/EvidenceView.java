package dev.belay.console;

import dev.belay.core.incident.Evidence;
import java.util.List;

/** One thing that was seen and that a decision rests on. */
record EvidenceView(String what, String value) {
  static List<EvidenceView> of(List<Evidence> evidence) {
    return evidence.stream().map(piece -> new EvidenceView(piece.what(), piece.value())).toList();
  }
}
