package dev.belay.core.remediation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.release.Workload;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PlanDigestTest {
  private static final ConfigMapRef FLAGS = new ConfigMapRef("covet", "flags");
  private static final Workload COVET = new Workload("deployment", "covet", "covet-app");

  private static Plan rollBack(long generation, String from, String to, String image) {
    return new Plan.RollBack(
        COVET,
        "uid",
        generation,
        from,
        "rs-1",
        to,
        3,
        List.of("covet:2"),
        List.of(image),
        Optional.empty());
  }

  private static Plan flags(Map<String, Optional<String>> prior, Map<String, String> set) {
    return new Plan.SetFlags(FLAGS, "uid", new TreeMap<>(prior), new TreeMap<>(set));
  }

  private static Manifest manifest(String json) {
    return new Manifest("v1", "EnvoyFilter", "covet", "limit", json);
  }

  @Test
  void isTheSameForEver() {
    // Buttons that were sent before an upgrade must mean the same after it.
    assertEquals("19b6e7a7a591aa8865438651365019c6", rollBack(7, "d2", "d1", "covet:1").digest());
  }

  @Test
  void aGenerationMakesNoOtherPlan() {
    assertEquals(
        rollBack(7, "d2", "d1", "covet:1").digest(), rollBack(8, "d2", "d1", "covet:1").digest());
  }

  @Test
  void whateverElseIsDoneMakesAnother() {
    List<Plan> plans =
        List.of(
            rollBack(7, "d2", "d1", "covet:1"),
            rollBack(7, "d3", "d1", "covet:1"),
            rollBack(7, "d2", "d0", "covet:1"),
            rollBack(7, "d2", "d1", "covet:0"),
            flags(Map.of("A", Optional.of("x")), Map.of("A", "y")),
            flags(Map.of("A", Optional.empty()), Map.of("A", "y")),
            flags(Map.of("A", Optional.of("x")), Map.of("A", "z")),
            flags(Map.of("A", Optional.of("x")), Map.of("A", "y", "B", "z")),
            new Plan.RestoreFlags(
                FLAGS,
                "uid",
                new TreeMap<>(Map.of("A", Optional.of("x"))),
                new TreeMap<>(Map.of("A", "y"))),
            new Plan.ApplyManifests(List.of(manifest("{}"))),
            new Plan.ApplyManifests(List.of(manifest("{\"a\":1}"))),
            new Plan.ApplyManifests(List.of(manifest("{}"), manifest("{}"))),
            new Plan.DeleteManifests(List.of(manifest("{}")), Optional.empty()),
            new Plan.DeleteManifests(List.of(manifest("{}")), Optional.of(new ActionId("ab"))));
    Set<String> digests = new HashSet<>();
    for (Plan plan : plans) {
      assertTrue(plan.digest().matches("[0-9a-f]{32}"), plan.digest());
      assertTrue(digests.add(plan.digest()), "not the first of that digest: " + plan);
    }
  }

  @Test
  void textsThatRunIntoEachOtherMakeAnother() {
    assertNotEquals(
        flags(Map.of(), Map.of("A", "1B")).digest(), flags(Map.of(), Map.of("A1", "B")).digest());
  }
}
