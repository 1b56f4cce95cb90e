package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.alert.Labels;
import dev.belay.core.rule.Template;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

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

  /** What people have in their rule files. */
  private static final List<String> TEMPLATES =
      List.of(
          "{{ $value }}",
          "{{ .Value }} of {{ .Labels.app }} {{ $labels.none }}",
          "{{ $externalLabels.zone }}{{ .ExternalLabels.none }}",
          "{{ $labels.app | toUpper }} {{ toLower $labels.app }} {{ $labels.app | title }}",
          "{{ $labels.instance | stripPort }}",
          "{{ $value | humanize }}",
          "{{ humanize1024 $value }}",
          "{{ $value | humanizePercentage }}",
          "{{ $value | humanizeDuration }}",
          "{{ printf \"%.0f\" $value }} {{ printf \"%.2f%%\" $value }} {{ $value | printf \"%f\""
              + " }}",
          "{{ printf \"%.3g\" $value }} {{ printf \"%g\" $value }} {{ printf \"%.g\" $value }}",
          "{{ $value | printf \"%s: %v\" $labels.app | printf \"%v\" }}",
          "{{ $value | printf `%s %v` $labels.app }}",
          "a  {{- $value -}}  b\n{{- \" c\\t\" }}");

  @Test
  void templatesGiveTheSameTextAsInPrometheus() throws Exception {
    Programs.assumePresent(Programs.PROMTOOL);
    List<String> values = new ArrayList<>(List.of("0", "-0", "NaN", "+Inf", "-Inf", "1", "-1"));
    values.addAll(List.of("0.5", "2.5", "0.00005", "59.9999", "60", "999.96", "1023.99", "1e18"));
    values.addAll(List.of("1e-30", "123456.5", "1234567", "0.1", "0.000125", "3661", "-90061.7"));
    Random random = new Random(SEED);
    for (int i = 0; i < 200; i++) {
      double digits = random.nextDouble() * (random.nextBoolean() ? 1 : -1);
      values.add(Double.toString(digits * Math.pow(10, random.nextInt(38) - 20)));
    }
    Verdict verdict = promtool(List.of(templates(values, "")));
    assertEquals(0, verdict.status(), verdict.said());
    assertNotEquals(0, promtool(List.of(templates(values, "."))).status());
  }

  /** Expects the texts that Belay makes, with something behind them. */
  private Path templates(List<String> values, String behind) throws IOException {
    JsonMapper json = JsonMapper.shared();
    ObjectNode rules = json.createObjectNode();
    ArrayNode alerts = rules.putArray("groups").addObject().put("name", "g").putArray("rules");
    ObjectNode suite = json.createObjectNode();
    suite.putArray("rule_files").add("templates.yml");
    ObjectNode test = suite.putArray("tests").addObject().put("interval", "1m");
    Map<String, String> external = Map.of("zone", "eu");
    external.forEach(test.putObject("external_labels")::put);
    for (int n = 0; n < values.size(); n++) {
      Map<String, String> labels = Map.of("app", "my shop-" + n, "instance", "10.0.0.7:" + n);
      double value = Double.parseDouble(values.get(n).replace("Inf", "Infinity"));
      String series =
          labels.entrySet().stream()
              .map(label -> label.getKey() + "=\"" + label.getValue() + "\"")
              .collect(Collectors.joining(",", "m" + n + "{", "}"));
      test.withArray("input_series")
          .addObject()
          .put("series", series)
          .put("values", values.get(n).replace("+", ""));
      ObjectNode rule = alerts.addObject().put("alert", "A" + n).put("expr", "m" + n);
      ObjectNode expected =
          test.withArray("alert_rule_test")
              .addObject()
              .put("eval_time", "0m")
              .put("alertname", "A" + n)
              .putArray("exp_alerts")
              .addObject();
      labels.forEach(expected.putObject("exp_labels")::put);
      for (int i = 0; i < TEMPLATES.size(); i++) {
        String template = TEMPLATES.get(i);
        assertTrue(Template.known(template), template);
        String text = Template.expand(template, Labels.of(labels), value, external);
        rule.withObject("labels").put("l" + i, template);
        rule.withObject("annotations").put("t" + i, template);
        expected.withObject("exp_labels").put("l" + i, text);
        expected.withObject("exp_annotations").put("t" + i, text + behind);
      }
    }
    Programs.write(folder, "templates.yml", rules.toString());
    return Programs.write(folder, "templates_test.yml", suite.toString());
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
