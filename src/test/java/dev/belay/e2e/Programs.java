package dev.belay.e2e;

import dev.belay.controlplane.Component;
import dev.belay.controlplane.Eventually;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The programs that these tests find on this machine, or else do without. */
final class Programs {
  static final String PROMETHEUS = "prometheus";
  static final String ALERTMANAGER = "prometheus-alertmanager";
  static final String CHROMIUM = "chromium";
  static final String CHROMEDRIVER = "chromedriver";

  /** Comes with Alertmanager. */
  static final String AMTOOL = "amtool";

  /** Comes with Prometheus. */
  static final String PROMTOOL = "promtool";

  private static final Duration START = Duration.ofSeconds(60);

  private Programs() {}

  /** Skips the calling test unless all of these are on the PATH. */
  static void assumePresent(String... names) {
    List<String> missing = Stream.of(names).filter(name -> find(name).isEmpty()).toList();
    Assumptions.assumeTrue(
        missing.isEmpty(),
        "not on the PATH: "
            + String.join(", ", missing)
            + "; apt-get install "
            + missing.stream().map(Programs::source).distinct().collect(Collectors.joining(" ")));
  }

  /** The package that it is in; most have its name. */
  private static String source(String program) {
    return switch (program) {
      case AMTOOL -> ALERTMANAGER;
      case PROMTOOL -> PROMETHEUS;
      case CHROMEDRIVER -> "chromium-driver";
      default -> program;
    };
  }

  static String path(String name) {
    return find(name).orElseThrow().toString();
  }

  private static Optional<Path> find(String name) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Writes a file, whose name may have folders in it, and makes the folders that it lies in. */
  static Path write(Path folder, String name, String text) {
    Path file = folder.resolve(name);
    try {
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command to its end, and gives what it printed. */
  static String output(ProcessBuilder command) {
    try {
      Process process = command.start();
      process.getOutputStream().close();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(
            command.command() + " exited with " + process.exitValue() + ": " + printed);
      }
      return printed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Waits until a program that was just started is ready; ends it where it is not in time. */
  static void await(Component program, String name, BooleanSupplier ready) {
    try {
      Eventually.holds(
          name + " is ready",
          START,
          () -> {
            program.mustRun();
            return ready.getAsBoolean();
          });
    } catch (RuntimeException | AssertionError e) {
      e.addSuppressed(new Throwable(program.logTail()));
      program.close();
      throw e;
    }
  }
}
