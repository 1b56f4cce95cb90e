package dev.belay.kube;

import dev.belay.controlplane.ClusterNamespace;
import dev.belay.controlplane.ControlPlane;
import dev.belay.controlplane.ControlPlane.KubectlFailed;
import dev.belay.controlplane.Eventually;
import dev.belay.core.access.Right;
import dev.belay.core.access.Verb;
import dev.belay.core.remediation.Manifest;
import dev.belay.port.Baselines;
import dev.belay.port.Cluster;
import dev.belay.port.ClusterFixture;
import dev.belay.sandbox.MemoryBaselines;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** A namespace of the real control plane, {@link FabricCluster}, and people with kubectl. */
final class KubeFixture implements ClusterFixture {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final ControlPlane plane = ControlPlane.shared();
  private final ClusterNamespace namespace = new ClusterNamespace(plane, "contract");
  private final Baselines baselines = new MemoryBaselines();
  private final FabricCluster cluster =
      FabricCluster.connect(
          Optional.of(plane.kubeconfig()),
          Optional.of(ControlPlane.ADMIN),
          FabricCluster.DEFAULT_TIMEOUT,
          baselines);

  private final FabricCluster limited =
      FabricCluster.connect(
          Optional.of(plane.kubeconfig()),
          Optional.of(ControlPlane.LIMITED),
          FabricCluster.DEFAULT_TIMEOUT,
          baselines);

  @Override
  public Cluster cluster() {
    return cluster;
  }

  @Override
  public Cluster limitedTo(Right right) {
    String resource = right.resource() + (right.group().isEmpty() ? "" : "." + right.group());
    List<String> role =
        new ArrayList<>(
            List.of(
                "create",
                "role",
                "limited",
                "--verb=" + right.verbs().stream().map(Verb::word).collect(Collectors.joining(",")),
                "--resource=" + resource));
    // Each by itself: kubectl takes commas for a part of the name.
    right.names().forEach(name -> role.add("--resource-name=" + name));
    namespace.kubectl(role.toArray(String[]::new));
    namespace.kubectl("create", "rolebinding", "limited", "--role=limited", "--user=limited");
    return limited;
  }

  @Override
  public Baselines baselines() {
    return baselines;
  }

  @Override
  public String namespace() {
    return namespace.name();
  }

  @Override
  public void createDeployment(String name, int replicas, String image) {
    namespace.createDeployment(name, replicas, image);
  }

  @Override
  public void setImage(String name, String image) {
    namespace.setImage(name, image);
  }

  @Override
  public void annotate(String name, String key, String value) {
    namespace.kubectl("annotate", "--overwrite", deployment(name), key + "=" + value);
  }

  @Override
  public void label(String name, String key, String value) {
    namespace.kubectl("label", "--overwrite", deployment(name), key + "=" + value);
  }

  @Override
  public void pause(String name) {
    namespace.kubectl("rollout", "pause", deployment(name));
  }

  @Override
  public void resume(String name) {
    namespace.kubectl("rollout", "resume", deployment(name));
  }

  @Override
  public void restart(String name) {
    namespace.kubectl("rollout", "restart", deployment(name));
  }

  @Override
  public void scale(String name, int replicas) {
    namespace.kubectl("scale", deployment(name), "--replicas=" + replicas);
  }

  @Override
  public String undo(String name, long toRevision) {
    return said("rollout", "undo", deployment(name), "--to-revision=" + toRevision);
  }

  @Override
  public void deleteDeployment(String name) {
    namespace.kubectl("delete", deployment(name));
    eventually("its ReplicaSets are gone", () -> replicaSets(name).isEmpty());
  }

  @Override
  public void deleteRevision(String name, long number) {
    namespace.kubectl("delete", "replicaset", replicaSet(name, number).getMetadata().getName());
  }

  @Override
  public void setProgressDeadline(String name, int seconds) {
    patchSpec(name, "progressDeadlineSeconds", seconds);
  }

