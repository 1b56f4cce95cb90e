package dev.belay.intake.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.belay.core.rule.Probe;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A connection that is kept may be ended by the service at the moment that it is used again: that
 * is no sign that it is unwell. It had been, for a service whose idle time is about the interval.
 */
class ProberKeptTest {
  private static final String WELL = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger connections = new AtomicInteger();
  private final Prober prober = new Prober(vertx, vertx.createHttpClient());

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  /** How a connection goes on once it was asked so often. */
  private interface Manners {
    void asked(NetSocket socket, int connection, int question);
  }

  private Probe served(Manners manners) {
    int port =
        vertx
            .createNetServer()
            .connectHandler(
                socket -> {
                  int connection = connections.incrementAndGet();
                  AtomicInteger questions = new AtomicInteger();
                  socket.handler(
                      _ -> manners.asked(socket, connection, questions.incrementAndGet()));
                })
            .listen(0, "127.0.0.1")
            .await()
            .actualPort();
    return new Probe(
        "http://127.0.0.1:" + port + "/health",
        Duration.ofSeconds(1),
        Duration.ofSeconds(20),
        Duration.ofMinutes(1),
        Optional.empty());
  }

  private Result ask(Probe probe) {
    return Future.<Result>future(
            answer ->
                vertx.runOnContext(
                    _ -> prober.ask(Prober.request(probe), probe).onComplete(answer)))
        .await();
  }

  @Test
  void aKeptConnectionThatEndsUnansweredHasANewOneAsked() {
    Probe probe =
        served(
            (socket, _, question) -> {
              if (question == 1) {
                socket.write(WELL);
              } else {
                socket.close();
              }
            });
    for (int round = 1; round <= 5; round++) {
      assertInstanceOf(Result.Well.class, ask(probe), "round " + round);
      assertEquals(round, connections.get());
    }
  }

  @Test
  void whoEndsANewConnectionUnansweredIsUnwell() {
    Probe probe =
        served(
            (socket, connection, question) -> {
              if (connection == 1 && question == 1) {
                socket.write(WELL);
              } else {
                socket.close();
              }
            });
    assertInstanceOf(Result.Well.class, ask(probe));
    assertEquals(new Result.Unwell("the connection fails"), ask(probe));
    assertEquals(2, connections.get(), "a new one was asked, once");
    assertEquals(new Result.Unwell("the connection fails"), ask(probe));
    assertEquals(3, connections.get());
  }

  @Test
  void whoBeginsAnAnswerOnAKeptConnectionAndDoesNotEndItIsUnwell() {
    Probe probe =
        served(
            (socket, _, question) -> {
              if (question == 1) {
                socket.write(WELL);
              } else {
                socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal");
                socket.close();
              }
            });
    assertInstanceOf(Result.Well.class, ask(probe));
    assertInstanceOf(Result.Unwell.class, ask(probe));
    assertEquals(1, connections.get());
  }
}
