package dev.belay.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@code belay run} in a process of its own. */
final class Child implements AutoCloseable {
  private static final Pattern LISTENS =
      Pattern.compile("listens on http://127\\.0\\.0\\.1:(\\d+)");
  private static final int LINES_KEPT = 60;
  private static final int BOUND_SECONDS = 60;

  private final Process process;
  private final CompletableFuture<Integer> port = new CompletableFuture<>();
  private final Deque<String> lastLines = new ArrayDeque<>();

  /** Starts it; {@link #port} tells when it listens. */
  Child(Path config) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("./belay", "run", "--config", config.toString())
            .redirectErrorStream(true);
    builder.environment().put("BELAY_JAVA_HOME", System.getProperty("java.home"));
    // Its lives are short: nothing would be gained by the better compiler.
    builder.environment().put("BELAY_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
    process = builder.start();
    Thread.ofVirtual().name("child-output").start(this::listen);
  }

  private void listen() {
    try (BufferedReader out = process.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        keep(line);
        Matcher listens = LISTENS.matcher(line);
        if (listens.find()) {
          port.complete(Integer.parseInt(listens.group(1)));
        }
      }
    } catch (IOException e) {
      keep(e.toString());
    }
    port.completeExceptionally(new IllegalStateException("it ended before it listened"));
  }

  private synchronized void keep(String line) {
    lastLines.addLast(line);
    if (lastLines.size() > LINES_KEPT) {
      lastLines.removeFirst();
    }
  }

  /** What it said last. */
  synchronized String said() {
    return String.join("\n", lastLines);
  }

  /** Completes when it listens. */
  CompletableFuture<Integer> port() {
    return port;
  }

  /** Waits until it listens. */
  int awaitPort() throws InterruptedException {
    try {
      return port.get(BOUND_SECONDS, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError("the daemon did not start; it said:\n" + said(), e);
    }
  }

  /** Lets it live so long. */
  void live(long millis) throws InterruptedException {
    if (process.waitFor(millis, TimeUnit.MILLISECONDS)) {
      throw new AssertionError("the daemon ended by itself; it said:\n" + said());
    }
  }

  /** {@code kill -9}, by its handle: the process itself would close the pipe. */
  void kill() throws InterruptedException {
    if (!process.isAlive()) {
      throw new AssertionError("the daemon ended by itself; it said:\n" + said());
    }
    process.toHandle().destroyForcibly();
    if (!process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the daemon outlived its kill");
    }
  }

  @Override
  public void close() {
    try {
      process.destroyForcibly().waitFor(BOUND_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted", e));
    }
  }
}
