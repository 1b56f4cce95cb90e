package dev.belay.intake.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.belay.core.rule.Probe;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetServer;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A name server that hangs says nothing of the services that it names. */
class ProberNamesTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final int FOR_LONG = 600;

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  void aNameThatIsNotResolvedInTimeSaysNothing() {
    try (NameServer names = NameServer.mute()) {
      Result result = ask(names, "http://covet.test:80/", SHORT);
      assertEquals(new Result.Unknown("its name does not resolve in time"), result);
    }
  }

  @Test
  void whoHasANameAndDoesNotAnswerIsUnwell() {
    assertUnwellOnceItsNameIsKnown("http://covet.test:" + server(_ -> {}).actualPort() + "/");
  }

  @Test
  void whoHasANameAndGreetsNobodyIsUnwell() {
    NetServer silent = vertx.createNetServer().connectHandler(_ -> {});
    int port = silent.listen(0, "127.0.0.1").await().actualPort();
    assertUnwellOnceItsNameIsKnown("https://covet.test:" + port + "/");
  }

  @Test
  void addressesNeedNoNameServer() {
    int port = server(_ -> {}).actualPort();
    try (NameServer names = NameServer.mute()) {
      assertUnwell(ask(names, "http://127.0.0.1:" + port + "/", SHORT));
      assertUnwell(ask(names, "http://localhost:" + port + "/", SHORT));
      assertEquals(0, names.asked());
    }
  }

  /** Its whole time is the service's, as is what it took. */
  @Test
  void howLongTheNameTakesIsNotTheServicesTime() {
    HttpServer server =
        server(request -> vertx.setTimer(1500, _ -> request.response().end("well, slowly")));
    try (NameServer names = NameServer.answering(Duration.ofMillis(1500), FOR_LONG)) {
      String url = "http://covet.test:" + server.actualPort() + "/";
      assertInstanceOf(Result.Well.class, ask(names, url, Duration.ofMillis(2500)));
    }
  }

  @Test
  void aNameIsAskedForOnceAndNotAgainWhileTheConnectionIsKept() {
    List<String> hosts = new CopyOnWriteArrayList<>();
    AtomicInteger connections = new AtomicInteger();
    HttpServer server =
        server(
            request -> {
              hosts.add(String.valueOf(request.getHeader("Host")));
              request.response().end();
            },
            connections);
    try (NameServer names = NameServer.answering(Duration.ZERO, 0)) {
      Vertx asking = names.asking();
      try {
        Prober prober = prober(asking);
        String url = "http://covet.test:" + server.actualPort() + "/";
        int asked = 0;
        for (int i = 0; i < 10; i++) {
          assertInstanceOf(Result.Well.class, ask(asking, prober, url, LONG));
          asked = asked == 0 ? names.asked() : asked;
        }
        String host = "covet.test:" + server.actualPort();
        assertEquals(Collections.nCopies(10, host), hosts);
        assertEquals(1, connections.get());
        assertEquals(asked, names.asked());
      } finally {
        asking.close().await();
      }
    }
  }

  private void assertUnwellOnceItsNameIsKnown(String url) {
    int well = server(request -> request.response().end()).actualPort();
    try (NameServer names = NameServer.answering(Duration.ZERO, FOR_LONG)) {
      Vertx asking = names.asking();
      try {
        Prober prober = prober(asking);
        assertInstanceOf(
            Result.Well.class, ask(asking, prober, "http://covet.test:" + well + "/", LONG));
        assertUnwell(ask(asking, prober, url, SHORT));
      } finally {
        asking.close().await();
      }
    }
  }

  private static void assertUnwell(Result result) {
    assertEquals(new Result.Unwell("it does not answer in time"), result);
  }

  private static Result ask(NameServer names, String url, Duration timeout) {
    Vertx asking = names.asking();
    try {
      return ask(asking, prober(asking), url, timeout);
    } finally {
      asking.close().await();
    }
  }

  private static Prober prober(Vertx asking) {
    return new Prober(asking, asking.createHttpClient());
  }

  private static Result ask(Vertx asking, Prober prober, String url, Duration timeout) {
    Probe probe =
        new Probe(url, Duration.ofSeconds(30), timeout, Duration.ofMinutes(3), Optional.empty());
    return Future.<Result>future(
            answer ->
                asking.runOnContext(
                    _ -> prober.ask(Prober.request(probe), probe).onComplete(answer)))
        .await();
  }

  private HttpServer server(Consumer<HttpServerRequest> answer) {
    return server(answer, new AtomicInteger());
  }

  private HttpServer server(Consumer<HttpServerRequest> answer, AtomicInteger connections) {
    return vertx
        .createHttpServer()
        .connectionHandler(_ -> connections.incrementAndGet())
        .requestHandler(answer::accept)
        .listen(0, "127.0.0.1")
        .await();
  }
}
