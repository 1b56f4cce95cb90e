package dev.belay.port;

import dev.belay.core.release.Workload;
import java.util.Optional;
import java.util.Set;

/**
 * Belay's own store of revisions that ran well: what a cluster's history cleanup deletes can still
 * be returned to. Thread-safe. Implementations pass {@code BaselinesContract}.
 */
public interface Baselines {
  /** So many are kept for each workload, the ones kept last. */
  int AT_MOST = 5;

  /**
   * Keeps one, durably; one that is kept already is left as it is.
   *
   * @throws java.io.UncheckedIOException where it cannot be written
   */
  void keep(Baseline baseline);

  /** The digests of those kept for the workload. */
  Set<String> kept(Workload workload);

  /** The one with this digest; empty where none is kept, or what is kept is not what it was. */
  Optional<Baseline> find(Workload workload, String digest);
}
