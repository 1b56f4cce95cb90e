package dev.belay.app;

import dev.belay.core.engine.Event;
import dev.belay.core.incident.Notice;
import dev.belay.port.Inbox;
import dev.belay.port.Notifier;
import dev.belay.port.NotifierFailed;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people, over every channel, in order, without ever holding up the engine. Each channel has
 * a thread and a bounded queue of its own; what fails is tried again with growing pauses, or after
 * as long as the channel asks. Telling fails open: a notice may arrive twice.
 */
public final class Crier implements Consumer<Notice>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Crier.class);
  private static final int QUEUE = 1_000;
  private static final int THREADS_KEPT = 1_000;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final int ATTEMPTS = 12;

  private final List<Channel> channels;

  /**
   * Begins.
   *
   * @param known the conversation that an incident already has on a channel, from before a restart
   */
  public Crier(
      List<Notifier> notifiers,
      Inbox inbox,
      Function<String, Function<String, Optional<String>>> known) {
    channels =
        notifiers.stream()
            .map(notifier -> new Channel(notifier, inbox, known.apply(notifier.channel())))
            .toList();
    channels.forEach(channel -> channel.thread.start());
  }

  @Override
  public void accept(Notice notice) {
    channels.forEach(channel -> channel.put(notice));
  }

  @Override
  public void close() {
    channels.forEach(channel -> channel.thread.interrupt());
  }

  private static final class Channel {
    private final Notifier notifier;
    private final Inbox inbox;
    private final Function<String, Optional<String>> known;
    private final BlockingQueue<Notice> queue = new LinkedBlockingQueue<>(QUEUE);
    private final Thread thread;

    private final Map<String, String> conversations =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > THREADS_KEPT;
          }
        };

    Channel(Notifier notifier, Inbox inbox, Function<String, Optional<String>> known) {
      this.notifier = notifier;
      this.inbox = inbox;
      this.known = known;
      this.thread =
          Thread.ofVirtual().name("belay-notify-" + notifier.channel()).unstarted(this::run);
    }

    void put(Notice notice) {
      if (!queue.offer(notice)) {
        LOG.atError()
            .addKeyValue("channel", notifier.channel())
            .addKeyValue("incident", notice.incident())
            .log("too many notices wait; this one is left to the next start");
      }
    }

    private void run() {
      try {
        while (true) {
          deliver(queue.take());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void deliver(Notice notice) throws InterruptedException {
      Duration pause = FIRST_PAUSE;
      for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
        try {
          Optional<String> conversation =
              Optional.ofNullable(conversations.get(notice.incident()))
                  .or(() -> known.apply(notice.incident()));
          Optional<String> now = notifier.deliver(notice, conversation);
          now.ifPresent(thread -> conversations.put(notice.incident(), thread));
          inbox.offer(
              new Event.NoticeDelivered(
                  notice.incident(), notice.number(), notifier.channel(), now));
          return;
        } catch (NotifierFailed e) {
          LOG.atWarn()
              .addKeyValue("channel", notifier.channel())
              .addKeyValue("incident", notice.incident())
              .addKeyValue("attempt", attempt)
              .log("a notice did not arrive: {}", e.getMessage());
          if (e.permanent()) {
            return;
          }
          Thread.sleep(e.retryAfter().compareTo(pause) > 0 ? e.retryAfter() : pause);
          pause =
              pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
                  ? LONGEST_PAUSE
                  : pause.multipliedBy(2);
        } catch (RuntimeException e) {
          LOG.atError()
              .setCause(e)
              .addKeyValue("channel", notifier.channel())
              .log("a notifier broke");
          return;
        }
      }
    }
  }
}
