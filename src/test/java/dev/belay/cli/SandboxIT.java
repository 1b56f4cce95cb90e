package dev.belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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
    Process sandbox =
        new ProcessBuilder("./belay", "sandbox", "--exit", "--port", "0", "--scenario", story)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(sandbox.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it does not end");
      String text = Files.readString(output, StandardCharsets.UTF_8);
      assertEquals(0, sandbox.exitValue(), text);
      assertTrue(text.contains("The story is over."), text);
    } finally {
      sandbox.destroyForcibly();
    }
  }
}
