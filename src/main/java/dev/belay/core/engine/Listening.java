package dev.belay.core.engine;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which inputs are expected to give signs of life, and for how long each may give none.
 *
 * @param watchdog the name of the alert that always fires; it is a sign of life and no trouble
 * @param silentAfter for each input that is listened to; of others nothing is said
 * @param evaluates whether Belay evaluates alerts itself, so that they rest on Prometheus
 */
public record Listening(
    Optional<String> watchdog, Map<Input, Duration> silentAfter, boolean evaluates) {
  /** How long a cluster, Kafka, Prometheus or a service that is probed may give no answer. */
  public static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Nothing is expected. */
  public static final Listening NONE = new Listening(Optional.empty(), Map.of(), false);

  /** These inputs, and the services' own probes. */
  public Listening withProbes() {
    Map<Input, Duration> all = new EnumMap<>(Input.class);
    all.putAll(silentAfter);
    all.put(Input.PROBES, PATIENCE);
    return new Listening(watchdog, Map.copyOf(all), evaluates);
  }

  /** How long the input may be silent; empty where nothing is expected of it. */
  Optional<Duration> after(Input input) {
    return Optional.ofNullable(silentAfter.get(input));
  }
}
