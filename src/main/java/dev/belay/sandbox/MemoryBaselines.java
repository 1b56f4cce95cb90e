package dev.belay.sandbox;

import dev.belay.core.release.Workload;
import dev.belay.port.Baseline;
import dev.belay.port.Baselines;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keeps them for as long as the process lives. */
public final class MemoryBaselines implements Baselines {
  private final Map<Workload, Map<String, Baseline>> byWorkload = new HashMap<>();

  @Override
  public synchronized void keep(Baseline baseline) {
    Map<String, Baseline> kept =
        byWorkload.computeIfAbsent(baseline.workload(), _ -> new LinkedHashMap<>());
    kept.putIfAbsent(baseline.revision().digest(), baseline);
    if (kept.size() > AT_MOST) {
      kept.remove(kept.keySet().iterator().next());
    }
  }

  @Override
  public synchronized Set<String> kept(Workload workload) {
    return Set.copyOf(byWorkload.getOrDefault(workload, Map.of()).keySet());
  }

  @Override
  public synchronized Optional<Baseline> find(Workload workload, String digest) {
    return Optional.ofNullable(byWorkload.getOrDefault(workload, Map.of()).get(digest));
  }
}
