package dev.belay.notify;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A mail server, on the loopback interface, as RFC 5321 has it as far as a sender sees. */
final class FakeSmtp implements AutoCloseable {
  /** A mail as it came: who got it, and what it says, with its headers. */
  record Mail(List<String> to, String text, boolean secret, boolean loggedIn) {}

  private final ServerSocket server;
  private final Optional<SSLContext> tls;
  private final List<Mail> mails = new ArrayList<>();
  private final List<String> said = new ArrayList<>();
  private final Deque<String> refusals = new ArrayDeque<>();

  /**
   * Starts.
   *
   * @param tls with which it offers STARTTLS and, once that is done, to log in
   */
  FakeSmtp(Optional<SSLContext> tls) {
    this.tls = tls;
    try {
      server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new IllegalStateException("no fake mail server", e);
    }
    Thread.ofVirtual().name("fake-smtp").start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  synchronized List<Mail> mails() {
    return List.copyOf(mails);
  }

  /** Every line that a client said outside of mails. */
  synchronized List<String> said() {
    return List.copyOf(said);
  }

  /** Answers the next mail's data so. */
  synchronized void refuse(String answer) {
    refusals.add(answer);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().name("fake-smtp-talk").start(() -> talk(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void talk(Socket plain) {
    try (plain) {
      Socket socket = plain;
      BufferedReader in = reader(socket);
      say(socket, "220 fake ESMTP");
      List<String> to = new ArrayList<>();
      boolean secret = false;
      boolean loggedIn = false;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        synchronized (this) {
          said.add(line);
        }
        String verb = line.toUpperCase(Locale.ROOT);
        if (verb.startsWith("EHLO")) {
          say(socket, "250-fake");
          if (tls.isPresent()) {
            say(socket, secret ? "250-AUTH PLAIN" : "250-STARTTLS");
          }
          say(socket, "250 8BITMIME");
        } else if (verb.equals("STARTTLS") && tls.isPresent()) {
          say(socket, "220 go ahead");
          SSLSocket upgraded =
              (SSLSocket)
                  tls.get()
                      .getSocketFactory()
                      .createSocket(socket, "127.0.0.1", socket.getPort(), true);
          upgraded.setUseClientMode(false);
          upgraded.startHandshake();
          socket = upgraded;
          in = reader(socket);
          secret = true;
        } else if (verb.startsWith("AUTH PLAIN")) {
          loggedIn = true;
          say(socket, "235 welcome");
        } else if (verb.startsWith("RCPT TO:")) {
          to.add(line.substring("RCPT TO:".length()));
          say(socket, "250 ok");
        } else if (verb.equals("DATA")) {
          say(socket, "354 go on");
          data(socket, in, to, secret, loggedIn);
          to.clear();
        } else if (verb.equals("QUIT")) {
          say(socket, "221 bye");
          return;
        } else {
          say(socket, "250 ok");
        }
      }
    } catch (IOException e) {
      // The client has gone, as one may.
    }
  }

  private void data(
      Socket socket, BufferedReader in, List<String> to, boolean secret, boolean loggedIn)
      throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line = in.readLine(); !line.equals("."); line = in.readLine()) {
      text.append(line.startsWith("..") ? line.substring(1) : line).append('\n');
    }
    String answer;
    synchronized (this) {
      answer = Optional.ofNullable(refusals.poll()).orElse("250 taken");
      if (answer.startsWith("250")) {
        mails.add(new Mail(List.copyOf(to), text.toString(), secret, loggedIn));
      }
    }
    say(socket, answer);
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  private static void say(Socket socket, String line) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new IllegalStateException("the fake mail server does not close", e);
    }
  }
}
