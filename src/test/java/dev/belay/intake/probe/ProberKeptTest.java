package dev.belay.intake.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.belay.core.rule.Probe;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

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

  /** Each of them had been an error's line in the log. */
  @Test
  void aConnectionThatComesTooLateIsLetGoWithoutAWord() {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(log);
    try {
      Probe patient = served((socket, _, _) -> vertx.setTimer(600, _ -> socket.write(WELL)));
      Probe hasty =
          new Probe(
              patient.url(),
              patient.every(),
              Duration.ofMillis(100),
              patient.window(),
              Optional.empty());
      Prober one =
          new Prober(
              vertx,
              vertx.createHttpClient(
                  new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(1)));
      Promise<Result> first = Promise.promise();
      Promise<Result> second = Promise.promise();
      vertx.runOnContext(
          _ -> {
            one.ask(Prober.request(patient), patient).onComplete(first);
            one.ask(Prober.request(hasty), hasty).onComplete(second);
          });
      assertInstanceOf(Result.Unwell.class, second.future().await());
      assertInstanceOf(Result.Well.class, first.future().await());
      // The one connection is free only once the late one was let go.
      Promise<Result> third = Promise.promise();
      vertx.runOnContext(_ -> one.ask(Prober.request(patient), patient).onComplete(third));
      assertInstanceOf(Result.Well.class, third.future().await());
      assertEquals(
          List.of(), log.list.stream().filter(line -> line.getLevel() == Level.ERROR).toList());
    } finally {
      root.detachAppender(log);
    }
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

  /**
   * One that answers well.
   *
   * @param well at which connection's which question
   * @param otherwise what it does at all others
   */
  private Probe served(BiPredicate<Integer, Integer> well, Consumer<NetSocket> otherwise) {
    return served(
        (socket, connection, question) -> {
          if (well.test(connection, question)) {
            socket.write(WELL);
          } else {
            otherwise.accept(socket);
          }
        });
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
    Probe probe = served((_, question) -> question == 1, NetSocket::close);
    for (int round = 1; round <= 5; round++) {
      assertInstanceOf(Result.Well.class, ask(probe), "round " + round);
      assertEquals(round, connections.get());
    }
  }

  @Test
  void whoEndsANewConnectionUnansweredIsUnwell() {
    Probe probe =
        served((connection, question) -> connection == 1 && question == 1, NetSocket::close);
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
            (_, question) -> question == 1,
            socket -> {
              socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal");
              socket.close();
            });
    assertInstanceOf(Result.Well.class, ask(probe));
    assertInstanceOf(Result.Unwell.class, ask(probe));
    assertEquals(1, connections.get());
  }
}
