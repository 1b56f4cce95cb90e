package dev.belay.kube;

/** The names that Belay leaves in the cluster. */
final class Marks {
  /**
   * Annotation: the id of the action that last changed the object. A ConfigMap may hold the flags
   * of several services, so there the last actions stand, the newest first, with commas between.
   */
  static final String ACTION = "belay.dev/action";

  /** Annotation: digest of the template that a rollback led away from. */
  static final String ROLLED_BACK_FROM = "belay.dev/rolled-back-from";

  /** Label, {@code true} on objects that Belay made. */
  static final String MANAGED = "belay.dev/managed";

  /** Annotation: why, as {@code kubectl rollout history} shows it. */
  static final String CHANGE_CAUSE = "kubernetes.io/change-cause";

  /** Who wrote a field, in managedFields. */
  static final String FIELD_MANAGER = "belay";

  private Marks() {}
}
