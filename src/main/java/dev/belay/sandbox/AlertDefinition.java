package dev.belay.sandbox;

import dev.belay.core.rule.Trigger;
import java.util.SortedMap;

/**
 * An alert as a Prometheus beside the service would have it.
 *
 * @param service whose signal it watches
 * @param labels its identity, {@code alertname} among them
 * @param annotations texts for people
 * @param trigger when it fires; its {@code hold} is Prometheus's {@code for}
 */
public record AlertDefinition(
    String service,
    SortedMap<String, String> labels,
    SortedMap<String, String> annotations,
    Trigger trigger) {
  /** Its name. */
  public String name() {
    return labels.getOrDefault("alertname", "");
  }
}
