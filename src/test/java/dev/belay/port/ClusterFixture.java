package dev.belay.port;

import dev.belay.core.access.Right;
import dev.belay.core.remediation.Manifest;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;

/**
 * A cluster and the people who work on it, for {@link ClusterContract}. Each test has its own, with
 * a namespace that holds nothing of the test's.
 *
 * <p>What a pod does is told by its image's tag: {@code good-N} and {@code bad-N} become ready,
 * {@code crash-N} and {@code nopull-N} never do.
 */
public interface ClusterFixture extends AutoCloseable {
  /** What is tested. */
  Cluster cluster();

  /** The same cluster as one sees it who has been granted this right and no other. */
  Cluster limitedTo(Right right);

  /** What it keeps. */
  Baselines baselines();

  /** The namespace in which everything below happens. */
  String namespace();

  /**
   * Makes a Deployment: selector and template labels {@code app: NAME}, one container {@code app},
   * RollingUpdate with the API server's defaults.
   */
  void createDeployment(String name, int replicas, String image);

  /** {@code kubectl set image deployment/NAME app=IMAGE}. */
  void setImage(String name, String image);

  /** {@code kubectl annotate --overwrite deployment/NAME KEY=VALUE}. */
  void annotate(String name, String key, String value);

  /** {@code kubectl label --overwrite deployment/NAME KEY=VALUE}. */
  void label(String name, String key, String value);

  /** {@code kubectl rollout pause deployment/NAME}. */
  void pause(String name);

  /** {@code kubectl rollout resume deployment/NAME}. */
  void resume(String name);

  /** {@code kubectl rollout restart deployment/NAME}. */
  void restart(String name);

  /** {@code kubectl scale deployment/NAME --replicas=N}. */
  void scale(String name, int replicas);

  /**
   * {@code kubectl rollout undo deployment/NAME --to-revision=N}; 0 is the one before.
   *
   * @return what kubectl prints, error or not
   */
  String undo(String name, long toRevision);

  /** {@code kubectl delete deployment/NAME}, until it is gone. */
  void deleteDeployment(String name);

  /** {@code kubectl delete replicaset} of that revision number, until it is gone. */
  void deleteRevision(String name, long number);

  /** Sets {@code spec.progressDeadlineSeconds}. */
  void setProgressDeadline(String name, int seconds);

  /** Sets {@code spec.revisionHistoryLimit}. */
  void setHistoryLimit(String name, int limit);

  /** {@code kubectl rollout status deployment/NAME}, until it is done; fails after a bound. */
  void awaitComplete(String name);

  /** Lets time pass until the condition holds; fails after a bound of at least 30 seconds. */
  void eventually(String what, BooleanSupplier condition);

  /** What {@code kubectl rollout history deployment/NAME} prints. */
  String history(String name);

  /** What {@code kubectl rollout status deployment/NAME --watch=false} prints, error or not. */
  String status(String name);

  /** The Deployment's annotations. */
  SortedMap<String, String> annotations(String name);

  /** The annotations of the Deployment's ReplicaSet with that revision number. */
  SortedMap<String, String> revisionAnnotations(String name, long number);

  /** Makes a ConfigMap. */
  void createConfigMap(String name, Map<String, String> values, boolean immutable);

  /** A person edits one key of a ConfigMap; empty removes it. */
  void editConfigMap(String name, String key, Optional<String> value);

  /** A person deletes a ConfigMap. */
  void deleteConfigMap(String name);

  /** The ConfigMap's values. */
  SortedMap<String, String> configMap(String name);

  /** The ConfigMap's annotations. */
  SortedMap<String, String> configMapAnnotations(String name);

  /** Somebody else creates this object, with no mark of Belay's. */
  void applyForeign(Manifest manifest);

  /** The labels of an object of this kind and name; empty where there is none. */
  Optional<SortedMap<String, String>> labels(Manifest manifest);

  /** The annotations of an object of this kind and name; empty where there is none. */
  Optional<SortedMap<String, String>> annotations(Manifest manifest);

  @Override
  void close();
}
