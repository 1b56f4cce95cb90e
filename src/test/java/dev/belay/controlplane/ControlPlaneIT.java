package dev.belay.controlplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ControlPlaneIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final ClusterNamespace namespace = new ClusterNamespace(ControlPlane.shared(), "plane");

  @Test
  void rollsOutADeployment() {
    namespace.createDeployment("app", 1, "shop/app:good-1");

    String status = namespace.kubectl("rollout", "status", "deployment/app", "--timeout=30s");

    assertTrue(status.contains("successfully rolled out"), status);
  }

  @Test
  void podsAreAsTheirImageTagSays() {
    namespace.createDeployment("ready", 1, "app:good-after-1s");
    namespace.createDeployment("unready", 1, "app:unready");
    namespace.createDeployment("crashing", 1, "app:crash");
    namespace.createDeployment("unpulled", 1, "app:nopull");

    assertPod("ready", "Running/true/");
    assertPod("unready", "Running/false/");
    assertPod("crashing", "Running/false/CrashLoopBackOff");
    assertPod("unpulled", "Pending/false/ImagePullBackOff");
  }

  @Test
  void deletedPodsGo() {
    namespace.createDeployment("app", 1, "app:good");
    namespace.awaitRollout("app");

    namespace.kubectl("scale", "deployment/app", "--replicas=0");

    Eventually.holds(
        "no pods", SOON, () -> namespace.kubectl("get", "pods", "-o", "name").isEmpty());
  }

  private void assertPod(String deployment, String expected) {
    String path =
        "{.items[*].status.phase}/{.items[*].status.containerStatuses[*].ready}/"
            + "{.items[*].status.containerStatuses[*].state.waiting.reason}";
    String[] query = {"get", "pods", "-l", "app=" + deployment, "-o", "jsonpath=" + path};
    Eventually.holds(
        deployment + " has a status",
        SOON,
        () -> !namespace.kubectl(query).startsWith("Pending//"));
    assertEquals(expected, namespace.kubectl(query));
  }
}
