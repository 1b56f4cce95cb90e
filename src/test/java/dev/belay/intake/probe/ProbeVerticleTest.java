package dev.belay.intake.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Event;
import dev.belay.core.engine.Reading;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.Measuring;
import dev.belay.core.rule.Probe;
import dev.belay.core.rule.Service;
import dev.belay.core.rule.Signal;
import dev.belay.core.rule.Trigger;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Probes a real HTTP server. */
class ProbeVerticleTest {
  private static final Trigger FAILURES =
      new Trigger(
          Signal.HEALTH_CHECK_FAILURES,
          Optional.empty(),
          true,
          0.5,
          Duration.ofSeconds(30),
          "> 50% for 30 seconds");

  private static final int HANGING = 20;

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final BlockingQueue<Event.SignalsRead> events = new LinkedBlockingQueue<>();

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  void aServiceThatAnswersIsWell() throws Exception {
    probe(server(request -> request.response().end("{\"status\":\"ok\"}")), Optional.empty());
    assertReads(0);
  }

  @Test
  void aServiceThatAnswersWithAnErrorIsNot() throws Exception {
    probe(server(request -> request.response().setStatusCode(503).end()), Optional.empty());
    assertReads(1);
  }

  @Test
  void aServiceThatDoesNotAnswerInTimeIsNot() throws Exception {
    probe(server(_ -> {}), Optional.empty());
    assertReads(1);
  }

  @Test
  void anAnswerThatNeverEndsIsNotWaitedFor() throws Exception {
    probe(
        server(request -> request.response().setChunked(true).write("and then")), Optional.empty());
    assertReads(1);
  }

  @Test
  void aPortThatNobodyListensOnIsNot() throws Exception {
    HttpServer server = listening(_ -> {});
    int port = server.actualPort();
    server.close().await();
    probe(port, Optional.empty());
    assertReads(1);
  }

  @Test
  void aRedirectIsNoAnswerUnlessItIsExpected() throws Exception {
    int port =
        server(
            request -> request.response().setStatusCode(302).putHeader("Location", "/other").end());
    probe(port, Optional.empty());
    assertReads(1);
    probe(port, Optional.of(302));
    assertReads(0);
  }

  @Test
  void aNameThatDoesNotResolveSaysNothing() throws Exception {
    begin(
        new Probe(
            "http://nowhere.invalid/health",
            Duration.ofMillis(100),
            Duration.ofMillis(100),
            Duration.ofSeconds(10),
            Optional.empty()));
    Event.SignalsRead event = events.poll(20, TimeUnit.SECONDS);
    assertNotNull(event);
    assertTrue(event.readings().getFirst().value().isEmpty(), event::toString);
  }

  @Test
  void servicesThatComeAreProbedAndThoseThatGoAreNot() throws InterruptedException {
    int port = server(request -> request.response().end());
    ProbeVerticle probes = probing(List.of());
    probes.follow(List.of(service("first", port)));
    awaitOf("first");
    probes.follow(List.of(service("second", port)));
    awaitOf("second");
    events.clear();
    awaitOf("second");
    assertTrue(events.stream().noneMatch(event -> event.service().equals("first")));
  }

  @Test
  void servicesThatHangKeepNoNeighbourAtTheirAddressWaiting() throws InterruptedException {
    Semaphore hanging = new Semaphore(0);
    int port =
        server(
            request -> {
              if ("/well".equals(request.path())) {
                request.response().end();
              } else {
                hanging.release();
              }
            });
    List<Service> services = new ArrayList<>();
    for (int i = 0; i < HANGING; i++) {
      services.add(service("hanging-" + i, at(port, "/hangs", Duration.ofMinutes(1))));
    }
    ProbeVerticle probes = probing(services);
    assertTrue(hanging.tryAcquire(HANGING, 20, TimeUnit.SECONDS), "all of them hang");
    services.add(service("well", at(port, "/well", Duration.ofSeconds(20))));
    probes.follow(services);
    assertReads(0);
  }

  private ProbeVerticle probing(List<Service> services) {
    ProbeVerticle probes =
        new ProbeVerticle(
            List.copyOf(services),
            false,
            Set.of(),
            ProbeVerticle.SIGNS,
            event -> {
              events.add((Event.SignalsRead) event);
              return done();
            },
            InstantSource.system(),
            registry);
    vertx.deployVerticle(probes).await();
    return probes;
  }

  private static Probe at(int port, String path, Duration timeout) {
    return new Probe(
        "http://127.0.0.1:" + port + path,
        Duration.ofMillis(100),
        timeout,
        Duration.ofSeconds(10),
        Optional.empty());
  }

  private void awaitOf(String service) throws InterruptedException {
    Event.SignalsRead event = events.poll(20, TimeUnit.SECONDS);
    while (event != null && !event.service().equals(service)) {
      event = events.poll(20, TimeUnit.SECONDS);
    }
    assertNotNull(event, () -> "nothing of " + service);
  }

  private static Service service(String name, int port) {
    return service(name, at(port, "/health", Duration.ofMillis(100)));
  }

  static Service service(String name, Probe probe) {
    return new Service(
        name,
        Optional.empty(),
        List.of(),
        List.of(FAILURES),
        List.of(),
        Limits.DEFAULT,
        Duration.ofMinutes(10),
        new Measuring(Optional.empty(), Map.of(), Optional.of(probe)));
  }

  @Test
  void everySeriesIsThereFromTheStart() {
    new ProbeVerticle(
        List.of(),
        false,
        Set.of(),
        ProbeVerticle.SIGNS,
        _ -> done(),
        InstantSource.system(),
        registry);
    assertEquals(3, registry.find("belay.probe.results").counters().size());
  }

  private int server(Consumer<HttpServerRequest> answer) {
    return listening(answer).actualPort();
  }

  private HttpServer listening(Consumer<HttpServerRequest> answer) {
    return vertx.createHttpServer().requestHandler(answer::accept).listen(0, "127.0.0.1").await();
  }

  private void probe(int port, Optional<Integer> expect) {
    begin(
        new Probe(
            "http://127.0.0.1:" + port + "/health",
            Duration.ofMillis(100),
            Duration.ofMillis(100),
            Duration.ofSeconds(10),
            expect));
  }

  private void begin(Probe probe) {
    vertx.deploymentIDs().forEach(id -> vertx.undeploy(id).await());
    events.clear();
    var _ = probing(List.of(service("covet", probe)));
  }

  private static CompletableFuture<@Nullable Void> done() {
    return CompletableFuture.completedFuture(null);
  }

  /** Waits for a reading that is known. */
  private void assertReads(double value) throws InterruptedException {
    Predicate<Event.SignalsRead> known = event -> event.readings().getFirst().value().isPresent();
    List<Reading> seen = new ArrayList<>();
    Event.SignalsRead event = null;
    while (event == null || !known.test(event)) {
      event = events.poll(20, TimeUnit.SECONDS);
      assertNotNull(event, () -> "no reading with a value after " + seen);
      seen.addAll(event.readings());
    }
    assertEquals(Optional.of(value), event.readings().getFirst().value());
  }
}
