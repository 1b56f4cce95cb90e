package dev.belay.intake.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Event;
import dev.belay.core.engine.Event.ReleaseReceived;
import dev.belay.core.release.Release;
import dev.belay.core.release.Release.Change;
import dev.belay.intake.Bodies;
import dev.belay.intake.CdEventExample;
import dev.belay.intake.IntakeLimits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

/**
 * The CDEvents specification's own examples, of every version, as a pipeline posts them: bare, in a
 * structured CloudEvent and in a binary one. What is a release arrives as that release; all else is
 * taken and ignored.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CdEventsConformanceTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String DIGEST = CdEventExample.DIGEST;

  private final RecordingInbox inbox = new RecordingInbox();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Vertx vertx = Vertx.vertx();
  private int port;

  @BeforeAll
  void listen() throws Exception {
    Router router = Router.router(vertx);
    new IntakeRoutes(
            inbox,
            _ -> java.util.Optional.empty(),
            () -> Bodies.NOW,
            () -> Bodies.NOW,
            IntakeLimits.standard(),
            Authentication.none(),
            new SimpleMeterRegistry())
        .mount(router);
    port =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS)
            .actualPort();
  }

  @AfterAll
  void close() throws Exception {
    client.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Test
  void everyVersionIsThereWithEveryEventOfAService() throws IOException {
    List<String> names = CdEventExample.all().stream().map(CdEventExample::name).toList();
    for (String version : List.of("0.1.2", "0.2.0", "0.3.0", "0.4.1", "0.5.1")) {
      for (String event : List.of("deployed", "upgraded", "rolledback", "removed", "published")) {
        String name = version + "/service_" + event + ".json";
        assertTrue(names.contains(name), name);
      }
    }
    assertTrue(names.size() >= 200, names.size() + " examples");
  }

  @Test
  void everyExampleIsTakenBare() throws Exception {
    for (CdEventExample example : CdEventExample.all()) {
      expect(example, post(example.body().toString(), "Content-Type", "application/json"));
    }
  }

  @Test
  void everyExampleIsTakenInAStructuredCloudEvent() throws Exception {
    for (CdEventExample example : CdEventExample.all()) {
      String event =
          JSON.createObjectNode()
              .put("specversion", "1.0")
              .put("id", text(example, "/context/id"))
              .put("source", text(example, "/context/source"))
              .put("type", example.type())
              .put("subject", text(example, "/subject/id"))
              .put("time", text(example, "/context/timestamp"))
              .put("datacontenttype", "application/json")
              .set("data", example.body())
              .toString();
      expect(example, post(event, "Content-Type", "application/cloudevents+json"));
    }
  }

  @Test
  void everyExampleIsTakenInABinaryCloudEvent() throws Exception {
    for (CdEventExample example : CdEventExample.all()) {
      expect(
          example,
          post(
              example.body().toString(),
              "Content-Type",
              "application/json",
              "ce-specversion",
              "1.0",
              "ce-id",
              text(example, "/context/id"),
              "ce-source",
              text(example, "/context/source"),
              "ce-type",
              example.type(),
              "ce-subject",
              text(example, "/subject/id"),
              "ce-time",
              text(example, "/context/timestamp")));
    }
  }

  private void expect(CdEventExample example, HttpResponse<String> response) {
    List<Event> events = new ArrayList<>();
    inbox.arrivals.drainTo(events);
    String answered = example.name() + ": " + response.statusCode() + " " + response.body();
    assertEquals(200, response.statusCode(), answered);
    Optional<Change> change = example.change();
    if (change.isEmpty()) {
      assertEquals("{\"status\":\"ignored\"}", response.body(), answered);
      assertEquals(List.of(), events, answered);
    } else {
      assertEquals("{\"status\":\"accepted\"}", response.body(), answered);
      assertEquals(List.of(new ReleaseReceived(release(change.get()))), events, answered);
    }
  }

  /** All the examples say the same of a service. */
  private static Release release(Change change) {
    boolean artifact = change != Change.REMOVED;
    return new Release(
        "271069a8-fc18-44f1-b38f-9d70a1695819",
        "/event/source/123",
        "mySubject123",
        "test123",
        change,
        artifact ? Optional.of(DIGEST) : Optional.empty(),
        artifact ? Optional.of("myapp@" + DIGEST) : Optional.empty(),
        Instant.parse("2023-03-20T14:27:05.315384Z"),
        Optional.of(Instant.parse("2023-03-20T14:27:05.315384Z")),
        Optional.empty());
  }

  private static String text(CdEventExample example, String pointer) {
    return example.body().at(pointer).stringValue("");
  }

  private HttpResponse<String> post(String body, String... headers) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/events"))
            .timeout(Duration.ofSeconds(30))
            .headers(headers)
            .POST(BodyPublishers.ofString(body))
            .build();
    return client.send(request, BodyHandlers.ofString());
  }
}
