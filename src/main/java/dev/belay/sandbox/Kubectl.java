package dev.belay.sandbox;

import dev.belay.core.remediation.Manifest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * People's hands: what kubectl does to the {@link ControlPlane}, and what it prints. Names are
 * those of kubectl's verbs.
 */
public final class Kubectl {
  private static final String CHANGE_CAUSE = "kubernetes.io/change-cause";
  private static final String RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";
  private static final int COLUMN = 10;

  private final ControlPlane plane;

  /** On that cluster. */
  public Kubectl(ControlPlane plane) {
    this.plane = plane;
  }

  /** Makes a Deployment of one container {@code app}, with label {@code app: NAME}. */
  public void createDeployment(String namespace, String name, int replicas, String image) {
    createDeployment(namespace, name, replicas, "app", image);
  }

  /** Makes a Deployment of one container of that name, with label {@code app: NAME}. */
  public void createDeployment(
      String namespace, String name, int replicas, String container, String image) {
    plane.change(
        () -> {
          Deployment made =
              plane.create(namespace, name, replicas, PodTemplate.of(name, container, image));
          made.labels.put("app", name);
        });
  }

  /** {@code kubectl delete deployment}. */
  public void deleteDeployment(String namespace, String name) {
    plane.change(() -> plane.deleteDeployment(namespace, name));
  }

  /** {@code kubectl set image deployment/NAME CONTAINER=IMAGE}. */
  public void setImage(String namespace, String name, String container, String image) {
    plane.change(
        () ->
            plane.edit(
                found(namespace, name),
                "kubectl-set",
                each -> each.template = each.template.withImage(container, image)));
  }

  /** {@code kubectl annotate --overwrite}. */
  public void annotate(String namespace, String name, String key, String value) {
    edit(namespace, name, each -> each.annotations.put(key, value));
  }

  /** {@code kubectl label --overwrite}. */
  public void label(String namespace, String name, String key, String value) {
    edit(namespace, name, each -> each.labels.put(key, value));
  }

  /** {@code kubectl scale}. */
  public void scale(String namespace, String name, int replicas) {
    edit(namespace, name, each -> each.replicas = replicas);
  }

  /** Edits {@code spec.revisionHistoryLimit}. */
  public void setHistoryLimit(String namespace, String name, int limit) {
    edit(namespace, name, each -> each.historyLimit = limit);
  }

  /** Edits {@code spec.progressDeadlineSeconds}. */
  public void setProgressDeadline(String namespace, String name, Duration deadline) {
    edit(namespace, name, each -> each.progressDeadline = deadline);
  }

  /** {@code kubectl rollout pause}. */
  public void pause(String namespace, String name) {
    edit(namespace, name, each -> each.paused = true);
  }

  /** {@code kubectl rollout resume}. */
  public void resume(String namespace, String name) {
    edit(
        namespace,
        name,
        each -> {
          each.paused = false;
          each.progressedAt = plane.now();
        });
  }

  /** {@code kubectl rollout restart}. */
  public void restart(String namespace, String name) {
    edit(
        namespace,
        name,
        each -> {
          if (each.paused) {
            throw new IllegalStateException(
                "error: deployments.apps \"" + name + "\" can't restart paused deployment");
          }
          each.template = each.template.withAnnotation(RESTARTED_AT, plane.now().toString());
        });
  }

  /**
   * {@code kubectl rollout undo deployment/NAME --to-revision=N}; 0 is the second highest.
   *
   * @return what it prints, error or not
   */
  public String undo(String namespace, String name, long toRevision) {
    return plane.change(() -> undo(found(namespace, name), toRevision));
  }

  private String undo(Deployment deployment, long toRevision) {
    String subject = "deployment.apps/" + deployment.name;
    Optional<ReplicaSet> target =
        toRevision == 0
            ? deployment.newestFirst().stream().skip(1).findFirst()
            : deployment.revision(toRevision);
    if (target.isEmpty()) {
      return toRevision == 0
          ? "error: no rollout history found for deployment \"" + deployment.name + "\"\n"
          : "error: unable to find specified revision " + toRevision + " in history\n";
    }
    if (deployment.paused) {
      return "error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout"
          + " resume' and try again\n";
    }
    PodTemplate template = target.get().template.withoutHash();
    if (template.sameAs(deployment.template)) {
      return subject
          + " skipped rollback (current template already matches revision "
          + toRevision
          + ")\n";
    }
    plane.edit(
        deployment,
        "kubectl",
        each -> {
          each.template = template;
          each.annotations.keySet().removeIf(key -> !DeploymentController.RESERVED.contains(key));
          target
              .get()
              .annotations
              .forEach(
                  (key, value) -> {
                    if (!DeploymentController.RESERVED.contains(key)) {
                      each.annotations.put(key, value);
                    }
                  });
        });
    return subject + " rolled back\n";
  }

  /** What {@code kubectl rollout history deployment/NAME} prints. */
  public String history(String namespace, String name) {
    return plane.look(
        () -> {
          StringBuilder text = new StringBuilder("deployment.apps/" + name + " \n");
          text.append("REVISION  CHANGE-CAUSE\n");
          for (ReplicaSet each : found(namespace, name).newestFirst().reversed()) {
            String number = Long.toString(each.revision());
            text.append(number).append(" ".repeat(COLUMN - number.length()));
            text.append(each.annotation(CHANGE_CAUSE).orElse("<none>")).append('\n');
          }
          return text.append('\n').toString();
        });
  }

