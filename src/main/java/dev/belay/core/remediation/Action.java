package dev.belay.core.remediation;

import dev.belay.core.release.Workload;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * What a step of a ladder does, as people wrote it. A {@link Plan} says what that means for the
 * cluster as it is.
 */
public sealed interface Action {
  /** Which revision to return to. */
  enum Baseline {
    /** The newest that Belay has seen run well; none, no rollback. */
    LAST_GOOD,
    /** The one before, seen to run well or not. */
    PREVIOUS
  }

  /** Return a workload to an earlier revision. */
  record Rollback(Workload workload, Baseline to) implements Action {}

  /** Set feature flags in a ConfigMap. */
  record Flags(ConfigMapRef configMap, SortedMap<String, String> set) implements Action {}

  /**
   * Apply manifests that limit traffic.
   *
   * @param source the file they came from, as written
   */
  record RateLimit(String source, List<Manifest> manifests) implements Action {}

  /** Call a person. The last step of every ladder, written or not. */
  record Page() implements Action {}

  /** Of all that it touches. */
  default Stream<String> namespaces() {
    return switch (this) {
      case Rollback(var workload, _) -> Stream.of(workload.namespace());
      case Flags(var configMap, _) -> Stream.of(configMap.namespace());
      case RateLimit(_, var manifests) -> manifests.stream().map(Manifest::namespace);
      case Page _ -> Stream.empty();
    };
  }

  /** The name of the action as people write it, for logs and metrics. */
  default String kind() {
    return switch (this) {
      case Rollback _ -> "rollback";
      case Flags _ -> "flags";
      case RateLimit _ -> "rate_limit";
      case Page _ -> "page";
    };
  }
}
