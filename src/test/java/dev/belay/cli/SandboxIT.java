package dev.belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every story of the sandbox, played by the launcher as a newcomer would. */
class SandboxIT {
  private static final long PATIENCE_SECONDS = 180;

  @TempDir Path folder = Path.of("");

  @ParameterizedTest
  @ValueSource(strings = {"bad-release", "overload", "old-alert", "metrics-gone", "alert-storm"})
  void everyStoryEndsAsItMust(String story) throws Exception {
    Path output = folder.resolve("output");
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    ProcessBuilder command =
        new ProcessBuilder("./belay", "sandbox", "--exit", "--port", "0", "--scenario", story)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    command.environment().put("BELAY_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
    Process sandbox = command.start();
    try {
      assertTrue(sandbox.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it does not end");
      String text = Files.readString(output, StandardCharsets.UTF_8);
      assertEquals(0, sandbox.exitValue(), text);
      assertTrue(text.startsWith("Belay's sandbox: " + story), text);
      assertTrue(text.contains("The story is over."), text);
      assertFalse(text.contains("cannot be tied to the revision"), text);
      try (Stream<Path> left = Files.list(temporary)) {
        assertEquals(List.of(), left.filter(path -> !path.toString().contains("hsperf")).toList());
      }
    } finally {
      sandbox.destroyForcibly();
    }
  }
}
