package dev.belay.port;

import dev.belay.core.incident.Notice;
import java.util.Optional;

/** A channel to people. Calls block; one thread calls each channel, in order. */
public interface Notifier extends AutoCloseable {
  /** The channel's name in facts and metrics, such as {@code slack}. */
  String channel();

  /**
   * Delivers a notice: the conversation's first message is made, or brought up to date with the
   * headline, and the text is added to it. Telling fails open: after a doubtful answer it may
   * deliver twice.
   *
   * @param thread what an earlier delivery of the same incident returned
   * @return what later deliveries of the same incident need, where the channel has conversations
   * @throws NotifierFailed where it did not arrive
   */
  Optional<String> deliver(Notice notice, Optional<String> thread);

  /** Gives up what it holds. Nothing is delivered afterwards. */
  @Override
  default void close() {}
}
