package dev.belay.kube;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A TCP line to an API server that can be cut: what is open ends, and nothing new gets through. */
final class BrittleLine implements AutoCloseable {
  private static final Pattern SERVER = Pattern.compile("https://127\\.0\\.0\\.1:\\d+");

  private final ServerSocket listener;
  private final Path kubeconfig;
  private final int to;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;

  private BrittleLine(ServerSocket listener, int to, Path kubeconfig) {
    this.listener = listener;
    this.to = to;
    this.kubeconfig = kubeconfig;
  }

  /** A line to the server that the kubeconfig names. */
  static BrittleLine to(Path kubeconfig) {
    try {
      String text = Files.readString(kubeconfig);
      Matcher server = SERVER.matcher(text);
      if (!server.find()) {
        throw new AssertionError("no server of this machine in " + kubeconfig);
      }
      ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Path copy = Files.createTempFile("kubeconfig", "");
      Files.writeString(copy, server.replaceAll("https://127.0.0.1:" + listener.getLocalPort()));
      BrittleLine line =
          new BrittleLine(
              listener,
              URI.create(server.reset().results().findFirst().orElseThrow().group()).getPort(),
              copy);
      Thread.ofVirtual().start(line::accept);
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A kubeconfig that goes by this line. */
  Path kubeconfig() {
    return kubeconfig;
  }

  void cut() {
    cut = true;
    open.forEach(BrittleLine::end);
  }

  void mend() {
    cut = false;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket near = listener.accept();
        if (cut) {
          end(near);
        } else {
          Socket far = new Socket(InetAddress.getLoopbackAddress(), to);
          open.add(near);
          open.add(far);
          Thread.ofVirtual().start(() -> pump(near, far));
          Thread.ofVirtual().start(() -> pump(far, near));
        }
      } catch (IOException e) {
        // The listener is closed, or one connection failed: the loop's condition tells.
      }
    }
  }

  private void pump(Socket from, Socket into) {
    try {
      from.getInputStream().transferTo(into.getOutputStream());
    } catch (IOException e) {
      // Cut, or closed by either side.
    } finally {
      end(from);
      end(into);
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      cut();
      Files.deleteIfExists(kubeconfig);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
