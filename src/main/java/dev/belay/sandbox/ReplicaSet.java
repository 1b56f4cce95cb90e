package dev.belay.sandbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A ReplicaSet of a Deployment, as the API server keeps it. */
final class ReplicaSet {
  static final String REVISION = "deployment.kubernetes.io/revision";
  static final String REVISION_HISTORY = "deployment.kubernetes.io/revision-history";

  final String uid;
  final String name;
  final PodTemplate template;
  final Instant createdAt;
  final SortedMap<String, String> annotations = new TreeMap<>();
  final List<Pod> pods = new ArrayList<>();

  ReplicaSet(String uid, String name, PodTemplate template, Instant createdAt) {
    this.uid = uid;
    this.name = name;
    this.template = template;
    this.createdAt = createdAt;
  }

  /** Its revision number, 0 where it has none yet. */
  long revision() {
    return Long.parseLong(annotations.getOrDefault(REVISION, "0"));
  }

  int ready(Instant now) {
    return (int) pods.stream().filter(pod -> pod.ready(now)).count();
  }

  Optional<String> annotation(String key) {
    return Optional.ofNullable(annotations.get(key));
  }
}
