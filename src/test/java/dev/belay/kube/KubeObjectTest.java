package dev.belay.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class KubeObjectTest {
  private static Optional<String> writer(String... entries) {
    String fields = String.join(", ", entries);
    return new KubeObject(
            Api.JSON.readTree(
                """
                {"metadata": {"managedFields": [%s]},
                 "spec": {"template": {"metadata": {"labels": {"app": "shop"}}, "spec": {
                   "terminationGracePeriodSeconds": 0,
                   "containers": [{"name": "side", "image": "side:1"},
                     {"name": "app", "image": "app:2", "resources": {}, "args": []}]}}}}
                """
                    .formatted(fields)))
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

  /** What they own of a container's entry in the template, told by its name. */
  private static String ofContainer(String name, String fields) {
    return """
    "f:spec": {"f:template": {"f:spec": {"f:containers": {"k:{\\"name\\":\\"%s\\"}": {%s}}}}}
    """
        .formatted(name, fields);
  }

  /**
   * Argo's controller notes each revision on the Rollout, and owns the empty fields that it added
   * when it first wrote it back: it had been told to have made every release.
   */
  @Test
  void whoOnlyAddsEmptyFieldsToTheTemplateDidNotWriteIt() {
    String patched = entry("kubectl-patch", 3, ofContainer("app", "\"f:image\": {}"));
    for (String empty :
        new String[] {
          ofContainer("app", "\"f:resources\": {}"),
          ofContainer("app", "\".\": {}, \"f:args\": {}"),
          ofContainer("gone", "\"f:image\": {}"),
          "\"f:spec\": {\"f:template\": {\"f:metadata\": {\"f:creationTimestamp\": {}}}}"
        }) {
      assertEquals(
          Optional.of("kubectl-patch"), writer(patched, entry("controller", 9, empty)), empty);
    }
    for (String said :
        new String[] {
          ofContainer("app", "\"f:resources\": {}, \"f:name\": {}"),
          "\"f:spec\": {\"f:template\": {\"f:metadata\": {\"f:labels\": {\"f:app\": {}}}}}",
          "\"f:spec\": {\"f:template\": {\"f:spec\": {\"f:terminationGracePeriodSeconds\": {}}}}",
          "\"f:spec\": {\"f:template\": {\"f:spec\": {\"f:containers\": {}}}}"
        }) {
      assertEquals(Optional.of("helm"), writer(patched, entry("helm", 9, said)), said);
    }
  }

  /** Servers write whole seconds; of one second they put the names in their order. */
  @Test
  void ofTwoInOneSecondTheLastInTheListIsNamed() {
    assertEquals(
        Optional.of("belay"), writer(entry("helm", 3, TEMPLATE), entry("belay", 3, TEMPLATE)));
  }
}
