package dev.belay.intake.http;

import dev.belay.core.engine.Event;
import dev.belay.port.Inbox;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Takes every event, and answers what it is told to. */
final class RecordingInbox implements Inbox {
  final List<Event> events = new CopyOnWriteArrayList<>();
  final BlockingQueue<Event> arrivals = new LinkedBlockingQueue<>();
  volatile CompletionStage<@Nullable Void> answer = CompletableFuture.completedFuture(null);

  @Override
  public CompletionStage<@Nullable Void> offer(Event event) {
    CompletionStage<@Nullable Void> answered = answer;
    events.add(event);
    arrivals.add(event);
    return answered;
  }
}