  @Override
  public void setHistoryLimit(String name, int limit) {
    patchSpec(name, "revisionHistoryLimit", limit);
  }

  private void patchSpec(String name, String field, int value) {
    namespace.kubectl(
        "patch", deployment(name), "-p", "{\"spec\":{\"" + field + "\":" + value + "}}");
  }

  @Override
  public void awaitComplete(String name) {
    namespace.awaitRollout(name);
  }

  @Override
  public void eventually(String what, BooleanSupplier condition) {
    Eventually.holds(what, LONG, condition);
  }

  @Override
  public String history(String name) {
    return said("rollout", "history", deployment(name));
  }

  @Override
  public String status(String name) {
    return said("rollout", "status", deployment(name), "--watch=false");
  }

  @Override
  public SortedMap<String, String> annotations(String name) {
    return annotations(
        plane.client().apps().deployments().inNamespace(namespace()).withName(name).require());
  }

  @Override
  public SortedMap<String, String> revisionAnnotations(String name, long number) {
    return annotations(replicaSet(name, number));
  }

  @Override
  public void createConfigMap(String name, Map<String, String> values, boolean immutable) {
    ConfigMap configMap =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(namespace())
            .endMetadata()
            .withData(values)
            .withImmutable(immutable)
            .build();
    plane.client().resource(configMap).create();
  }

  @Override
  public void editConfigMap(String name, String key, Optional<String> value) {
    var _ =
        configMapNamed(name)
            .edit(
                configMap -> {
                  Map<String, String> data = new TreeMap<>(configMap.getData());
                  value.ifPresentOrElse(it -> data.put(key, it), () -> data.remove(key));
                  return new ConfigMapBuilder(configMap).withData(data).build();
                });
  }

  @Override
  public void deleteConfigMap(String name) {
    namespace.kubectl("delete", "configmap", name);
  }

  @Override
  public SortedMap<String, String> configMap(String name) {
    return new TreeMap<>(configMapNamed(name).require().getData());
  }

  @Override
  public SortedMap<String, String> configMapAnnotations(String name) {
    return annotations(configMapNamed(name).require());
  }

  @Override
  public void applyForeign(Manifest manifest) {
    namespace.create(manifest.json());
  }

  @Override
  public Optional<SortedMap<String, String>> labels(Manifest manifest) {
    return live(manifest).map(object -> new TreeMap<>(object.getMetadata().getLabels()));
  }

  @Override
  public Optional<SortedMap<String, String>> annotations(Manifest manifest) {
    return live(manifest).map(KubeFixture::annotations);
  }

  @Override
  public void close() {
    cluster.close();
    limited.close();
  }

  private Optional<GenericKubernetesResource> live(Manifest manifest) {
    return Optional.ofNullable(
        plane
            .client()
            .genericKubernetesResources(manifest.apiVersion(), manifest.kind())
            .inNamespace(manifest.namespace())
            .withName(manifest.name())
            .get());
  }

  private Resource<ConfigMap> configMapNamed(String name) {
    return plane.client().configMaps().inNamespace(namespace()).withName(name);
  }

  private ReplicaSet replicaSet(String name, long number) {
    return replicaSets(name).stream()
        .filter(
            each ->
                Long.toString(number)
                    .equals(annotations(each).get("deployment.kubernetes.io/revision")))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no revision " + number + " of " + name));
  }

  private List<ReplicaSet> replicaSets(String name) {
    return plane
        .client()
        .apps()
        .replicaSets()
        .inNamespace(namespace())
        .withLabel("app", name)
        .list()
        .getItems();
  }

  private static SortedMap<String, String> annotations(HasMetadata object) {
    return new TreeMap<>(object.getMetadata().getAnnotations());
  }

  private String said(String... arguments) {
    try {
      return namespace.kubectl(arguments);
    } catch (KubectlFailed e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static String deployment(String name) {
    return "deployment/" + name;
  }
}
