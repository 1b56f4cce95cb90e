package dev.belay.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What {@code ./belay} said to somebody who called one of its commands.
 *
 * @param status with which it ended
 * @param out what it printed
 * @param err what it complained of
 */
record Said(int status, String out, String err) {
  private static final long PATIENCE_SECONDS = 60;

  /** Calls a command that speaks to the daemon at the port. */
  static Said by(int port, String... words) {
    ProcessBuilder command = new ProcessBuilder(line(words));
    command.environment().put("BELAY_URL", "http://127.0.0.1:" + port);
    command.environment().remove("BELAY_TOKEN");
    try {
      Path out = Files.createTempFile("belay", ".out");
      Path err = Files.createTempFile("belay", ".err");
      try {
        return ended(command.redirectOutput(out.toFile()).redirectError(err.toFile()), out, err);
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> line(String... words) {
    return Stream.concat(Stream.of("./belay"), Stream.of(words)).toList();
  }

  private static Said ended(ProcessBuilder command, Path out, Path err) throws IOException {
    Process process = command.start();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError(command.command() + " does not end");
      }
      return new Said(process.exitValue(), Files.readString(out), Files.readString(err));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      process.destroyForcibly();
    }
  }

  /** What it printed; fails where it did not end well. */
  String well() {
    if (status != 0) {
      throw new AssertionError("status " + status + ": " + out + err);
    }
    return out;
  }
}
