package dev.belay.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EveryBenchTest {
  private static final Path BENCHES = Path.of("src/test/java/dev/belay/bench");

  @Test
  void runsEveryBenchmarkThatThereIs() throws IOException {
    String every = Files.readString(BENCHES.resolve("EveryBench.java"));
    try (Stream<Path> files = Files.list(BENCHES)) {
      List<String> leftOut =
          files
              .map(file -> String.valueOf(file.getFileName()).replace(".java", ""))
              .filter(name -> name.endsWith("Bench") && !name.equals("EveryBench"))
              .filter(name -> !every.contains(name + ".main(args)"))
              .toList();
      assertEquals(List.of(), leftOut);
    }
  }
}
