package dev.belay.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** The real helm, from the cache that its build script fills. */
final class Helm {
  private Helm() {}

  /**
   * Runs it; skips the calling test where it is not built.
   *
   * @return what it printed, errors included
   * @throws AssertionError where it does not exit with 0
   */
  static String run(String... arguments) {
    List<String> command = new ArrayList<>(List.of(program().toString()));
    command.addAll(Arrays.asList(arguments));
    return Programs.output(new ProcessBuilder(command).redirectErrorStream(true));
  }

  /** Where it is; skips the calling test where it is not built. */
  static Path program() {
    Path helm =
        Path.of(
            Programs.output(new ProcessBuilder("bash", "src/test/helm/build.sh", "--where"))
                .strip());
    Assumptions.assumeTrue(
        Files.isExecutable(helm), "no helm: run src/test/helm/build.sh once (about two minutes)");
    return helm;
  }
}
