package dev.belay.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A running program. It ends with {@link #close} or with this JVM, however that ends. */
public final class Component implements AutoCloseable {
  private static final int LOG_TAIL = 3_000;

  /**
   * Kills the component when standard input ends, which it does even where the JVM was killed: no
   * shutdown hook runs then.
   */
  private static final String TIED_TO_STDIN =
      "exec 3<&0; \"$@\" 3<&- & pid=$!;"
          + " { cat <&3 >/dev/null; kill -KILL $pid 2>/dev/null; } &"
          + " exec 3<&-; wait $pid";

  private final String name;
  private final Path log;
  private final Process process;

  private Component(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  static Component start(Binaries binaries, Path folder, String name, List<String> arguments) {
    return start(folder, name, binaries.command(name, arguments));
  }

  /** Starts a command in a folder, where its log is kept too. */
  public static Component start(Path folder, String name, List<String> program) {
    Path log = folder.resolve(name + ".log");
    List<String> command = new ArrayList<>(List.of("sh", "-c", TIED_TO_STDIN, name));
    command.addAll(program);
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new Component(name, log, process);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " does not start", e);
    }
  }

  /** Fails with the end of the log where the component has ended. */
  public void mustRun() {
    if (!process.isAlive()) {
      throw new IllegalStateException(name + " ended:\n" + logTail());
    }
  }

  /** The end of what it printed. */
  public String logTail() {
    try {
      String text = Files.readString(log);
      return text.substring(Math.max(0, text.length() - LOG_TAIL));
    } catch (IOException e) {
      return "no log: " + e.getMessage();
    }
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
