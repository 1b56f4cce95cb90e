package dev.belay.controlplane;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One test's own corner of the control plane, and the people's hands in it. */
public final class ClusterNamespace {
  private final ControlPlane plane;
  private final String name;

  /** A fresh namespace whose name begins with the given one. */
  public ClusterNamespace(ControlPlane plane, String prefix) {
    this.plane = plane;
    this.name = plane.namespace(prefix);
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** Runs kubectl in this namespace; see {@link ControlPlane#kubectl}. */
  public String kubectl(String... arguments) {
    List<String> all = new ArrayList<>(List.of("-n", name));
    all.addAll(Arrays.asList(arguments));
    return plane.kubectl(all.toArray(String[]::new));
  }

  /** Makes what the YAML says, in this namespace. */
  public void create(String yaml) {
    plane
        .client()
        .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
        .inNamespace(name)
        .create();
  }

  /** Makes a Deployment with one container, {@code app}, on the fake node. */
  public void createDeployment(String deployment, int replicas, String image) {
    create(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: "%1$s"}
        spec:
          replicas: %2$d
          selector: {matchLabels: {app: "%1$s"}}
          template:
            metadata: {labels: {app: "%1$s"}}
            spec:
              nodeName: node-1
              containers: [{name: app, image: "%3$s"}]
        """
            .formatted(deployment, replicas, image));
  }

  /** Ships an image, as a pipeline would. */
  public void setImage(String deployment, String image) {
    kubectl("set", "image", "deployment/" + deployment, "app=" + image);
  }

  /** Waits until kubectl calls the rollout complete; fails after half a minute. */
  public void awaitRollout(String deployment) {
    kubectl("rollout", "status", "deployment/" + deployment, "--timeout=30s");
  }
}