  /** What {@code kubectl rollout status deployment/NAME --watch=false} prints, error or not. */
  public String status(String namespace, String name) {
    return plane.look(() -> status(found(namespace, name)));
  }

  private String status(Deployment deployment) {
    String waiting = "Waiting for deployment \"" + deployment.name + "\" rollout to finish: ";
    int updated = deployment.updated();
    int available = deployment.current().map(each -> each.ready(plane.now())).orElse(0);
    if (deployment.deadlineExceeded(plane.now())) {
      return "error: deployment \"" + deployment.name + "\" exceeded its progress deadline\n";
    }
    if (updated < deployment.replicas) {
      return "%s%d out of %d new replicas have been updated...\n"
          .formatted(waiting, updated, deployment.replicas);
    }
    if (deployment.total() > updated) {
      return "%s%d old replicas are pending termination...\n"
          .formatted(waiting, deployment.total() - updated);
    }
    if (available < updated) {
      return "%s%d of %d updated replicas are available...\n"
          .formatted(waiting, available, updated);
    }
    return "deployment \"" + deployment.name + "\" successfully rolled out\n";
  }

  /** A pod as {@code kubectl get pods} shows it. */
  public record PodSeen(String name, String image, boolean ready, String status) {}

  /** {@code kubectl get pods} of a Deployment; none where it does not exist. */
  public List<PodSeen> pods(String namespace, String name) {
    return plane.look(
        () ->
            plane.deployment(namespace, name).stream()
                .flatMap(each -> each.replicaSets.stream())
                .flatMap(each -> each.pods.stream())
                .map(this::seen)
                .toList());
  }

  private PodSeen seen(Pod pod) {
    boolean ready = pod.ready(plane.now());
    return new PodSeen(pod.name(), pod.image(), ready, ready ? "Running" : pod.waiting());
  }

  /** Whether {@code kubectl rollout status} would say that it is done. */
  public boolean complete(String namespace, String name) {
    return plane.look(() -> found(namespace, name).complete(plane.now()));
  }

  /** The Deployment's annotations. */
  public SortedMap<String, String> annotations(String namespace, String name) {
    return plane.look(() -> new TreeMap<>(found(namespace, name).annotations));
  }

  /** The annotations of the Deployment's ReplicaSet with that revision number. */
  public SortedMap<String, String> revisionAnnotations(
      String namespace, String name, long revision) {
    return plane.look(
        () -> new TreeMap<>(found(namespace, name).revision(revision).orElseThrow().annotations));
  }

  /** {@code kubectl delete replicaset} of an old revision. */
  public void deleteRevision(String namespace, String name, long revision) {
    plane.change(
        () -> found(namespace, name).replicaSets.removeIf(each -> each.revision() == revision));
  }

  /** Makes a ConfigMap. */
  public void createConfigMap(
      String namespace, String name, Map<String, String> values, boolean immutable) {
    plane.change(
        () -> {
          StoredObject made = plane.made(StoredObject.Key.configMap(namespace, name));
          made.data.putAll(values);
          made.immutable = immutable;
          plane.written(made);
        });
  }

  /** Edits one key of a ConfigMap; empty removes it. */
  public void editConfigMap(String namespace, String name, String key, Optional<String> value) {
    plane.change(
        () -> {
          StoredObject object =
              plane.object(StoredObject.Key.configMap(namespace, name)).orElseThrow();
          value.ifPresentOrElse(text -> object.data.put(key, text), () -> object.data.remove(key));
          plane.written(object);
        });
  }

  /** {@code kubectl delete configmap}. */
  public void deleteConfigMap(String namespace, String name) {
    plane.change(() -> plane.delete(StoredObject.Key.configMap(namespace, name)));
  }

  /** A ConfigMap's values; empty where there is no such ConfigMap. */
  public Optional<SortedMap<String, String>> configMap(String namespace, String name) {
    return plane.look(
        () ->
            plane
                .object(StoredObject.Key.configMap(namespace, name))
                .map(each -> new TreeMap<>(each.data)));
  }

  /** A ConfigMap's annotations. */
  public SortedMap<String, String> configMapAnnotations(String namespace, String name) {
    return plane.look(
        () ->
            new TreeMap<>(
                plane
                    .object(StoredObject.Key.configMap(namespace, name))
                    .orElseThrow()
                    .annotations));
  }

  /** {@code kubectl apply}, with no mark of Belay's. */
  public void apply(Manifest manifest) {
    plane.change(() -> ManifestActions.write(plane, manifest));
  }

  /** The labels of an object of that kind and name; empty where there is none. */
  public Optional<SortedMap<String, String>> labels(Manifest manifest) {
    return plane.look(
        () -> plane.object(ManifestActions.key(manifest)).map(each -> new TreeMap<>(each.labels)));
  }

  /** The annotations of an object of that kind and name; empty where there is none. */
  public Optional<SortedMap<String, String>> annotations(Manifest manifest) {
    return plane.look(
        () ->
            plane
                .object(ManifestActions.key(manifest))
                .map(each -> new TreeMap<>(each.annotations)));
  }

  private void edit(String namespace, String name, Consumer<Deployment> edit) {
    plane.change(() -> plane.edit(found(namespace, name), "kubectl", edit));
  }

  private Deployment found(String namespace, String name) {
    return plane
        .deployment(namespace, name)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Error from server (NotFound): deployments.apps \"" + name + "\" not found"));
  }
}
