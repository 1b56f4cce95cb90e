package dev.belay.port;

import java.util.Optional;

/**
 * A watch of workloads that is under way. It only says that something may have changed, and sooner
 * twice than never; whoever wants to know what looks at it.
 */
public interface WorkloadWatch extends AutoCloseable {
  /** Why it may miss changes now, for people; empty where it misses none. */
  Optional<String> trouble();

  /** Ends it. */
  @Override
  void close();
}
