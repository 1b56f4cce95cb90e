package dev.belay.cli;

import dev.belay.app.NoCluster;
import dev.belay.app.StartFailed;
import dev.belay.app.config.BelayConfig;
import dev.belay.journal.BaselineFolder;
import dev.belay.kube.FabricCluster;
import dev.belay.port.Baselines;
import dev.belay.port.Cluster;

/** The cluster that the configuration names, and the connection beneath it. */
record KubernetesAccess(Cluster cluster, Baselines baselines, Runnable hangUp)
    implements AutoCloseable {
  /**
   * Opens the connection; the cluster need not answer yet. Revisions that can be returned to are
   * kept beside the journal.
   *
   * @throws StartFailed where the configuration names a file or context that is not there
   */
  static KubernetesAccess open(BelayConfig config) {
    BelayConfig.Cluster settings = config.cluster();
    Baselines baselines = BaselineFolder.beside(config.journal());
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
