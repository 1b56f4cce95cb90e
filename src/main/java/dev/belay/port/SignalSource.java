package dev.belay.port;

import dev.belay.core.engine.Reading;
import dev.belay.core.rule.Service;
import java.util.List;

/** Where a service's signals are measured. Calls block. */
public interface SignalSource {
  /**
   * Reads every trigger of the service. What cannot be told is a reading without a value, never a
   * missing one; never throws.
   */
  List<Reading> read(Service service);
}
