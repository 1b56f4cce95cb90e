package dev.belay.sandbox;

import dev.belay.core.release.Workload;
import dev.belay.port.Baseline;
import dev.belay.port.Baselines;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Keeps them for as long as the process lives. */
public final class MemoryBaselines implements Baselines {
  private final Map<Workload, Set<String>> wanted = new HashMap<>();
  private final Map<Workload, Map<String, Baseline>> byWorkload = new HashMap<>();

  @Override
  public synchronized void want(Workload workload, List<String> digests) {
    wanted.put(workload, Set.copyOf(digests));
    of(workload).keySet().retainAll(digests);
  }

  @Override
  public synchronized Set<String> wanted(Workload workload) {
    return wanted.getOrDefault(workload, Set.of());
  }

  @Override
  public synchronized void keep(Baseline baseline) {
    of(baseline.workload()).put(baseline.revision().digest(), baseline);
  }

  @Override
  public synchronized Set<String> kept(Workload workload, String uid) {
    return of(workload).values().stream()
        .filter(kept -> kept.uid().equals(uid))
        .map(kept -> kept.revision().digest())
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public synchronized Optional<Baseline> find(Workload workload, String uid, String digest) {
    return Optional.ofNullable(of(workload).get(digest)).filter(kept -> kept.uid().equals(uid));
  }

  private Map<String, Baseline> of(Workload workload) {
    return byWorkload.computeIfAbsent(workload, _ -> new HashMap<>());
  }
}
