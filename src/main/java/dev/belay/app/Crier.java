package dev.belay.app;

import dev.belay.core.engine.Command;
import dev.belay.port.Inbox;
import dev.belay.port.Notifier;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Tells people, over every channel, without ever holding up the engine: each channel has a thread
 * of its own. When to try again is the engine's to say. Telling fails open: a notice may arrive
 * twice.
 */
public final class Crier implements Consumer<Command.Notify>, AutoCloseable {
  private final Map<String, Outbox> channels = new TreeMap<>();

  /**
   * Begins.
   *
   * @param known the conversation that an incident already has on a channel, from before a restart
   */
  public Crier(
      List<Notifier> notifiers,
      Inbox inbox,
      Function<String, Function<String, Optional<String>>> known,
      InstantSource clock) {
    for (Notifier notifier : notifiers) {
      String name = notifier.channel();
      channels.put(name, new Outbox(notifier, inbox, known.apply(name), clock));
    }
  }

  @Override
  public void accept(Command.Notify notify) {
    Optional.ofNullable(channels.get(notify.channel()))
        .ifPresent(channel -> channel.hand(notify.owed()));
  }

  /** Which channels fail, since when and why, for people; empty where none does. */
  public Optional<String> trouble() {
    String all =
        channels.values().stream()
            .flatMap(channel -> channel.trouble().stream())
            .collect(Collectors.joining("; "));
    return Optional.of(all).filter(text -> !text.isEmpty());
  }

  @Override
  public void close() {
    channels.values().forEach(Outbox::close);
  }
}
