package dev.belay.sandbox;

import dev.belay.port.ClusterContract;
import dev.belay.port.ClusterFixture;

/** The contract of all clusters, on the world in memory. */
class MemoryClusterContractTest extends ClusterContract {
  @Override
  protected ClusterFixture fixture() {
    return new MemoryFixture();
  }
}
