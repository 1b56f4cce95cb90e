package dev.belay.kube;

import dev.belay.core.access.Rights;
import dev.belay.core.release.Workload;
import dev.belay.core.rule.Place;
import dev.belay.core.rule.WorkloadSelector;
import dev.belay.port.ClusterUnavailable;
import dev.belay.port.WorkloadWatch;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Watches workloads by fabric8's informers, one for each kind and namespace. They list again after
 * a break and tell what changed meanwhile, so that nothing is lost. Of each object only what tells
 * it from its next version is kept.
 *
 * <p>A kind that not every server has is watched while this one has it, which is asked again and
 * again.
 */
final class InformedWatch implements WorkloadWatch {
  /** After so long it is asked again whether the server has a kind. */
  static final Duration PATIENCE = Duration.ofMinutes(1);

  /** The same, while there was no answer yet. */
  private static final Duration HASTE = Duration.ofSeconds(2);

  private static final long PAGE = 500;

  private final KubernetesClient client;
  private final ServedKinds kinds;
  private final Duration patience;
  private final Consumer<Workload> changed;
  private final Map<Scope, Informer> informers = new ConcurrentHashMap<>();

  /** Those whose kind the server may not have, and why that is not known; empty where it is. */
  private final Map<Scope, Optional<String>> uncertain = new ConcurrentHashMap<>();

