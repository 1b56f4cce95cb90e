package dev.belay.port;

import dev.belay.core.rule.Place;
import java.util.Optional;

/**
 * A watch of workloads that is under way. It only says that something may have changed, and sooner
 * twice than never; whoever wants to know what looks at it.
 */
public interface WorkloadWatch extends AutoCloseable {
  /** Why it may miss changes now, for people; empty where it misses none. */
  Optional<String> trouble();

  /**
   * Whether it may miss changes there now, for which the answer may be yes too often; where there
   * is no trouble it is no.
   */
  boolean misses(Place place);

  /** Ends it. */
  @Override
  void close();
}
