package dev.belay.controlplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ControlPlaneIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final ControlPlane plane = ControlPlane.shared();
  private final String namespace = plane.namespace("plane");

  @Test
  void rollsOutADeployment() {
    deploy("app", "shop/app:good-1");

    String status = kubectl("rollout", "status", "deployment/app", "--timeout=30s");

    assertTrue(status.contains("successfully rolled out"), status);
  }

  @Test
  void podsAreAsTheirImageTagSays() {
    deploy("ready", "app:good-after-1s");
    deploy("unready", "app:bad");
    deploy("crashing", "app:crash");
    deploy("unpulled", "app:nopull");

    assertPod("ready", "Running/true/");
    assertPod("unready", "Running/false/");
    assertPod("crashing", "Running/false/CrashLoopBackOff");
    assertPod("unpulled", "Pending/false/ImagePullBackOff");
  }

  @Test
  void deletedPodsGo() {
    deploy("app", "app:good");
    kubectl("rollout", "status", "deployment/app", "--timeout=30s");

    kubectl("scale", "deployment/app", "--replicas=0");

    Eventually.holds("no pods", SOON, () -> kubectl("get", "pods", "-o", "name").isEmpty());
  }

  private void deploy(String name, String image) {
    plane
        .client()
        .load(
            new java.io.ByteArrayInputStream(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: "%1$s", namespace: "%2$s"}
                spec:
                  replicas: 1
                  selector: {matchLabels: {app: "%1$s"}}
                  template:
                    metadata: {labels: {app: "%1$s"}}
                    spec:
                      nodeName: node-1
                      containers: [{name: main, image: "%3$s"}]
                """
                    .formatted(name, namespace, image)
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .create();
  }

  private void assertPod(String deployment, String expected) {
    String path =
        "{.items[*].status.phase}/{.items[*].status.containerStatuses[*].ready}/"
            + "{.items[*].status.containerStatuses[*].state.waiting.reason}";
    String[] query = {"get", "pods", "-l", "app=" + deployment, "-o", "jsonpath=" + path};
    Eventually.holds(
        deployment + " has a status", SOON, () -> !kubectl(query).startsWith("Pending//"));
    assertEquals(expected, kubectl(query));
  }

  private String kubectl(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "-n";
    all[1] = namespace;
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return plane.kubectl(all);
  }
}
