package dev.belay.sandbox;

import dev.belay.core.access.Access;
import dev.belay.core.access.Right;
import dev.belay.core.remediation.Manifest;
import dev.belay.port.Baselines;
import dev.belay.port.Cluster;
import dev.belay.port.ClusterFixture;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;

/** The world in memory for the contract of all clusters. */
final class MemoryFixture implements ClusterFixture {
  private static final String NAMESPACE = "covet";
  private static final Duration TICK = Duration.ofMillis(100);
  private static final int MOST_TICKS = 600;

  private final VirtualClock clock = new VirtualClock();
  private final ControlPlane plane = new ControlPlane(clock, ImageBehavior.BY_TAG);
  private final Kubectl kubectl = new Kubectl(plane);
  private final MemoryCluster cluster = new MemoryCluster(plane, Faults.NONE);

  @Override
  public Cluster cluster() {
    return cluster;
  }

  @Override
  public Cluster limitedTo(Right right) {
    return new MemoryCluster(
        plane,
        new Faults() {
          @Override
          public boolean forbids(Access access) {
            return !right.accesses().contains(access);
          }
        });
  }

  @Override
  public Baselines baselines() {
    return cluster.baselines();
  }

  @Override
  public String namespace() {
    return NAMESPACE;
  }

  @Override
  public void createDeployment(String name, int replicas, String image) {
    kubectl.createDeployment(NAMESPACE, name, replicas, image);
  }

  @Override
  public void setImage(String name, String image) {
    kubectl.setImage(NAMESPACE, name, "app", image);
  }

  @Override
  public void annotate(String name, String key, String value) {
    kubectl.annotate(NAMESPACE, name, key, value);
  }

  @Override
  public void label(String name, String key, String value) {
    kubectl.label(NAMESPACE, name, key, value);
  }

  @Override
  public void pause(String name) {
    kubectl.pause(NAMESPACE, name);
  }

  @Override
  public void resume(String name) {
    kubectl.resume(NAMESPACE, name);
  }

  @Override
  public void restart(String name) {
    kubectl.restart(NAMESPACE, name);
  }

  @Override
  public void scale(String name, int replicas) {
    kubectl.scale(NAMESPACE, name, replicas);
  }

  @Override
  public String undo(String name, long toRevision) {
    return kubectl.undo(NAMESPACE, name, toRevision);
  }

  @Override
  public void deleteDeployment(String name) {
    kubectl.deleteDeployment(NAMESPACE, name);
  }

  @Override
  public void deleteRevision(String name, long number) {
    kubectl.deleteRevision(NAMESPACE, name, number);
  }

  @Override
  public void setProgressDeadline(String name, int seconds) {
    kubectl.setProgressDeadline(NAMESPACE, name, Duration.ofSeconds(seconds));
  }

  @Override
  public void setHistoryLimit(String name, int limit) {
    kubectl.setHistoryLimit(NAMESPACE, name, limit);
  }

  @Override
  public void awaitComplete(String name) {
    eventually(name + " is rolled out", () -> kubectl.complete(NAMESPACE, name));
  }

  @Override
  public void eventually(String what, BooleanSupplier condition) {
    for (int i = 0; i < MOST_TICKS; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      clock.pass(TICK);
    }
    throw new AssertionError("never came true: " + what);
  }

  @Override
  public String history(String name) {
    return kubectl.history(NAMESPACE, name);
  }

  @Override
  public String status(String name) {
    return kubectl.status(NAMESPACE, name);
  }

  @Override
  public SortedMap<String, String> annotations(String name) {
    return kubectl.annotations(NAMESPACE, name);
  }

  @Override
  public SortedMap<String, String> revisionAnnotations(String name, long number) {
    return kubectl.revisionAnnotations(NAMESPACE, name, number);
  }

  @Override
  public void createConfigMap(String name, Map<String, String> values, boolean immutable) {
    kubectl.createConfigMap(NAMESPACE, name, values, immutable);
  }

  @Override
  public void editConfigMap(String name, String key, Optional<String> value) {
    kubectl.editConfigMap(NAMESPACE, name, key, value);
  }

  @Override
  public void deleteConfigMap(String name) {
    kubectl.deleteConfigMap(NAMESPACE, name);
  }

  @Override
  public SortedMap<String, String> configMap(String name) {
    return kubectl.configMap(NAMESPACE, name).orElseThrow();
  }

  @Override
  public SortedMap<String, String> configMapAnnotations(String name) {
    return kubectl.configMapAnnotations(NAMESPACE, name);
  }

  @Override
  public void applyForeign(Manifest manifest) {
    kubectl.apply(manifest);
  }

  @Override
  public Optional<SortedMap<String, String>> labels(Manifest manifest) {
    return kubectl.labels(manifest);
  }

  @Override
  public Optional<SortedMap<String, String>> annotations(Manifest manifest) {
    return kubectl.annotations(manifest);
  }

  @Override
  public void close() {}
}
