package dev.belay.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.controlplane.Eventually;
import dev.belay.core.engine.Fact;
import dev.belay.port.Journal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class NewsStreamTest {
  private static final Instant AT = Instant.parse("2026-11-24T10:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final NewsStream stream = new NewsStream();
  private final Caller caller = new Caller(stream::mount);
  private final List<Socket> sockets = new ArrayList<>();
  private long last;

  @AfterEach
  void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    stream.close();
    caller.close();
  }

  /** A browser's page; what it reads comes line by line. */
  private BufferedReader open(String headers) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), caller.port());
    socket.setSoTimeout((int) PATIENCE.toMillis());
    sockets.add(socket);
    socket
        .getOutputStream()
        .write(
            ("GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  private static String next(BufferedReader page, String begin) throws IOException {
    String line = page.readLine();
    while (line != null && !line.startsWith(begin)) {
      line = page.readLine();
    }
    return String.valueOf(line);
  }

  /** A hold for the given reason, at the next position. */
  private void happens(String why) {
    stream.accept(++last, List.of(new Journal.Entry(AT, List.of(new Fact.Held("ada", why, AT)))));
  }

  private BufferedReader reading() throws IOException {
    BufferedReader page = open("");
    assertEquals("event: hello", next(page, "event:"));
    assertEquals("data: {}", next(page, "data:"));
    return page;
  }

  @Test
  void tellsWhatHappensWithItsPosition() throws IOException {
    BufferedReader page = reading();
    happens("a move");
    assertEquals("event: news", next(page, "event:"));
    assertEquals("id: 1", next(page, "id:"));
    String json = next(page, "data:");
    assertTrue(json.contains("\"kind\":\"held\""), json);
    assertTrue(json.contains("ada put everything on hold: a move."), json);
  }

  @Test
  void isSilentOfWhatIsNoNews() throws IOException {
    BufferedReader page = reading();
    stream.accept(
        ++last,
        List.of(
            new Journal.Entry(
                AT, List.of(new Fact.ChannelsNamed(List.of(), AT, Optional.empty())))));
    happens("a move");
    assertEquals("id: 2", next(page, "id:"));
  }

  @Test
  void goesOnWhereAReaderWasInterrupted() throws IOException {
    BufferedReader page = reading();
    happens("one");
    happens("two");
    happens("three");
    assertEquals("id: 1", next(page, "id:"));
    sockets.getFirst().close();
    BufferedReader again = open("Last-Event-ID: 1\r\n");
    assertEquals("id: 2", next(again, "id:"));
    assertEquals("id: 3", next(again, "id:"));
    assertEquals("event: hello", next(again, "event:"));
  }

  @Test
  void asksToBeginAnewWhoWasAwayForTooLong() throws IOException {
    BufferedReader page = reading();
    String long300 = "w".repeat(300);
    int enough = NewsStream.KEPT_AT_MOST / 300 + 1;
    for (int i = 0; i < enough; i++) {
      happens(long300);
      // Rounds come one at a time, as the engine's do.
      assertEquals("id: " + last, next(page, "id:"));
    }
    assertEquals("event: reset", next(open("Last-Event-ID: 1\r\n"), "event:"));
    assertEquals("event: reset", next(open("Last-Event-ID: 999999\r\n"), "event:"), "another one");
    assertEquals("event: reset", next(open("Last-Event-ID: x\r\n"), "event:"));
  }

  @Test
  void letsASlowReaderGoAndServesTheOthers() throws IOException {
    Socket slow = new Socket();
    slow.setReceiveBufferSize(4 * 1024);
    slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), caller.port()));
    sockets.add(slow);
    slow.getOutputStream()
        .write(
            "GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
    BufferedReader quick = reading();
    Eventually.holds("both read", PATIENCE, () -> stream.readers() == 2);
    String text = "w".repeat(300);
    while (stream.readers() == 2) {
      happens(text);
      assertEquals("id: " + last, next(quick, "id:"));
      assertTrue(last < 100_000, "nobody is let go");
    }
    happens("still here");
    assertEquals("id: " + last, next(quick, "id:"));
    assertEquals(1, stream.readers());
  }

  @Test
  void countsItsReadersAndTakesNoMoreThanItCanServe() throws IOException {
    for (int i = 0; i < NewsStream.READERS_AT_MOST; i++) {
      reading();
    }
    String answer = open("").readLine();
    assertTrue(answer.contains("503"), answer);
    sockets.getFirst().close();
    Eventually.holds("one has left", PATIENCE, () -> stream.readers() < NewsStream.READERS_AT_MOST);
    reading();
  }

  @Test
  void letsEveryReaderGoWhenItStops() throws IOException {
    BufferedReader page = reading();
    stream.close();
    try {
      assertEquals("null", next(page, "never"));
    } catch (IOException gone) {
      // As good as an end.
      assertFalse(gone.toString().isEmpty());
    }
    assertTrue(open("").readLine().contains("503"));
  }

  @Test
  void takesNoOtherMethod() {
    assertEquals(405, caller.post("/api/v1/stream", "{}").statusCode());
    assertEquals(200, caller.call("HEAD", "/api/v1/stream", "").statusCode());
  }
}
