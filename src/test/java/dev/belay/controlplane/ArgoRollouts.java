package dev.belay.controlplane;

import io.fabric8.kubernetes.api.model.APIResourceList;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Argo Rollouts as it is released: its kinds, and the controller that runs them. */
public final class ArgoRollouts {
  private static final Duration SOON = Duration.ofSeconds(60);

  private ArgoRollouts() {}

  /** Makes the cluster know its kinds. Skips the calling test where it is not built. */
  public static void install(ControlPlane plane) {
    Path definitions = program().resolveSibling("crds");
    plane.kubectl("apply", "--server-side", "--force-conflicts", "-f", definitions.toString());
    Eventually.holds("the kind is known", SOON, () -> served(plane));
  }

  private static boolean served(ControlPlane plane) {
    APIResourceList kinds = plane.client().getApiResources("argoproj.io/v1alpha1");
    return kinds != null
        && kinds.getResources().stream().anyMatch(kind -> kind.getName().equals("rollouts"));
  }

  /**
   * Starts the controller for one namespace of a cluster that knows its kinds.
   *
   * @param folder where its log is kept
   */
  public static Component start(ClusterNamespace namespace, ControlPlane plane, Path folder) {
    return Component.start(
        folder,
        "argo-rollouts",
        List.of(
            program().toString(),
            "--kubeconfig=" + plane.kubeconfig(),
            "--namespaced",
            "--namespace=" + namespace.name(),
            "--leader-elect=false",
            "--metricsPort=" + FreePort.next(),
            "--healthzPort=" + FreePort.next()));
  }

  private static Path program() {
    var program = Binaries.built("argorollouts").filter(Files::isExecutable);
    Assumptions.assumeTrue(
        program.isPresent(),
        "no Argo Rollouts: run src/test/argorollouts/build.sh once (about four minutes)");
    return program.orElseThrow();
  }
}
