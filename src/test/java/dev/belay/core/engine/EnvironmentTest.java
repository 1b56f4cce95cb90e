package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.belay.core.alert.Door;
import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.Action;
import dev.belay.core.remediation.ConfigMapRef;
import dev.belay.core.remediation.Manifest;
import dev.belay.core.remediation.Step;
import dev.belay.core.rule.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A service without a workload, or with one in staging, set flags and limits in production, whose
 * mode was observe: only the workload's namespace was looked at.
 */
class EnvironmentTest {
  private static final Duration LEASE = Duration.ofMinutes(30);

  private static Step flagsIn(String namespace) {
    return new Step(
        new Action.Flags(
            new ConfigMapRef(namespace, "flags"), new TreeMap<>(Map.of("ANALYTICS", "false"))),
        Optional.of(LEASE),
        Optional.empty());
  }

  private static Step limitIn(String namespace) {
    return new Step(
        new Action.RateLimit(
            "limit.yml", List.of(new Manifest("v1", "ConfigMap", namespace, "limit", "{}"))),
        Optional.of(LEASE),
        Optional.empty());
  }

  private static Reason refusal(Rules rules) {
    Scene scene = Scene.settled(rules.whateverTheCause().core()).fire("Errors");
    assertEquals(Optional.empty(), scene.shop().run());
    return scene.reason();
  }

  private static Rules observed() {
    return new Rules().elsewhere("production", Mode.OBSERVE);
  }

  @Test
  void flagsOfAnotherEnvironmentAreCappedByItsMode() {
    assertEquals(Reason.MODE_OBSERVE, refusal(observed().ladder(flagsIn("production"))));
  }

  @Test
  void manifestsOfAnotherEnvironmentAreCappedByItsMode() {
    assertEquals(Reason.MODE_OBSERVE, refusal(observed().ladder(limitIn("production"))));
  }

  @Test
  void aLaterStepCountsFromTheBeginning() {
    assertEquals(
        Reason.MODE_OBSERVE,
        refusal(observed().ladder(Rules.flags(LEASE), limitIn("production"), Rules.page())));
  }

  @Test
  void theNarrowestOfAllCounts() {
    Scene scene =
        Scene.settled(
                new Rules()
                    .whateverTheCause()
                    .environment("development", Optional.of(Mode.ACT))
                    .elsewhere("a", Mode.VETO)
                    .elsewhere("b", Mode.PROPOSE)
                    .ladder(flagsIn("a"), limitIn("b"))
                    .core())
            .fire("Errors");
    assertEquals(Mode.PROPOSE, scene.run().mode());
  }

  @Test
  void aServiceWithoutAWorkloadIsCappedToo() {
    Scene scene =
        new Scene(observed().whateverTheCause().others("a").ladder(flagsIn("production")).core());
    scene.send(
        Scene.alerts(
            Door.WEBHOOK, 0, scene.alert("a", "Errors", true, scene.now, Optional.empty())));
    assertEquals(Reason.MODE_OBSERVE, scene.reason());
  }
}
