package dev.belay.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class KubeObjectTest {
  private static Optional<String> writer(String... entries) {
    String fields = String.join(", ", entries);
    return new KubeObject(
            Api.JSON.readTree("{\"metadata\": {\"managedFields\": [" + fields + "]}}"))
        .templateWriter();
  }

  private static String entry(String manager, int second, String fields) {
    return """
    {"manager": "%s", "time": "2026-11-24T10:00:%02dZ", "fieldsV1": {%s}}
    """
        .formatted(manager, second, fields);
  }

  private static final String TEMPLATE = "\"f:spec\": {\"f:template\": {}}";

  @Test
  void whoWroteTheTemplateLastIsNamedInWhicheverOrderTheyStand() {
    assertEquals(
        Optional.of("kubectl-set"),
        writer(entry("kubectl-set", 9, TEMPLATE), entry("helm", 3, TEMPLATE)));
    assertEquals(
        Optional.of("helm"),
        writer(
            entry("helm", 3, TEMPLATE),
            entry("kubectl-scale", 9, "\"f:spec\": {\"f:replicas\": {}}")));
    assertEquals(Optional.empty(), writer());
  }

  /** Servers write whole seconds, and add the entry of who came later at the end. */
  @Test
  void ofTwoInOneSecondTheLatterIsNamed() {
    assertEquals(
        Optional.of("belay"), writer(entry("helm", 3, TEMPLATE), entry("belay", 3, TEMPLATE)));
  }
}
