package dev.belay.core.remediation;

import java.util.List;

/** What an action looks at before it is planned. */
public sealed interface Target {
  /** A workload and its revisions. */
  record OfWorkload(dev.belay.core.release.Workload workload) implements Target {}

  /** A ConfigMap's values. */
  record OfConfigMap(ConfigMapRef configMap) implements Target {}

  /** Whether objects of these names are there, and whose they are. */
  record OfManifests(List<Manifest> manifests) implements Target {}
}
