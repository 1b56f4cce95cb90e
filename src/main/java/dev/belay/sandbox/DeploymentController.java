package dev.belay.sandbox;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/** What the controller manager and the kubelets do with one Deployment, at one moment. */
final class DeploymentController {
  static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  /** Annotations that are never copied between a Deployment and its ReplicaSets. */
  static final Set<String> RESERVED =
      Set.of(
          LAST_APPLIED,
          ReplicaSet.REVISION,
          ReplicaSet.REVISION_HISTORY,
          "deployment.kubernetes.io/desired-replicas",
          "deployment.kubernetes.io/max-replicas",
          "deprecated.deployment.rollback.to");

  private static final int HASH_LENGTH = 10;

  private final ImageBehavior.Table images;
  private final LongSupplier counter;

  DeploymentController(ImageBehavior.Table images, LongSupplier counter) {
    this.images = images;
    this.counter = counter;
  }

  /** Does everything that can be done now. Doing it again changes nothing. */
  void reconcile(Deployment deployment, Instant now) {
    if (deployment.paused) {
      scalePaused(deployment, now);
    } else {
      ReplicaSet current = currentOrMade(deployment, now);
      number(deployment, current);
      while (roll(deployment, current, now)) {
        deployment.progressedAt = now;
      }
    }
    cleanUp(deployment);
  }

  /** When something happens next by itself, if anything does. */
  Optional<Instant> nextAfter(Deployment deployment, Instant now) {
    return deployment.replicaSets.stream()
        .flatMap(each -> each.pods.stream())
        .map(Pod::readyAt)
        .filter(at -> at.isAfter(now) && at.isBefore(Instant.MAX))
        .min(Comparator.naturalOrder());
  }

  private ReplicaSet currentOrMade(Deployment deployment, Instant now) {
    return deployment
        .current()
        .orElseGet(
            () -> {
              String hash = deployment.template.digest().substring(0, HASH_LENGTH);
              long number = counter.getAsLong();
              ReplicaSet made =
                  new ReplicaSet(
                      "rs-" + number,
                      deployment.name + "-" + hash + "-" + number,
                      deployment.template.withHash(hash),
                      now);
              deployment.replicaSets.add(made);
              deployment.progressedAt = now;
              return made;
            });
  }

  /** Gives the present ReplicaSet the highest number and a copy of the Deployment's annotations. */
  private static void number(Deployment deployment, ReplicaSet current) {
    deployment.annotations.forEach(
        (key, value) -> {
          if (!RESERVED.contains(key)) {
            current.annotations.put(key, value);
          }
        });
    long highest =
        deployment.replicaSets.stream()
            .filter(each -> each != current)
            .mapToLong(ReplicaSet::revision)
            .max()
            .orElse(0);
    long before = current.revision();
    if (before <= highest) {
      if (before > 0) {
        current.annotations.merge(
            ReplicaSet.REVISION_HISTORY, Long.toString(before), (a, b) -> a + "," + b);
      }
      current.annotations.put(ReplicaSet.REVISION, Long.toString(highest + 1));
    }
    // Written through the status, so the generation stays.
    deployment.annotations.put(ReplicaSet.REVISION, Long.toString(current.revision()));
  }

  /** One step of a rolling update; false where none can be taken now. */
  private boolean roll(Deployment deployment, ReplicaSet current, Instant now) {
    if (current.pods.size() > deployment.replicas) {
      shrink(current, current.pods.size() - deployment.replicas, now);
      return true;
    }
    int room =
        Math.min(
            deployment.replicas + deployment.maxSurge() - deployment.total(),
            deployment.replicas - current.pods.size());
    if (room > 0) {
      grow(current, room, now);
      return true;
    }
    return shrinkOld(deployment, current, now);
  }

  private static boolean shrinkOld(Deployment deployment, ReplicaSet current, Instant now) {
    int least = deployment.replicas - deployment.maxUnavailable();
    int startingUp = current.pods.size() - current.ready(now);
    int unready = deployment.total() - least - startingUp;
    int spare = deployment.available(now) - least;
    List<ReplicaSet> old =
        deployment.replicaSets.stream()
            .filter(each -> each != current && !each.pods.isEmpty())
            .sorted(Comparator.comparing((ReplicaSet each) -> each.createdAt))
            .toList();
    for (ReplicaSet each : old) {
      int ill = each.pods.size() - each.ready(now);
      if (ill > 0 && unready > 0) {
        shrink(each, Math.min(ill, unready), now);
        return true;
      }
    }
    if (spare > 0 && unready > 0 && !old.isEmpty()) {
      shrink(old.getFirst(), Math.min(old.getFirst().pods.size(), spare), now);
      return true;
    }
    return false;
  }

  private void grow(ReplicaSet replicaSet, int by, Instant now) {
    String image = replicaSet.template.images().getFirst();
    ImageBehavior behavior = images.of(image);
    Instant readyAt = behavior.readyAfter().map(now::plus).orElse(Instant.MAX);
    for (int i = 0; i < by; i++) {
      String name = replicaSet.name + "-" + counter.getAsLong();
      replicaSet.pods.add(new Pod(name, image, readyAt, behavior.waiting()));
    }
  }

  /** Takes away pods, those that are not ready first, then the youngest. */
  private static void shrink(ReplicaSet replicaSet, int by, Instant now) {
    for (int i = 0; i < by; i++) {
      Pod victim =
          replicaSet.pods.stream()
              .filter(pod -> !pod.ready(now))
              .findFirst()
              .orElseGet(replicaSet.pods::getLast);
      replicaSet.pods.remove(victim);
    }
  }

  /** While paused nothing is rolled out, but replicas are still counted. */
  private void scalePaused(Deployment deployment, Instant now) {
    Optional<ReplicaSet> largest =
        deployment.replicaSets.stream()
            .filter(each -> !each.pods.isEmpty())
            .max(Comparator.comparingInt((ReplicaSet each) -> each.pods.size()));
    largest.ifPresent(
        each -> {
          int room = deployment.replicas + deployment.maxSurge() - deployment.total();
          boolean alone = each.pods.size() == deployment.total();
          int wanted = alone ? deployment.replicas : each.pods.size() + Math.min(0, room);
          if (wanted > each.pods.size()) {
            grow(each, wanted - each.pods.size(), now);
          } else {
            shrink(each, each.pods.size() - Math.max(0, wanted), now);
          }
        });
  }

  /** Old ReplicaSets beyond the history limit go, the lowest revision first. */
  private static void cleanUp(Deployment deployment) {
    Optional<ReplicaSet> current = deployment.current();
    List<ReplicaSet> old =
        deployment.replicaSets.stream()
            .filter(each -> current.filter(present -> present == each).isEmpty())
            .sorted(Comparator.comparingLong(ReplicaSet::revision))
            .toList();
    old.stream()
        .limit(Math.max(0, old.size() - deployment.historyLimit))
        .filter(each -> each.pods.isEmpty())
        .forEach(deployment.replicaSets::remove);
  }
}
