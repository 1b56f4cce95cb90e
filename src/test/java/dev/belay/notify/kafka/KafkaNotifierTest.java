package dev.belay.notify.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.belay.Described;
import dev.belay.core.incident.Notice;
import dev.belay.core.release.Announcement;
import dev.belay.core.release.Workload;
import dev.belay.core.rule.Environment;
import dev.belay.core.rule.Fleet;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import dev.belay.port.NotifierFailed;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class KafkaNotifierTest {
  private static final Instant AT = Instant.parse("2026-11-24T10:15:30.123Z");
  private static final JsonMapper JSON = JsonMapper.shared();

  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final KafkaNotifier notifier = new KafkaNotifier(producer, "decisions", rules());

  @Test
  void anIncidentIsDetectedAndResolved() {
    deliver(Notice.Kind.OPENED, Optional.empty());
    deliver(Notice.Kind.CLOSED, Optional.empty());
    assertEquals(
        List.of("dev.cdevents.incident.detected.0.3.0", "dev.cdevents.incident.resolved.0.3.0"),
        producer.history().stream()
            .map(record -> event(record).path("context").path("type").asString())
            .toList());
    JsonNode subject = event(producer.history().getFirst()).path("subject");
    assertEquals("covet-1", subject.path("id").asString());
    assertEquals("covet", subject.path("content").path("service").path("id").asString());
    assertEquals("production", subject.path("content").path("environment").path("id").asString());
  }

  @Test
  void aRollbackSaysWhatRunsAgain() {
    deliver(Notice.Kind.ACTED, Optional.of(List.of("registry.example/team/covet:1.4.1")));
    JsonNode event = event(producer.history().getFirst());
    assertEquals(
        "dev.cdevents.service.rolledback.0.3.0", event.path("context").path("type").asString());
    assertEquals("covet", event.path("subject").path("id").asString());
    assertEquals(
        "pkg:oci/covet?repository_url=registry.example/team/covet&tag=1.4.1",
        event.path("subject").path("content").path("artifactId").asString());
  }

  @Test
  void whatIsNoRollbackIsNoEvent() {
    deliver(Notice.Kind.ACTED, Optional.empty());
    assertTrue(producer.history().isEmpty());
  }

  @ParameterizedTest
  @EnumSource(names = {"PROPOSED", "COUNTDOWN", "PROGRESS", "NOT_ACTING", "PAGE", "HOLD", "BRAKE"})
  void otherNewsIsTakenWithoutAnEvent(Notice.Kind kind) {
    deliver(kind, Optional.empty());
    assertTrue(producer.history().isEmpty());
  }

  /** The specification's own examples know no other fields, and name the required ones. */
  @Test
  void eventsHaveTheFieldsOfTheSpecification() {
    deliver(Notice.Kind.OPENED, Optional.empty());
    deliver(Notice.Kind.CLOSED, Optional.empty());
    deliver(Notice.Kind.ACTED, Optional.of(List.of("covet:1")));
    List<String> examples = List.of("incident_detected", "incident_resolved", "service_rolledback");
    for (int i = 0; i < examples.size(); i++) {
      JsonNode example = example(examples.get(i));
      JsonNode event = event(producer.history().get(i));
      assertEquals(example.path("context").path("type"), event.path("context").path("type"));
      for (String part : List.of("context", "subject")) {
        Set<String> unknown = new TreeSet<>(event.path(part).propertyNames());
        unknown.removeAll(example.path(part).propertyNames());
        assertEquals(Set.of(), unknown, examples.get(i));
      }
      Set<String> unknown = new TreeSet<>(event.path("subject").path("content").propertyNames());
      unknown.removeAll(example.path("subject").path("content").propertyNames());
      assertEquals(Set.of(), unknown, examples.get(i));
    }
  }

  @Test
  void recordsAreAsTheDocumentOfTheTopicsHasThem() throws IOException {
    deliver(Notice.Kind.OPENED, Optional.empty());
    deliver(Notice.Kind.CLOSED, Optional.empty());
    deliver(Notice.Kind.ACTED, Optional.of(List.of("covet:1")));
    Described topics = Described.by("asyncapi.yaml");
    JsonNode message = topics.document().get("components").get("messages").get("Decision");
    for (ProducerRecord<byte[], byte[]> record : producer.history()) {
      ObjectNode headers = JsonNodeFactory.instance.objectNode();
      record
          .headers()
          .forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
      topics.assertValid("headers", message.get("headers"), headers);
      topics.assertValid("payload", message.get("payload"), event(record));
    }
  }

  @Test
  void theSameNoticeIsTheSameEvent() {
    deliver(Notice.Kind.OPENED, Optional.empty());
    deliver(Notice.Kind.OPENED, Optional.empty());
    assertEquals(header(0, "ce_id"), header(1, "ce_id"));
    assertEquals("belay", header(0, "ce_source"));
    assertEquals("covet", new String(producer.history().getFirst().key(), UTF_8));
  }

  @Test
  void whatTheBrokerDoesNotTakeIsSaidAndMayBeTriedAgain() {
    producer.sendException = new IllegalStateException("the broker is away");
    NotifierFailed failed =
        assertThrows(NotifierFailed.class, () -> deliver(Notice.Kind.OPENED, Optional.empty()));
    assertFalse(failed.permanent());
    assertTrue(String.valueOf(failed.getMessage()).contains("decisions"), failed::toString);
  }

  @Test
  void whatIsTooLargeForTheTopicHoldsUpNothingElse() {
    MockProducer<byte[], byte[]> narrow =
        new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    Thread broker =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (!narrow.errorNext(new RecordTooLargeException("too large"))) {
                    Thread.onSpinWait();
                  }
                });
    KafkaNotifier to = new KafkaNotifier(narrow, "decisions", rules());
    NotifierFailed failed =
        assertThrows(
            NotifierFailed.class,
            () -> to.deliver(notice(Notice.Kind.OPENED, Optional.empty()), Optional.empty()));
    assertTrue(failed.unfit());
    assertTrue(broker.isDaemon());
  }

  /** The specification's own schemas, which know no other fields. */
  @Test
  void eventsAreValidByTheSchemasOfTheSpecification() {
    deliver(Notice.Kind.OPENED, Optional.empty());
    deliver(Notice.Kind.CLOSED, Optional.empty());
    notifier.deliver(rollback("deploy-42"), Optional.empty());
    List<String> schemas = List.of("incidentdetected", "incidentresolved", "servicerolledback");
    Map<String, String> links = new TreeMap<>();
    for (String link : List.of("sarray", "end", "path", "relation")) {
      String name = "links/embeddedlink" + link;
      links.put("https://cdevents.dev/0.5.1/schema/" + name, text("cdevents-schemas/" + name));
    }
    SchemaRegistry registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(links));
    for (int i = 0; i < schemas.size(); i++) {
      Schema schema = registry.getSchema(text("cdevents-schemas/" + schemas.get(i)));
      ObjectNode event = (ObjectNode) event(producer.history().get(i));
      assertEquals(List.of(), schema.validate(event));
      ((ObjectNode) event.path("context")).putArray("links").addObject().put("linkType", "ELSE");
      assertFalse(schema.validate(event).isEmpty(), "links are looked at");
    }
  }

  @Test
  void aRollbackLeadsBackToTheEventThatItUndoes() {
    notifier.deliver(rollback("deploy-42"), Optional.empty());
    assertEquals(
        "[{\"linkType\":\"PATH\",\"from\":{\"contextId\":\"deploy-42\"}}]",
        event(producer.history().getFirst()).path("context").path("links").toString());
    deliver(Notice.Kind.ACTED, Optional.of(List.of("covet:1")));
    assertFalse(event(producer.history().getLast()).path("context").has("links"));
  }

  @Test
  void aServiceThatAFleetFoundHasTheEnvironmentOfItsNamespace() {
    String production = Fleet.nameOf(new Workload("statefulset", "covet", "db"));
    String elsewhere = Fleet.nameOf(new Workload("deployment", "shop", "app"));
    List.of(production, elsewhere, "nobody")
        .forEach(
            service ->
                notifier.deliver(
                    new Notice(
                        service + "-1",
                        1,
                        Notice.Kind.OPENED,
                        service,
                        "h",
                        "t",
                        AT,
                        Optional.empty()),
                    Optional.empty()));
    assertEquals(
        List.of("production", "shop", "unknown"),
        producer.history().stream()
            .map(
                record ->
                    event(record)
                        .path("subject")
                        .path("content")
                        .path("environment")
                        .path("id")
                        .asString())
            .toList());
  }

  private static Notice rollback(String undone) {
    return new Notice(
        "covet-1",
        4,
        Notice.Kind.ACTED,
        "covet",
        "covet: Errors",
        "Rolled back.",
        AT,
        Optional.empty(),
        Optional.of(List.of("covet:1")),
        Optional.empty(),
        Optional.of(new Announcement(undone, "/ci")));
  }

  private void deliver(Notice.Kind kind, Optional<List<String>> images) {
    assertEquals(Optional.empty(), notifier.deliver(notice(kind, images), Optional.empty()));
  }

  private static Notice notice(Notice.Kind kind, Optional<List<String>> images) {
    return new Notice(
        "covet-1",
        3,
        kind,
        "covet",
        "covet: Errors",
        "Something \"happened\" <b>",
        AT,
        Optional.empty(),
        images,
        Optional.empty());
  }

  private static JsonNode event(ProducerRecord<byte[], byte[]> record) {
    return JSON.readTree(record.value());
  }

  private static JsonNode example(String name) {
    return JSON.readTree(text("cdevents/0.5.1/" + name));
  }

  private static String text(String name) {
    try (InputStream in = KafkaNotifierTest.class.getResourceAsStream("/" + name + ".json")) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String header(int record, String name) {
    return new String(producer.history().get(record).headers().lastHeader(name).value(), UTF_8);
  }

  private static RuleSet rules() {
    Service covet =
        new Service(
            "covet",
            Optional.of(new Workload("deployment", "covet", "app")),
            List.of(),
            List.of(),
            List.of(),
            Limits.DEFAULT,
            Duration.ofMinutes(10));
    return new RuleSet(
        List.of(new Environment("production", "prod-cluster", "covet", Optional.empty())),
        List.of(),
        List.of(covet));
  }
}
