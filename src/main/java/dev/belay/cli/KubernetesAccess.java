package dev.belay.cli;

import dev.belay.app.NoCluster;
import dev.belay.app.StartFailed;
import dev.belay.app.config.BelayConfig;
import dev.belay.kube.FabricCluster;
import dev.belay.port.Baselines;
import dev.belay.port.Cluster;

/** The cluster that the configuration names, and the connection beneath it. */
record KubernetesAccess(Cluster cluster, Baselines baselines, Runnable hangUp)
    implements AutoCloseable {
  /**
   * Opens the connection; the cluster need not answer yet.
   *
   * @param baselines where revisions are kept that can be returned to
   * @throws StartFailed where the configuration names a file or context that is not there
   */
  static KubernetesAccess open(BelayConfig.Cluster settings, Baselines baselines) {
    if (!settings.enabled()) {
      return new KubernetesAccess(new NoCluster(), baselines, () -> {});
    }
    try {
      FabricCluster cluster =
          FabricCluster.connect(
              settings.kubeconfig(), settings.context(), FabricCluster.DEFAULT_TIMEOUT, baselines);
      return new KubernetesAccess(cluster, baselines, cluster::close);
    } catch (IllegalArgumentException e) {
      throw new StartFailed("cluster: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    hangUp.run();
  }
}