  private final ScheduledExecutorService asking =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofVirtual().name("belay-watch-kinds").factory());
  private boolean closed;

  private InformedWatch(
      KubernetesClient client, ServedKinds kinds, Duration patience, Consumer<Workload> changed) {
    this.client = client;
    this.kinds = kinds;
    this.patience = patience;
    this.changed = changed;
  }

  /**
   * What one informer watches.
   *
   * @param namespace in which namespace; empty: in all
   * @param labels a label selector; empty: all
   */
  private record Scope(WorkloadKind kind, Optional<String> namespace, String labels) {
    /** Whether it sees all that the other sees. */
    boolean holds(Scope other) {
      return kind == other.kind
          && (namespace.isEmpty() || namespace.equals(other.namespace))
          && (labels.isEmpty() || labels.equals(other.labels));
    }

    /** Whether it sees all that there is. */
    boolean holds(Place place) {
      return labels.isEmpty()
          && kind.word().equals(place.kind())
          && (namespace.isEmpty() || namespace.equals(place.namespace()));
    }

    /** Whether it sees some of what there is. */
    boolean touches(Place place) {
      return kind.word().equals(place.kind())
          && (namespace.isEmpty()
              || place.namespace().isEmpty()
              || namespace.equals(place.namespace()));
    }

    @Override
    public String toString() {
      return kind.word() + "s" + namespace.map(name -> " of " + name).orElse("");
    }
  }

  /**
   * Begins to watch.
   *
   * @param patience after how long it is asked again whether the server has a kind
   */
  static InformedWatch start(
      KubernetesClient client,
      ServedKinds kinds,
      Duration patience,
      Set<Workload> workloads,
      List<WorkloadSelector> selectors,
      Consumer<Workload> changed) {
    InformedWatch watch = new InformedWatch(client, kinds, patience, changed);
    Set<Scope> scopes = scopes(workloads, selectors);
    for (Scope scope : scopes) {
      boolean seen = scopes.stream().anyMatch(it -> !it.equals(scope) && it.holds(scope));
      if (!seen && scope.kind().builtIn()) {
        watch.informers.put(scope, Informer.start(client, scope, changed));
      } else if (!seen) {
        watch.uncertain.put(scope, Optional.of("watching " + scope + " has yet to begin"));
      }
    }
    if (!watch.uncertain.isEmpty()) {
      watch.askIn(Duration.ZERO);
    }
    return watch;
  }

  private void askIn(Duration pause) {
    try {
      var _ = asking.schedule(this::ask, pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // It is being closed.
    }
  }

  private void ask() {
    try {
      uncertain.keySet().forEach(this::askFor);
    } finally {
      askIn(uncertain.values().stream().anyMatch(Optional::isPresent) ? HASTE : patience);
    }
  }

  private void askFor(Scope scope) {
    try {
      follow(scope, kinds.has(scope.kind()));
    } catch (Forbidden | ClusterUnavailable e) {
      // What was known before is the best guess; the informers tell of a server that is away.
      uncertain.computeIfPresent(
          scope,
          (_, why) ->
              why.map(
                  _ ->
                      "whether there are "
                          + scope
                          + " to be watched is not known: "
                          + e.getMessage()));
    }
  }

  private synchronized void follow(Scope scope, boolean there) {
    if (closed) {
      return;
    }
    if (there) {
      informers.computeIfAbsent(scope, _ -> Informer.start(client, scope, changed));
    } else {
      Optional.ofNullable(informers.remove(scope)).ifPresent(gone -> gone.inner().stop());
    }
    uncertain.put(scope, Optional.empty());
  }

  private static Set<Scope> scopes(Set<Workload> workloads, List<WorkloadSelector> selectors) {
    Map<WorkloadKind, Set<String>> namespaces = new EnumMap<>(WorkloadKind.class);
    for (Workload workload : workloads) {
      WorkloadKind.of(workload)
          .ifPresent(
              kind ->
                  namespaces.computeIfAbsent(kind, _ -> new TreeSet<>()).add(workload.namespace()));
    }
    Set<Scope> scopes = new LinkedHashSet<>();
    namespaces.forEach(
        (kind, names) -> {
          if (names.size() > Rights.MOST_NAMESPACES) {
            scopes.add(new Scope(kind, Optional.empty(), ""));
          } else {
            names.forEach(name -> scopes.add(new Scope(kind, Optional.of(name), "")));
          }
        });
    for (WorkloadSelector selector : selectors) {
      for (Place place : selector.places()) {
        WorkloadKind.of(place.kind())
            .ifPresent(
                kind -> scopes.add(new Scope(kind, place.namespace(), selector.labelSelector())));
      }
    }
    return scopes;
  }

  /** What ails each scope that is not watched. */
  private Map<Scope, String> troubles() {
    Map<Scope, String> troubles = new HashMap<>();
    informers.forEach(
        (scope, informer) -> informer.trouble().ifPresent(why -> troubles.put(scope, why)));
    uncertain.forEach((scope, unknown) -> unknown.ifPresent(why -> troubles.put(scope, why)));
    return troubles;
  }

  @Override
  public Optional<String> trouble() {
    List<String> troubles = troubles().values().stream().distinct().sorted().toList();
    return troubles.isEmpty()
        ? Optional.empty()
        : Optional.of("changes are noticed late only: " + String.join("; ", troubles));
  }

  @Override
  public boolean misses(Place place) {
    Set<Scope> broken = troubles().keySet();
    return broken.stream().anyMatch(scope -> scope.touches(place))
        && informers.keySet().stream()
            .noneMatch(scope -> scope.holds(place) && !broken.contains(scope));
  }

  @Override
  public synchronized void close() {
    closed = true;
    asking.shutdownNow();
    informers.values().forEach(informer -> informer.inner().stop());
  }

  /** One kind in one namespace, or in all. */
  private record Informer(
      String what, SharedIndexInformer<GenericKubernetesResource> inner, LastFailure failure) {
    static Informer start(KubernetesClient client, Scope scope, Consumer<Workload> changed) {
      var resources = client.genericKubernetesResources(scope.kind().context());
      FilterWatchListDeletable<
              GenericKubernetesResource,
              GenericKubernetesResourceList,
              Resource<GenericKubernetesResource>>
          all =
              scope.namespace().isPresent()
                  ? resources.inNamespace(scope.namespace().get())
                  : resources.inAnyNamespace();
      SharedIndexInformer<GenericKubernetesResource> inner =
          (scope.labels().isEmpty() ? all : all.withLabelSelector(scope.labels()))
              .withLimit(PAGE)
              .runnableInformer(0);
      LastFailure failure = new LastFailure(scope.kind());
      var _ =
          inner
              .removeNamespaceIndex()
              .itemStore(new Outlines())
              .addEventHandler(new Changes(scope.kind().word(), changed))
              .exceptionHandler(
                  (_, cause) -> {
                    failure.set(cause);
                    return true;
                  })
              .start();
      return new Informer("watching " + scope, inner, failure);
    }

    Optional<String> trouble() {
      if (inner.isWatching()) {
        failure.forget();
        return Optional.empty();
      }
      return Optional.of(what + failure.sentence());
    }
  }

  /** Why a watch broke, or does not begin. */
  private static final class LastFailure {
    private final WorkloadKind kind;
    private volatile Optional<String> message = Optional.empty();

    LastFailure(WorkloadKind kind) {
      this.kind = kind;
    }

    void set(Throwable thrown) {
      message = refusal(thrown).or(() -> Optional.ofNullable(thrown.getMessage()));
    }

    /** It is over: what breaks the watch next is another. */
    void forget() {
      message = Optional.empty();
    }

    /** What the server refuses, and what to do about it; empty where it is not that. */
    private Optional<String> refusal(@Nullable Throwable thrown) {
      return switch (thrown) {
        case null -> Optional.empty();
        case KubernetesClientException e
            when e.getCode() == HttpURLConnection.HTTP_FORBIDDEN && e.getStatus() != null ->
            Optional.of(
                e.getStatus().getMessage()
                    + "; grant Belay the right to list and watch "
                    + kind.plural()
                    + ", as in the role that belay rbac prints");
        default -> refusal(thrown.getCause());
      };
    }

    String sentence() {
      return message.map(text -> " fails: " + text).orElse(" has yet to begin");
    }
  }

  /** Passes on what changed; a listing again that shows the same is no change. */
  private record Changes(String kind, Consumer<Workload> changed)
      implements ResourceEventHandler<GenericKubernetesResource> {
    @Override
    public void onAdd(GenericKubernetesResource object) {
      tell(object);
    }

    @Override
    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource object) {
      if (!before
          .getMetadata()
          .getResourceVersion()
          .equals(object.getMetadata().getResourceVersion())) {
        tell(object);
      }
    }

    @Override
    public void onDelete(GenericKubernetesResource object, boolean finalStateUnknown) {
      tell(object);
    }

    private void tell(GenericKubernetesResource object) {
      changed.accept(
          new Workload(kind, object.getMetadata().getNamespace(), object.getMetadata().getName()));
    }
  }

  /** Name and version of each object, and no more: there may be thousands. */
  private static final class Outlines implements ItemStore<GenericKubernetesResource> {
    private final Map<String, GenericKubernetesResource> objects = new ConcurrentHashMap<>();

    @Override
    public String getKey(GenericKubernetesResource object) {
      return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
    }

    @Override
    public @Nullable GenericKubernetesResource put(String key, GenericKubernetesResource object) {
      GenericKubernetesResource outline = new GenericKubernetesResource();
      outline.setMetadata(
          new ObjectMetaBuilder()
              .withNamespace(object.getMetadata().getNamespace())
              .withName(object.getMetadata().getName())
              .withUid(object.getMetadata().getUid())
              .withResourceVersion(object.getMetadata().getResourceVersion())
              .build());
      return objects.put(key, outline);
    }

    @Override
    public @Nullable GenericKubernetesResource remove(String key) {
      return objects.remove(key);
    }

    @Override
    public Stream<String> keySet() {
      return objects.keySet().stream();
    }

    @Override
    public Stream<GenericKubernetesResource> values() {
      return objects.values().stream();
    }

    @Override
    public int size() {
      return objects.size();
    }

    @Override
    public @Nullable GenericKubernetesResource get(String key) {
      return objects.get(key);
    }

    @Override
    public boolean isFullState() {
      return false;
    }
  }
}
