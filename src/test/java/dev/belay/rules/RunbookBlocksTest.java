package dev.belay.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.core.rule.AlertRule;
import dev.belay.core.rule.Environment;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.Signal;
import dev.belay.core.rule.Trigger;
import dev.belay.rules.yaml.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runbook's own YAML blocks are rule files as they stand. */
final class RunbookBlocksTest {
  private static final Path RUNBOOK = Path.of("../shared/runbook.md");

  @TempDir Path folder;

  /** The block of the runbook that begins with this comment. */
  static String block(String name) throws IOException {
    assumeTrue(Files.exists(RUNBOOK), () -> "skipped: there is no runbook at " + RUNBOOK);
    String text = Files.readString(RUNBOOK);
    String head = "```yaml\n# " + name + "\n";
    int start = text.indexOf(head);
    assertTrue(start >= 0, () -> "the runbook has no block " + name);
    return text.substring(start + "```yaml\n".length(), text.indexOf("```", start + head.length()));
  }

  @BeforeEach
  void writeTheBlocks() throws IOException {
    Written written = new Written(folder);
    for (String name :
        List.of("deployment-environments.yml", "rollback-policy.yml", "deployment-alerts.yml")) {
      written.file(name, block(name));
    }
  }

  @Test
  void loadUnchangedWithoutAnError() {
    Loaded loaded = RuleLoader.load(folder);
    assertTrue(loaded.usable(), () -> loaded.problems().toString());
  }

  @Test
  void whatIsWrongInItsExpressionsIsAWarningThatNamesTheRemedy() {
    List<Problem> warnings = RuleLoader.load(folder.resolve("deployment-alerts.yml")).problems();
    assertEquals(List.of(6, 22), warnings.stream().map(Problem::line).toList(), warnings::toString);
    assertTrue(
        warnings.getFirst().sentence().endsWith("write kube_deployment_status_replicas_ready"));
    assertTrue(
        warnings.getLast().sentence().contains("/ sum(rate(http_requests_total[5m])) > 0.05"));
  }

  @Test
  void theEnvironmentsCapTheModeByTheColumnApprovalRequired() {
    List<Environment> environments = RuleLoader.load(folder).rules().environments();
    assertEquals(
        List.of("covet-dev ACT", "covet-staging ACT", "covet VETO"),
        environments.stream().map(it -> it.namespace() + " " + it.cap().kind()).toList());
    assertEquals(Mode.VETO, environments.getLast().cap());
  }

  @Test
  void theAlertsKeepTheirFor() {
    List<AlertRule> alerts = RuleLoader.load(folder).rules().alertRules();
    assertEquals(
        List.of(
            "DeploymentInProgress PT10M",
            "DeploymentFailed PT5M",
            "HighErrorRateAfterDeployment PT2M"),
        alerts.stream().map(it -> it.alert() + " " + it.hold()).toList());
    assertEquals("critical", alerts.getLast().labels().get("severity"));
  }

  @Test
  void theTriggersApplyToAServiceThatAsksForThemAndHasNone() {
    new Written(folder)
        .file(
            "covet.yml",
            """
            service: covet
            workload: deployment/covet/covet-app
            remediations:
              - name: bad-release
                when: [ rollback_triggers ]
                blame: { release: 1h }
                mode: act
                ladder: [ { rollback: {} } ]
            """);
    Loaded loaded = RuleLoader.load(folder);
    assertTrue(loaded.usable(), () -> loaded.problems().toString());
    List<Trigger> triggers = loaded.rules().services().getFirst().triggers();
    assertEquals(
        List.of(
            Signal.ERROR_RATE,
            Signal.RESPONSE_TIME,
            Signal.AVAILABILITY,
            Signal.HEALTH_CHECK_FAILURES),
        triggers.stream().map(Trigger::signal).toList());
    assertEquals(List.of(0.05, 1.0, 0.99, 0.5), triggers.stream().map(Trigger::threshold).toList());
    assertEquals(
        List.of(120L, 300L, 60L, 30L),
        triggers.stream().map(Trigger::hold).map(Duration::toSeconds).toList());
    assertEquals(0.95, triggers.get(1).quantile().orElseThrow());
    assertEquals("error_rate > 5% for 2 minutes", triggers.getFirst().name());
  }
}
