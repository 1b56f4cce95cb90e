package dev.belay.app;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Has what people wrote read anew while Belay runs. */
public interface Reload {
  /**
   * Reads configuration and rules, and has the journal say who asked for it and what came of it.
   * Blocks for as long as that takes.
   *
   * @param person who asks
   * @return what is wrong with them, so that all stays as it is; empty where they are good and are
   *     being taken over from now on
   */
  List<String> reload(String person);

  /** When what is in force was taken over. */
  Instant lastSuccess();

  /** Why those that were read last are not in force; empty where they are. */
  Optional<String> trouble();
}
