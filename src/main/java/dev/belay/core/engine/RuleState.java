package dev.belay.core.engine;

import dev.belay.core.alert.Labels;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is known of a rule that Belay evaluates itself. Changed by facts only. */
public final class RuleState {
  private final Map<Labels, Standing> standings = new LinkedHashMap<>();
  private Optional<Instant> seenAt = Optional.empty();
  private Optional<Instant> blindSince = Optional.empty();

  RuleState() {}

  RuleState(StateSnapshot.OfRule snapshot) {
    snapshot.standings().forEach(standing -> standings.put(standing.labels(), standing));
    seenAt = snapshot.seenAt();
    blindSince = snapshot.blindSince();
  }

  StateSnapshot.OfRule snapshot(String rule) {
    return new StateSnapshot.OfRule(rule, List.copyOf(standings.values()), seenAt, blindSince);
  }

  /** Its alerts that are pending or fire. */
  public Collection<Standing> standings() {
    return Collections.unmodifiableCollection(standings.values());
  }

  Optional<Standing> standing(Labels labels) {
    return Optional.ofNullable(standings.get(labels));
  }

  /** When it was last known to be evaluated; not written down while time counts for nothing. */
  Optional<Instant> seenAt() {
    return seenAt;
  }

  /** Since when it cannot be evaluated; empty where it can. */
  public Optional<Instant> blindSince() {
    return blindSince;
  }

  void moved(Fact.RuleMoved fact) {
    fact.gone().forEach(standings::remove);
    fact.moved().forEach(standing -> standings.put(standing.labels(), standing));
    if (fact.known()) {
      seenAt = Optional.of(fact.at());
      blindSince = Optional.empty();
    } else {
      blindSince = blindSince.or(() -> Optional.of(fact.at()));
    }
  }
}
