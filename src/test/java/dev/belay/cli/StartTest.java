package dev.belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people read when a command cannot start: a sentence and a remedy, never a stack trace. */
class StartTest {
  @TempDir Path folder = Path.of("");

  private final StringWriter err = new StringWriter();

  private int belay(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(new StringWriter()))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private void assertSaysThatThePortIsTaken(int port) {
    String said = err.toString();
    assertTrue(
        said.contains("belay: cannot listen on 127.0.0.1:" + port + ": Address already in use;"),
        said);
    assertTrue(said.contains("another port"), said);
    assertFalse(said.contains("Exception"), said);
  }

  @Test
  void theSandboxSaysThatItsPortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertEquals(1, belay("sandbox", "--exit", "--port", "" + taken.getLocalPort()));
      assertSaysThatThePortIsTaken(taken.getLocalPort());
    }
  }

  @Test
  void theDaemonSaysThatItsPortIsTaken() throws IOException {
    Files.createDirectories(folder.resolve("rules"));
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path config =
          Files.writeString(
              folder.resolve("belay.yml"),
              "listen: 127.0.0.1:" + taken.getLocalPort() + "\ncluster: { enabled: false }\n");
      assertEquals(1, belay("run", "--config", config.toString()));
      assertSaysThatThePortIsTaken(taken.getLocalPort());
    }
  }
}
