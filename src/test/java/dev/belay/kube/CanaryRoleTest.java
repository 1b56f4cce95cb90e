package dev.belay.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

/** A revision of an Argo Rollout, whose pods are told by a label or an annotation what they are. */
class CanaryRoleTest {
  private static final String CANARY =
      "{\"labels\":{\"role\":\"canary\"},\"annotations\":{\"note\":\"tried\"}}";
  private static final String STABLE = "{\"labels\":{\"role\":\"stable\"}}";

  @Test
  void itStaysTheSameWhenACanaryBecomesStable() {
    String canary = digest("\"role\": \"canary\"", "\"note\": \"tried\"", CANARY);
    assertEquals(digest("\"role\": \"stable\"", "", STABLE), canary);
    assertEquals(digest("", "", ""), canary);
  }

  @Test
  void whatItsTemplateSaysItselfMakesAnotherRevision() {
    assertNotEquals(
        digest("\"role\": \"stable\"", "", STABLE),
        digest("\"role\": \"stable\", \"tier\": \"back\"", "", STABLE));
    assertNotEquals(digest("", "", ""), digest("\"role\": \"stable\"", "", ""));
  }

  private static String digest(String labels, String annotations, String role) {
    var replicaSet =
        Api.JSON
            .createObjectNode()
            .set(
                "spec",
                Api.JSON.readTree(
                    """
                    {"template": {"metadata": {"labels": {%s}, "annotations": {%s}},
                                  "spec": {"containers": [{"name": "app", "image": "shop:2"}]}}}
                    """
                        .formatted(labels, annotations)));
    var marks = replicaSet.withObject("metadata").withObject("annotations");
    marks.put("rollout.argoproj.io/revision", "2");
    if (!role.isEmpty()) {
      marks.put("rollout.argoproj.io/ephemeral-metadata", role);
    }
    return WorkloadView.version(WorkloadKind.ROLLOUT, new KubeObject(replicaSet))
        .orElseThrow()
        .revision()
        .digest();
  }
}
