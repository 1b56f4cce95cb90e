package dev.belay.port;

import dev.belay.core.rule.Service;
import java.util.List;

/** Where services' signals are measured. */
public interface SignalSource {
  /**
   * The rounds in which every trigger of these services is read, as {@link
   * dev.belay.core.engine.Event.SignalsRead}. A round may speak of many services, and a service be
   * spoken of in many rounds; of each trigger a round says something every time, be it that its
   * value is unknown. Asked anew, with all of them, when services came or went; the rounds of
   * before are given up then.
   */
  List<Round> rounds(List<Service> services);
}
