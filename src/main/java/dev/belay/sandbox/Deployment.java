package dev.belay.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A Deployment and what it owns, as the API server keeps it. */
final class Deployment {
  private static final int DEFAULT_HISTORY = 10;
  private static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(10);
  private static final int PERCENT_25 = 4;

  final String namespace;
  final String name;
  final String uid;
  final SortedMap<String, String> labels = new TreeMap<>();
  final SortedMap<String, String> annotations = new TreeMap<>();
  final List<ReplicaSet> replicaSets = new ArrayList<>();
  PodTemplate template;

  /** The field manager that wrote the template. */
  String writer = "kubectl-create";

  int replicas;
  long generation = 1;
  boolean paused;
  int historyLimit = DEFAULT_HISTORY;
  Duration progressDeadline = DEFAULT_DEADLINE;
  Instant progressedAt;

  Deployment(
      String namespace,
      String name,
      String uid,
      int replicas,
      PodTemplate template,
      Instant createdAt) {
    this.namespace = namespace;
    this.name = name;
    this.uid = uid;
    this.replicas = replicas;
    this.template = template;
    this.progressedAt = createdAt;
  }

  /** How many pods there may be beyond {@code replicas}: 25 %, rounded up. */
  int maxSurge() {
    return (replicas + PERCENT_25 - 1) / PERCENT_25;
  }

  /** How many pods may be missing: 25 %, rounded down. */
  int maxUnavailable() {
    return replicas / PERCENT_25;
  }

  /** The oldest ReplicaSet that has the present template. */
  Optional<ReplicaSet> current() {
    return replicaSets.stream()
        .filter(each -> each.template.sameAs(template))
        .min(Comparator.comparing((ReplicaSet each) -> each.createdAt));
  }

  Optional<ReplicaSet> revision(long number) {
    return replicaSets.stream().filter(each -> each.revision() == number).findFirst();
  }

  /** Its ReplicaSets, the highest revision first. */
  List<ReplicaSet> newestFirst() {
    return replicaSets.stream()
        .sorted(Comparator.comparingLong(ReplicaSet::revision).reversed())
        .toList();
  }

  int updated() {
    return current().map(each -> each.pods.size()).orElse(0);
  }

  int total() {
    return replicaSets.stream().mapToInt(each -> each.pods.size()).sum();
  }

  int available(Instant now) {
    return replicaSets.stream().mapToInt(each -> each.ready(now)).sum();
  }

  /** By the rules of {@code kubectl rollout status}. */
  boolean complete(Instant now) {
    return updated() >= replicas && total() <= updated() && available(now) >= updated();
  }

  /** Whether the controller gave up waiting for progress. */
  boolean deadlineExceeded(Instant now) {
    return !paused && !complete(now) && !now.isBefore(progressedAt.plus(progressDeadline));
  }
}
