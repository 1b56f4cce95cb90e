package dev.belay.app.config;

import dev.belay.core.engine.State;
import dev.belay.intake.kafka.KafkaSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where people are told besides Slack.
 *
 * @param all no two of one name
 */
public record Channels(List<Channel> all) {
  /** Nowhere. */
  public static final Channels NONE = new Channels(List.of());

  /** Copies. */
  public Channels {
    all = List.copyOf(all);
  }

  /** The names of all channels to people, and of that to Kafka where decisions are published. */
  List<String> names(boolean slack, Optional<KafkaSettings> kafka) {
    List<String> names = new ArrayList<>();
    names.add(slack ? "slack" : "terminal");
    all.forEach(channel -> names.add(channel.name()));
    kafka.flatMap(KafkaSettings::publish).ifPresent(_ -> names.add(State.PROGRAMS));
    return List.copyOf(names);
  }
}
