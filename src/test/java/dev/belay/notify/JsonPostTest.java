package dev.belay.notify;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.port.NotifierFailed;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A receiver that begins an answer and never ends it holds nobody up. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class JsonPostTest {
  @Test
  void whoeverSaysTheBeginningOfAnAnswerAndNoMoreHasNotAnswered() throws IOException {
    try (ServerSocket receiver = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        JsonPost post = new JsonPost("it", "check it", Duration.ofMillis(300))) {
      Thread.ofVirtual().start(() -> begin(receiver));
      URI to = URI.create("http://127.0.0.1:" + receiver.getLocalPort() + "/");
      NotifierFailed failed =
          assertThrows(NotifierFailed.class, () -> post.send(to, Map.of(), "{}"));
      assertTrue(String.valueOf(failed.getMessage()).contains("it does not answer"));
    }
  }

  private static void begin(ServerSocket receiver) {
    try (Socket caller = receiver.accept()) {
      OutputStream out = caller.getOutputStream();
      out.write(
          "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
      // Until the caller hangs up.
      caller.getInputStream().readAllBytes();
    } catch (IOException e) {
      // The test is over.
    }
  }
}
