package dev.belay.kube;

import dev.belay.port.ClusterContract;
import dev.belay.port.ClusterFixture;

/** The contract of all clusters, on a real control plane. */
final class FabricClusterContractIT extends ClusterContract {
  @Override
  protected ClusterFixture fixture() {
    return new KubeFixture();
  }
}
