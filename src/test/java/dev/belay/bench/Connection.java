package dev.belay.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One kept-alive HTTP/1.1 connection that does as little as possible itself: the measured side
 * should be the server.
 */
final class Connection implements AutoCloseable {
  private static final int HEAD_BYTES = 8_192;

  private final Socket socket = new Socket();
  private final InputStream in;
  private final OutputStream out;
  private final byte[] head = new byte[HEAD_BYTES];

  Connection(int port) throws IOException {
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    in = new BufferedInputStream(socket.getInputStream(), HEAD_BYTES);
    out = socket.getOutputStream();
  }

  /** Posts JSON and returns the status. */
  int post(String path, byte[] body) throws IOException {
    String start =
        "POST "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    byte[] request = new byte[start.length() + body.length];
    System.arraycopy(start.getBytes(StandardCharsets.ISO_8859_1), 0, request, 0, start.length());
    System.arraycopy(body, 0, request, start.length(), body.length);
    out.write(request);
    return answer();
  }

  /** Gets, and returns the status. */
  int get(String path) throws IOException {
    out.write(
        ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1));
    return answer();
  }

  private int answer() throws IOException {
    int used = 0;
    while (used < 4 || !endsHead(used)) {
      int next = in.read();
      if (next < 0 || used == HEAD_BYTES) {
        throw new IOException("the server hung up");
      }
      head[used++] = (byte) next;
    }
    String text = new String(head, 0, used, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    int at = text.indexOf("content-length: ");
    int length =
        at < 0 ? 0 : Integer.parseInt(text.substring(at + 16, text.indexOf('\r', at)).trim());
    in.skipNBytes(length);
    return Integer.parseInt(text.substring(9, 12));
  }

  private boolean endsHead(int used) {
    return head[used - 1] == '\n' && head[used - 2] == '\r' && head[used - 3] == '\n';
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
