package dev.belay.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A small, exact model of the API server and of the controllers behind it, for what Belay touches.
 * Time passes when somebody looks: everything that fell due since is done first, in order, so that
 * what is seen does not depend on how often one looks. Safe for use by many threads.
 */
public final class ControlPlane {
  private final InstantSource clock;
  private final DeploymentController controller;
  private final SortedMap<String, Deployment> deployments = new TreeMap<>();
  private final SortedMap<StoredObject.Key, StoredObject> objects = new TreeMap<>();
  private final SortedMap<Due, Runnable> due = new TreeMap<>();
  private long counter;
  private Instant now;
  // Nothing happens by itself before this.
  private Instant quietUntil = Instant.MAX;

  private record Due(Instant at, long number) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = at.compareTo(other.at);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  /** An empty cluster on that clock. */
  public ControlPlane(InstantSource clock, ImageBehavior.Table images) {
    this.clock = clock;
    this.controller = new DeploymentController(images, this::next);
    this.now = clock.instant();
  }

  /** Does what fell due until now. Everything else here does this first. */
  public synchronized void advance() {
    Instant until = clock.instant();
    if (until.isBefore(quietUntil)) {
      now = until.isAfter(now) ? until : now;
      return;
    }
    for (Optional<Instant> next = nextEvent(until); next.isPresent(); next = nextEvent(until)) {
      reach(next.get());
      settle();
    }
    if (until.isAfter(now)) {
      now = until;
    }
    quietUntil = nextEvent(Instant.MAX).orElse(Instant.MAX);
  }

  private void reach(Instant event) {
    for (Deployment each : deployments.values()) {
      // A pod that becomes ready is progress.
      if (controller.nextAfter(each, now).equals(Optional.of(event))) {
        each.progressedAt = event;
      }
    }
    now = event;
    SortedMap<Due, Runnable> ripe = new TreeMap<>(due.headMap(new Due(event, Long.MAX_VALUE)));
    ripe.forEach(
        (when, work) -> {
          due.remove(when);
          work.run();
        });
  }

  /** Looks, with nobody else in between. */
  synchronized <T> T look(Supplier<T> work) {
    advance();
    return work.get();
  }

  /** Changes, with nobody else in between; the controllers see it at once. */
  synchronized <T> T change(Supplier<T> work) {
    advance();
    T result = work.get();
    settle();
    quietUntil = nextEvent(Instant.MAX).orElse(Instant.MAX);
    return result;
  }

  /** As the other {@code change}, for what has no result. */
  void change(Runnable work) {
    change(
        () -> {
          work.run();
          return true;
        });
  }

  /** Has something happen later. */
  synchronized void later(Instant at, Runnable work) {
    due.put(new Due(at, next()), work);
  }

  /** The moment up to which everything has happened. */
  Instant now() {
    return now;
  }

  /** The next number of the one counter that all identities come from. */
  long next() {
    return ++counter;
  }

  Optional<Deployment> deployment(String namespace, String name) {
    return Optional.ofNullable(deployments.get(namespace + "/" + name));
  }

  Collection<Deployment> deployments() {
    return deployments.values();
  }

  /** Makes a Deployment. */
  Deployment create(String namespace, String name, int replicas, PodTemplate template) {
    Deployment made =
        new Deployment(namespace, name, "deployment-" + next(), replicas, template, now);
    if (deployments.putIfAbsent(namespace + "/" + name, made) != null) {
      throw new IllegalStateException("deployments.apps \"" + name + "\" already exists");
    }
    return made;
  }

  void deleteDeployment(String namespace, String name) {
    deployments.remove(namespace + "/" + name);
  }

  /**
   * Edits specification or annotations; the generation moves where that changed something.
   *
   * @param client the field manager that it is done by
   */
  void edit(Deployment deployment, String client, Consumer<Deployment> edit) {
    Spec before = Spec.of(deployment);
    edit.accept(deployment);
    if (!before.template().equals(deployment.template)) {
      deployment.writer = client;
    }
    if (!before.equals(Spec.of(deployment))) {
      deployment.generation++;
    }
  }

  Optional<StoredObject> object(StoredObject.Key key) {
    return Optional.ofNullable(objects.get(key));
  }

  /** The object of that name, made where it was not there. */
  StoredObject made(StoredObject.Key key) {
    return objects.computeIfAbsent(key, absent -> new StoredObject(absent, "object-" + next()));
  }

  /** Marks that the object was written. */
  void written(StoredObject object) {
    object.resourceVersion = next();
  }

  void delete(StoredObject.Key key) {
    objects.remove(key);
  }

  /** Every object of the kind in the namespace, by name. */
  Iterable<StoredObject> objects(String kind, String namespace) {
    return objects.values().stream()
        .filter(each -> each.key.kind().equals(kind) && each.key.namespace().equals(namespace))
        .toList();
  }

  private void settle() {
    deployments.values().forEach(each -> controller.reconcile(each, now));
  }

  private Optional<Instant> nextEvent(Instant until) {
    Optional<Instant> first = due.isEmpty() ? Optional.empty() : Optional.of(due.firstKey().at());
    for (Deployment each : deployments.values()) {
      Optional<Instant> next = controller.nextAfter(each, now);
      if (next.isPresent() && first.filter(at -> !next.get().isBefore(at)).isEmpty()) {
        first = next;
      }
    }
    return first.filter(at -> !at.isAfter(until));
  }

  /** What moves the generation of a Deployment. */
  private record Spec(
      PodTemplate template,
      int replicas,
      boolean paused,
      int historyLimit,
      Duration progressDeadline,
      Map<String, String> annotations) {
    static Spec of(Deployment deployment) {
      return new Spec(
          deployment.template,
          deployment.replicas,
          deployment.paused,
          deployment.historyLimit,
          deployment.progressDeadline,
          new TreeMap<>(deployment.annotations));
    }
  }
}
