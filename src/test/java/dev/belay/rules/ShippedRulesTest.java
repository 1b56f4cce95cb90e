package dev.belay.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.alert.Labels;
import dev.belay.core.remediation.Action;
import dev.belay.core.remediation.Manifest;
import dev.belay.core.remediation.Step;
import dev.belay.core.rule.Service;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The examples in {@code rules/} say what they mean to say. */
final class ShippedRulesTest {
  private static final Loaded LOADED = RuleLoader.load(Path.of("rules"));

  @Test
  void loadWithoutASingleProblem() {
    assertEquals(List.of(), LOADED.problems());
    assertTrue(LOADED.usable());
    assertEquals(3, LOADED.rules().environments().size());
    assertEquals(4, LOADED.rules().alertRules().size());
    assertEquals(1, LOADED.rules().services().size());
  }

  @Test
  void theExampleOfAFleetLoadsWithoutASingleProblem() {
    Loaded example = RuleLoader.load(Path.of("docs", "fleet.example.yml"));
    assertEquals(List.of(), example.problems());
    assertEquals(1, example.rules().fleets().size());
  }

  @Test
  void everyLadderClimbsInOrderAndEndsWithAPerson() {
    Service covet = LOADED.rules().services().getFirst();
    List<List<String>> kinds =
        covet.remediations().stream()
            .map(it -> it.ladder().stream().map(step -> step.action().kind()).toList())
            .toList();
    assertEquals(
        List.of(List.of("rollback", "page"), List.of("flags", "rate_limit", "page")), kinds);
  }

  @Test
  void flagsAndLimitsAreLeased() {
    List<Step> overload = LOADED.rules().services().getFirst().remediations().get(1).ladder();
    Optional<Duration> halfAnHour = Optional.of(Duration.ofMinutes(30));
    assertEquals(halfAnHour, overload.get(0).lease());
    assertEquals(halfAnHour, overload.get(1).lease());
    assertEquals(Optional.empty(), overload.get(2).lease());
  }

  @Test
  void theManifestIsWholeAndGoesToTheWorkloadsNamespace() {
    Step step = LOADED.rules().services().getFirst().remediations().get(1).ladder().get(1);
    Manifest manifest = ((Action.RateLimit) step.action()).manifests().getFirst();
    assertEquals("configmap/covet/covet-rate-limit", manifest.toString());
    var json = JsonMapper.shared().readTree(manifest.json());
    assertEquals("covet", json.at("/metadata/namespace").stringValue());
    assertTrue(json.at("/data/rate-limit.conf").stringValue().contains("limit_req_zone"));
  }

  @Test
  void theAlertOfABadReleaseIsCovets() {
    Service covet = LOADED.rules().services().getFirst();
    assertTrue(covet.matches(Labels.of(Map.of("namespace", "covet", "alertname", "X"))));
  }
}
