package dev.belay.intake.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.Described;
import dev.belay.intake.Bodies;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The AsyncAPI document says what is read from Kafka and written there. */
class TopicsDocumentTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Described topics;
  private final JsonNode document;

  TopicsDocumentTest() throws IOException {
    this.topics = Described.by("asyncapi.yaml");
    this.document = topics.document();
  }

  @Test
  void theDocumentHasTheShapeOfAsyncApi() {
    assertEquals("3.1.0", document.get("asyncapi").stringValue());
    assertTrue(document.get("info").has("title") && document.get("info").has("version"));
    Set<String> allowed =
        Set.of(
            "asyncapi",
            "info",
            "defaultContentType",
            "servers",
            "channels",
            "operations",
            "components");
    assertTrue(allowed.containsAll(document.propertyNames()));
    for (JsonNode server : document.get("servers").values()) {
      assertTrue(server.has("host") && server.has("protocol"));
    }
    for (JsonNode operation : document.get("operations").values()) {
      assertTrue(List.of("send", "receive").contains(operation.get("action").stringValue()));
      JsonNode channel = topics.resolved(operation.get("channel"));
      assertTrue(channel.has("address") && !channel.get("messages").isEmpty());
      channel
          .get("messages")
          .forEach(message -> assertTrue(topics.resolved(message).has("payload")));
    }
  }

  @Test
  void everyMessageThatIsDescribedIsRead() {
    Map<String, ConsumerRecord<byte[], byte[]>> records =
        Map.of(
            "cloudEvent",
            with(
                record(Bodies.of("cdevents/structured.json")),
                "content-type",
                "application/cloudevents+json"),
            "binaryCloudEvent",
            with(
                record("{\"service\":\"covet\"}".getBytes(UTF_8)),
                "ce_specversion",
                "1.0",
                "ce_id",
                "1",
                "ce_source",
                "/ci",
                "ce_type",
                "release"),
            "cdEvent",
            record(Bodies.of("cdevents/0.5-upgraded.json")),
            "simpleRelease",
            record(Samples.release("1")));
    JsonNode messages = document.get("channels").get("releases").get("messages");
    assertEquals(new TreeSet<>(messages.propertyNames()), new TreeSet<>(records.keySet()));
    records.forEach(
        (name, record) -> {
          JsonNode message = topics.resolved(messages.get(name));
          topics.assertValid(name, message.get("payload"), JSON.readTree(record.value()));
          if (message.has("headers")) {
            topics.assertValid(
                name + " headers", message.get("headers"), headers(record.headers()));
          }
          assertInstanceOf(Reading.Announces.class, Samples.reader().read(record), name);
        });
  }

  @Test
  void whatTheDocumentDoesNotAllowIsNotRead() {
    JsonNode simple =
        document.get("components").get("messages").get("SimpleRelease").get("payload");
    for (String wrong :
        List.of(
            "{\"id\":\"1\",\"source\":\"ci\"}",
            "{\"source\":\"ci\",\"service\":\"covet\"}",
            "{\"id\":\"1\",\"source\":\"ci\",\"service\":\"covet\",\"change\":\"moved\"}",
            "{\"id\":\"1\",\"source\":\"ci\",\"service\":\"covet\",\"team\":\"a\"}")) {
      assertTrue(!topics.fits(simple, JSON.readTree(wrong)), wrong);
      assertInstanceOf(
          Reading.Poison.class, Samples.reader().read(record(wrong.getBytes(UTF_8))), wrong);
    }
  }

  @Test
  void aDeadLetterIsAsDescribed() {
    MockProducer<byte[], byte[]> producer =
        new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    try (DeadLetters letters = new DeadLetters(producer, "dead", () -> Samples.NOW)) {
      letters.bury(Samples.poison(7), "the body is not JSON").join();
    }
    ProducerRecord<byte[], byte[]> letter = producer.history().getFirst();
    JsonNode headers = document.get("components").get("messages").get("DeadLetter").get("headers");
    topics.assertValid("dead letter", headers, headers(letter.headers()));
    assertEquals(
        new TreeSet<>(headers.get("properties").propertyNames()),
        new TreeSet<>(headers(letter.headers()).propertyNames()));
  }

  private static ConsumerRecord<byte[], byte[]> record(byte[] value) {
    return Samples.record(1, value);
  }

  private static ConsumerRecord<byte[], byte[]> with(
      ConsumerRecord<byte[], byte[]> record, String... headers) {
    for (int i = 0; i < headers.length; i += 2) {
      record.headers().add(headers[i], headers[i + 1].getBytes(UTF_8));
    }
    return record;
  }

  private static JsonNode headers(Iterable<Header> headers) {
    ObjectNode node = JSON.createObjectNode();
    headers.forEach(header -> node.put(header.key(), new String(header.value(), UTF_8)));
    return node;
  }
}
