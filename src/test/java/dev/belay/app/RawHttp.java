package dev.belay.app;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** HTTP as bytes, for requests that a client of the usual kind would not send. */
final class RawHttp {
  private RawHttp() {}

  /**
   * Sends a request to a port of this machine; its answer is yet to be read.
   *
   * @param patienceMillis how long reading waits for each byte
   */
  static Socket send(int port, String request, int patienceMillis) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(patienceMillis);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** The status with which the answer begins. */
  static int status(Socket socket) throws IOException {
    byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
    assertNotEquals(0, start.length, "there is no answer");
    String line = new String(start, StandardCharsets.US_ASCII);
    return Integer.parseInt(line.substring("HTTP/1.1 ".length()));
  }
}
