package dev.belay.intake.prometheus;

import dev.belay.core.engine.Event;
import dev.belay.core.engine.Reading;
import dev.belay.port.Round;
import java.util.List;
import java.util.Optional;

/** Says of triggers for which nothing can be asked that they are unknown, and why. */
record UnmeasuredRound(List<Asker> askers, Complaints complaints, PrometheusMeters meters)
    implements Round {
  private static final String WHY =
      "no label of \"match\" tells its series from others; match by labels with plain names, such"
          + " as namespace, or write a query under signals";

  @Override
  public String name() {
    return "what cannot be asked";
  }

  @Override
  public List<Event> look(Turn turn) {
    return askers.stream().map(this::unknown).toList();
  }

  private Event unknown(Asker asker) {
    String trigger = asker.trigger().name();
    complaints.told(asker.service(), trigger, Optional.of(WHY));
    meters.read(false);
    return new Event.SignalsRead(
        asker.service(), List.of(new Reading(trigger, Optional.empty(), WHY)));
  }

  @Override
  public void missed(long turns) {
    meters.missed(turns);
  }
}
