package dev.belay.intake.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

/** What is made of the brokers' answers; the answers themselves come from real ones in KafkaIT. */
class TopicsTest {
  private static final Uuid ID = Uuid.randomUuid();

  /** Brokers that answer so about each topic: with its description, or with a failure. */
  private static final class Answering extends ForwardingAdmin {
    private final Map<String, Object> answers;

    Answering(Map<String, Object> answers) {
      super(Map.of("bootstrap.servers", "127.0.0.1:1"));
      this.answers = answers;
    }

    @Override
    public DescribeTopicsResult describeTopics(
        TopicCollection topics, DescribeTopicsOptions options) {
      Map<String, KafkaFuture<TopicDescription>> futures = new HashMap<>();
      answers.forEach((topic, answer) -> futures.put(topic, future(answer)));
      return new DescribeTopicsResult(null, futures) {};
    }

    private static KafkaFuture<TopicDescription> future(Object answer) {
      KafkaFutureImpl<TopicDescription> future = new KafkaFutureImpl<>();
      switch (answer) {
        case TopicDescription description -> future.complete(description);
        case Throwable failure -> future.completeExceptionally(failure);
        default -> throw new AssertionError(answer);
      }
      return future;
    }
  }

  private static Object there(String topic) {
    return new TopicDescription(topic, false, List.of(), Set.of(), ID);
  }

  private static Topics.Seen seen(Map<String, Object> answers) {
    try (Topics topics = new Topics(new Answering(answers), settings())) {
      return topics.look().toCompletableFuture().join();
    }
  }

  private static KafkaSettings settings() {
    return new KafkaSettings(
        List.of("127.0.0.1:1"),
        List.of("ours", "theirs"),
        "belay",
        KafkaSettings.Protocol.CLASSIC,
        new KafkaSettings.Start.Earliest(),
        Optional.of("dead"),
        Optional.empty(),
        new TreeMap<>());
  }

  /** As brokers say it when they are asked after topics: without a name. */
  private static TopicAuthorizationException barred() {
    return new TopicAuthorizationException("Topic authorization failed.");
  }

  @Test
  void aTopicThatMayNotBeReadIsNamedAndKeepsNobodyFromTheOthers() {
    assertEquals(
        new Topics.Seen(
            Optional.of(new TreeMap<>(Map.of("ours", ID))),
            Optional.of(
                "the broker lets this user not read theirs; grant it Describe and Read on the"
                    + " topic")),
        seen(Map.of("ours", there("ours"), "theirs", barred(), "dead", barred())));
  }

  @Test
  void thatDeadLettersMayNotBeWrittenIsSaidWithWhatThatNeeds() {
    Topics.Seen seen =
        seen(Map.of("ours", there("ours"), "theirs", there("theirs"), "dead", barred()));
    assertEquals(Set.of("ours", "theirs"), seen.ids().orElseThrow().keySet());
    assertEquals(
        "the broker lets this user not write to dead, the topic for dead letters; grant it Describe"
            + " and Write. Until then the journal keeps a note of each instead",
        seen.trouble().orElseThrow());
  }

  @Test
  void thatATopicToReadIsMissingIsSaidBeforeThatTheOneForDeadLettersIs() {
    UnknownTopicOrPartitionException missing = new UnknownTopicOrPartitionException();
    assertEquals(
        new Topics.Seen(
            Optional.of(new TreeMap<>(Map.of("ours", ID))),
            Optional.of(Diagnosis.missing("theirs"))),
        seen(Map.of("ours", there("ours"), "theirs", missing, "dead", missing)));
    assertEquals(
        Optional.of(Diagnosis.noDeadLetters("dead")),
        seen(Map.of("ours", there("ours"), "theirs", there("theirs"), "dead", missing)).trouble());
  }

  @Test
  void whereNoAnswerIsHadNothingIsKnownOfAnyTopic() {
    Topics.Seen seen =
        seen(Map.of("ours", there("ours"), "theirs", new TimeoutException("in time")));
    assertEquals(Optional.empty(), seen.ids());
    assertEquals(
        "no broker answers at 127.0.0.1:1; check that the address can be reached from here, and"
            + " that client.security.protocol is what the broker speaks there",
        seen.trouble().orElseThrow());
  }
}
