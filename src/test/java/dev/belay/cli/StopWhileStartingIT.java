package dev.belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.controlplane.Eventually;
import dev.belay.core.engine.Fact;
import dev.belay.journal.SqliteJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A daemon that was told to stop while it started had "crashed"; three times, and the next put
 * everything on hold.
 */
class StopWhileStartingIT {
  private static final Duration START = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void whoIsToldToStopWhileItStartsHasNotCrashed() throws Exception {
    Files.createDirectories(folder.resolve("rules"));
    Path config =
        Files.writeString(
            folder.resolve("belay.yml"),
            "listen: 127.0.0.1:0\ncluster: { enabled: false }\njournal: journal\nrules: rules\n");
    for (int life = 0; life < 3; life++) {
      Process belay = start(config);
      // The journal is open, and nobody is listening yet.
      awaitJournal(belay, life);
      belay.destroy();
      assertTrue(belay.waitFor(START.toMillis(), TimeUnit.MILLISECONDS));
      assertEquals(0, belay.exitValue(), () -> said(config));
    }
    List<Fact> facts = new ArrayList<>();
    try (SqliteJournal journal = SqliteJournal.open(folder.resolve("journal"))) {
      assertEquals(Optional.empty(), journal.recover().hold());
    }
    SqliteJournal.browse(folder.resolve("journal"), entry -> facts.addAll(entry.facts()));
    assertEquals(3, facts.stream().filter(Fact.DaemonStopped.class::isInstance).count());
  }

  private static Process start(Path config) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Xmx256m",
            "-Dlogback.configurationFile=logback.xml",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.belay.cli.Main",
            "run",
            "--config",
            config.toString())
        .redirectErrorStream(true)
        .redirectOutput(config.resolveSibling("belay.log").toFile())
        .start();
  }

  private void awaitJournal(Process belay, int life) {
    // Made when it is opened, and gone when it is closed.
    Path log = folder.resolve("journal/belay.db-wal");
    Eventually.holds(
        "life " + life + " opens its journal",
        START,
        () -> {
          assertTrue(belay.isAlive());
          return Files.exists(log);
        });
  }

  private static String said(Path config) {
    try {
      return Files.readString(config.resolveSibling("belay.log"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
