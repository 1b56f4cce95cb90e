package dev.belay.app;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Has what people wrote read anew while Belay runs. */
public interface Reload {
  /**
   * Reads configuration and rules. Blocks for as long as that takes.
   *
   * @return what is wrong with them, so that all stays as it is; empty where they are good and are
   *     being taken over from now on
   */
  List<String> reload();

  /** When what is in force was taken over. */
  Instant lastSuccess();

  /** Why those that were read last are not in force; empty where they are. */
  Optional<String> trouble();
}
