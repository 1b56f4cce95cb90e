package dev.belay.intake.probe;

import dev.belay.core.engine.Event;
import dev.belay.core.rule.Probe;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which services could not be asked for long. */
final class Unasked {
  private Unasked() {}

  /** A service of which something is measured by its probe, and what is known of it. */
  record Asked(String service, Probe probe, LastKnown last) {}

  /** How these stand now. */
  static Event.ProbesSeen seen(Collection<Asked> all, Instant now) {
    SortedMap<String, String> lost = new TreeMap<>();
    for (Asked each : all) {
      each.last().lost(each.probe(), now).ifPresent(why -> lost.put(each.service(), why));
    }
    return new Event.ProbesSeen(trouble(lost), lost.keySet());
  }

  private static Optional<String> trouble(SortedMap<String, String> lost) {
    if (lost.isEmpty()) {
      return Optional.empty();
    }
    String first = lost.firstKey();
    String others = lost.size() == 1 ? "" : ", and as little of " + (lost.size() - 1) + " more";
    return Optional.of(
        "no probe says anything of " + first + " (" + lost.get(first) + ")" + others);
  }
}
