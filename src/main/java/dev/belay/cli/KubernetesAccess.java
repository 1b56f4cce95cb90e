package dev.belay.cli;

import dev.belay.app.NoCluster;
import dev.belay.app.config.BelayConfig;
import dev.belay.kube.ClusterConnection;
import dev.belay.kube.FabricCluster;
import dev.belay.port.Cluster;

/** The cluster that the configuration names, and the connection beneath it. */
record KubernetesAccess(Cluster cluster, Runnable hangUp) implements AutoCloseable {
  static KubernetesAccess open(BelayConfig.Cluster settings) {
    if (!settings.enabled()) {
      return new KubernetesAccess(new NoCluster(), () -> {});
    }
    var client =
        ClusterConnection.open(
            settings.kubeconfig(), settings.context(), ClusterConnection.DEFAULT_TIMEOUT);
    return new KubernetesAccess(
        new FabricCluster(client, ClusterConnection.DEFAULT_TIMEOUT), client::close);
  }

  @Override
  public void close() {
    hangUp.run();
  }
}
