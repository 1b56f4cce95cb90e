package dev.belay.core.engine;

import dev.belay.core.incident.Blame;
import java.time.Duration;
import java.time.Instant;

/** Says which release explains the trouble of a service. The seam for better ones. */
interface Blamer {
  /** Looks at the releases of the last {@code window}. */
  Blame blame(ServiceState service, Trouble trouble, Duration window, Instant now);
}
