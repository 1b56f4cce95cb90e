package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Belay's alerts stand where Prometheus's would, at every evaluation: promtool confirms it for
 * generated rule files and series, and refuses what is only a little different.
 */
final class PromtoolIT {
  private static final int SUITES = 150;
  private static final int EXCEEDING = 20;
  private static final long SEED = 20_261_128;

  /** Which alert, and after how many minutes. */
  private static final Pattern EXCEEDED =
      Pattern.compile("rule: (\\w+), time: (?:(\\d+)m)?0s, err: exceeded limit");

  @TempDir private Path folder = Path.of("");

  private record Verdict(int status, String said) {}

  @Test
  void alertsStandWherePrometheusHasThemAtEveryEvaluation() throws Exception {
    Programs.assumePresent(Programs.PROMTOOL);
    boolean offsets = knowsOffsets();
    List<RuleSuite> suites = new ArrayList<>();
    for (int i = 0; i < SUITES; i++) {
      suites.add(RuleSuite.of(folder, "suite" + i, new Random(SEED + i), offsets));
    }
    List<Path> files = new ArrayList<>();
    for (RuleSuite suite : suites) {
      files.add(suite.write(false));
    }
    Verdict verdict = promtool(files);
    assertEquals(0, verdict.status(), verdict.said());
    long pending = suites.stream().mapToLong(RuleSuite::pending).sum();
    long firing = suites.stream().mapToLong(RuleSuite::firing).sum();
    long kept = suites.stream().mapToLong(RuleSuite::kept).sum();
    int offset = suites.stream().mapToInt(RuleSuite::offset).sum();
    int full = suites.stream().mapToInt(RuleSuite::full).sum();
    assertTrue(
        (!offsets || offset > 200) && full > 200,
        offset + " in the past, " + full + " at their limit: the suites show too little");
    assertTrue(
        pending > 500 && firing > 500 && kept > 50,
        pending + " pending, " + firing + " firing, " + kept + " kept: the suites show too little");
    System.out.printf(
        "promtool agrees on %d suites: %d pending, %d firing, %d of them kept firing; %d"
            + " evaluations in the past%s, %d at their limit%n",
        SUITES,
        pending,
        firing,
        kept,
        offset,
        offsets ? "" : " (this promtool knows no query_offset)",
        full);
  }

  @Test
  void oneStateThatIsOtherwiseIsNoticed() throws Exception {
    Programs.assumePresent(Programs.PROMTOOL);
    RuleSuite suite = RuleSuite.of(folder, "suite", new Random(SEED), false);
    assertEquals(0, promtool(List.of(suite.write(false))).status());
    assertNotEquals(0, promtool(List.of(suite.write(true))).status());
  }

  @Test
  void allIsForgottenWherePrometheusHasMoreAlertsThanMayBe() throws Exception {
    Programs.assumePresent(Programs.PROMTOOL);
    for (int i = 0; i < EXCEEDING; i++) {
      RuleSuite suite = RuleSuite.exceeding(folder, "exceeding" + i, new Random(SEED + i));
      Verdict verdict = promtool(List.of(suite.write(false)));
      List<String> said =
          EXCEEDED
              .matcher(verdict.said())
              .results()
              .map(found -> found.group(1) + " " + (found.group(2) == null ? "0" : found.group(2)))
              .toList();
      assertTrue(!said.isEmpty() && suite.exceeded().containsAll(said), verdict.said());
      // It stops at the first evaluation with an error.
      int first = suite.exceeded().stream().mapToInt(PromtoolIT::minute).min().orElseThrow();
      said.forEach(each -> assertEquals(first, minute(each), verdict.said()));
    }
  }

  private static int minute(String exceeded) {
    return Integer.parseInt(exceeded.substring(exceeded.indexOf(' ') + 1));
  }

  /** Older ones do not. */
  private boolean knowsOffsets() throws IOException, InterruptedException {
    Path rules =
        Programs.write(
            folder,
            "offset.yml",
            "groups: [ { name: g, query_offset: 1s, rules: [ { record: a, expr: up } ] } ]\n");
    return promtool("check", List.of(rules)).status() == 0;
  }

  private Verdict promtool(List<Path> files) throws IOException, InterruptedException {
    return promtool("test", files);
  }

  private Verdict promtool(String what, List<Path> files) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of(Programs.path(Programs.PROMTOOL), what, "rules"));
    files.forEach(file -> command.add(file.toString()));
    Path said = folder.resolve("promtool.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    assertTrue(process.waitFor(5, TimeUnit.MINUTES), "promtool does not end");
    String text = Files.readString(said, StandardCharsets.UTF_8);
    int failed = Math.max(0, text.indexOf("FAILED"));
    return new Verdict(
        process.exitValue(),
        text.substring(Math.max(0, failed - 200), Math.min(text.length(), failed + 20_000)));
  }
}
