package dev.belay.e2e;

import dev.belay.controlplane.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** {@code belay run} as people start it: a process of its own, with a configuration file. */
final class BelayProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final int LOG_TAIL = 6_000;

  private final Process process;
  private final Path log;

  private BelayProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts it; it is ready when this returns.
   *
   * @param configuration its file; the log is kept beside it
   * @param port where the configuration lets it listen
   */
  static BelayProcess start(Path configuration, int port) {
    return start("run", configuration, configuration.resolveSibling("belay.log"), port, Map.of());
  }

  /**
   * Starts another of its commands, that takes a configuration too.
   *
   * @param log where its log is kept
   * @param variables what its environment has besides
   */
  static BelayProcess start(
      String subcommand, Path configuration, Path log, int port, Map<String, String> variables) {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Xmx512m",
            // Not the one for tests, which stands first on the class path.
            "-Dlogback.configurationFile=logback.xml",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.belay.cli.Main",
            subcommand,
            "--config",
            configuration.toString());
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().putAll(variables);
      Process process = builder.start();
      // This JVM may be told to end at any time.
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "belay-end"));
      BelayProcess belay = new BelayProcess(process, log);
      try {
        Eventually.holds(
            "belay is ready",
            START,
            () -> {
              if (!process.isAlive()) {
                throw new AssertionError("belay ended with " + process.exitValue());
              }
              return Http.get(port, "/readyz").isPresent();
            });
      } catch (AssertionError e) {
        belay.close();
        throw belay.told(e);
      }
      return belay;
    } catch (IOException e) {
      throw new UncheckedIOException("belay does not start", e);
    }
  }

  /**
   * The configuration of one that acts in a cluster, by the rules in the folder's {@code rules},
   * and looks at it each second.
   */
  static Path acting(Path folder, int port, Path kubeconfig, Duration grace) {
    return acting(folder, port, kubeconfig, "shutdown_grace: %ds\n".formatted(grace.toSeconds()));
  }

  /** The same, with more in it than that. */
  static Path acting(Path folder, int port, Path kubeconfig, String more) {
    return configuration(
        folder,
        port,
        """
        mode: act
        cluster:
          kubeconfig: %s
          context: admin
          poll: 1s
        %s\
        """
            .formatted(kubeconfig, more));
  }

  /** The configuration of one with its rules and its journal in the folder, and this besides. */
  static Path configuration(Path folder, int port, String more) {
    return Programs.write(
        folder,
        "belay.yml",
        """
        listen: 127.0.0.1:%d
        rules: rules
        journal: journal
        %s\
        """
            .formatted(port, more));
  }

  /**
   * Tells it to stop, as Kubernetes does, and waits; its exit status, or empty where it is late.
   */
  Optional<Integer> stop(Duration within) throws InterruptedException {
    process.destroy();
    return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)
        ? Optional.of(process.exitValue())
        : Optional.empty();
  }

  /** Not where it was started by nohup, or by what was: such a process ignores SIGHUP for ever. */
  private boolean hearsHangUps() throws IOException {
    return Files.readString(Path.of("/proc/" + process.pid() + "/status"))
        .lines()
        .filter(line -> line.startsWith("SigIgn:"))
        .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
        .noneMatch(ignored -> (ignored & 1) == 1);
  }

  /** Tells it to read anew what people wrote; skips the calling test where it cannot be told. */
  void hangUp() throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        hearsHangUps(), "SIGHUP is ignored for ever: start the tests without nohup");
    new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start().waitFor();
  }

  /** {@code kill -9}; it is gone when this returns. */
  void kill() throws InterruptedException {
    if (!process.destroyForcibly().waitFor(START.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("belay outlived its kill");
    }
  }

  /** What it printed, the end of it. */
  String logTail() {
    try {
      String text = Files.readString(log);
      return text.substring(Math.max(0, text.length() - LOG_TAIL));
    } catch (IOException e) {
      return "no log: " + e.getMessage();
    }
  }

  /** The failure, with what Belay printed. */
  AssertionError told(AssertionError failure) {
    failure.addSuppressed(new Throwable("belay printed:\n" + logTail()));
    return failure;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
