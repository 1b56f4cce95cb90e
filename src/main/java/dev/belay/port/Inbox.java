package dev.belay.port;

import dev.belay.core.engine.Event;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The engine's bounded mailbox, as its senders see it. */
public interface Inbox {
  /**
   * Offers an event. Never blocks.
   *
   * @return completes, on any thread, when everything that follows from the event is durable; fails
   *     with {@link InboxFull} where it was not taken and the sender should try again later, and
   *     with {@link EventFailed} where that would be of no use
   */
  CompletionStage<@Nullable Void> offer(Event event);
}
