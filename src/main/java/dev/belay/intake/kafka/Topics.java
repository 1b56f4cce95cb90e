package dev.belay.intake.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Asks the brokers after the topics: which of them there are, and under which id. A topic that was
 * deleted and made again has another id, and its offsets mean something else. Brokers without ids
 * (before KIP-516) give {@link Uuid#ZERO_UUID} for each.
 */
final class Topics implements AutoCloseable {
  private static final Duration CLOSE = Duration.ofSeconds(1);

  /**
   * What was answered.
   *
   * @param ids the topics to read that there are; empty where no answer was had
   * @param trouble what is amiss
   */
  record Seen(Optional<SortedMap<String, Uuid>> ids, Optional<String> trouble) {}

  private sealed interface Found {
    record Is(String topic, Uuid id) implements Found {}

    record Not(String topic, String sentence) implements Found {}
  }

  private final Admin admin;
  private final KafkaSettings settings;

  Topics(Admin admin, KafkaSettings settings) {
    this.admin = admin;
    this.settings = settings;
  }

  /** Asks. Never fails. */
  CompletionStage<Seen> look() {
    List<String> all = new ArrayList<>(settings.topics());
    settings.deadLetters().ifPresent(all::add);
    Map<String, KafkaFuture<TopicDescription>> asked = admin.describeTopics(all).topicNameValues();
    List<CompletableFuture<Found>> answers = new ArrayList<>();
    asked.forEach((topic, answer) -> answers.add(found(topic, answer)));
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(_ -> seen(answers.stream().map(CompletableFuture::join).toList()))
        .exceptionally(
            failure -> new Seen(Optional.empty(), Optional.of(Diagnosis.of(failure, settings))));
  }

  private CompletableFuture<Found> found(String topic, KafkaFuture<TopicDescription> answer) {
    return answer
        .toCompletionStage()
        .toCompletableFuture()
        .<Found>thenApply(description -> new Found.Is(topic, description.topicId()))
        .exceptionallyCompose(
            failure ->
                switch (Diagnosis.root(failure)) {
                  case UnknownTopicOrPartitionException _ ->
                      CompletableFuture.completedFuture(
                          new Found.Not(
                              topic,
                              isRead(topic)
                                  ? Diagnosis.missing(topic)
                                  : Diagnosis.noDeadLetters(topic)));
                  case TopicAuthorizationException _ ->
                      CompletableFuture.completedFuture(
                          new Found.Not(
                              topic,
                              isRead(topic)
                                  ? Diagnosis.barred(topic)
                                  : Diagnosis.barredDeadLetters(topic)));
                  default -> CompletableFuture.failedFuture(failure);
                });
  }

  /** Else it is that for dead letters. */
  private boolean isRead(String topic) {
    return settings.topics().contains(topic);
  }

  private Seen seen(List<Found> all) {
    SortedMap<String, Uuid> ids = new TreeMap<>();
    Optional<String> trouble = Optional.empty();
    for (Found found : all) {
      switch (found) {
        case Found.Is(var topic, var id) -> {
          if (isRead(topic)) {
            ids.put(topic, id);
          }
        }
        case Found.Not(var topic, var sentence) ->
            trouble =
                isRead(topic) ? Optional.of(sentence) : trouble.or(() -> Optional.of(sentence));
      }
    }
    return new Seen(Optional.of(ids), trouble);
  }

  @Override
  public void close() {
    admin.close(CLOSE);
  }
}
