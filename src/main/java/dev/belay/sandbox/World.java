package dev.belay.sandbox;

import dev.belay.core.engine.Event;
import dev.belay.core.engine.Reading;
import dev.belay.core.rule.Service;
import dev.belay.port.Round;
import dev.belay.port.SignalSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A cluster with services, their traffic, and the alerts that follow. It computes; whoever uses it
 * calls {@link #tick} a few times a second and posts what it returns. Safe for use by many threads.
 */
public final class World implements SignalSource {
  private static final String NO_METRICS = "the sandbox has its metrics switched off";
  private static final double NANOS = 1e9;

  private final InstantSource clock;
  private final ControlPlane plane;
  private final Kubectl kubectl;
  private final MemoryCluster cluster;

  /** A pipeline announces a release when its kubectl has come back. */
  private static final Duration PIPELINE = Duration.ofSeconds(1);

  private final AlertEvaluator alerts;
  private final SortedMap<String, Circumstances> services = new TreeMap<>();
  private final List<Announcement> outbox = new ArrayList<>();
  private boolean metrics = true;
  private int releases;

  /** What a pipeline posts once it comes to that. */
  private record Announcement(Instant at, Post post) {}

  /** What changes about a service from outside. */
  private static final class Circumstances {
    final ServiceSpec spec;
    double load;
    double dependencyErrors;

    Circumstances(ServiceSpec spec) {
      this.spec = spec;
      this.load = spec.load();
    }
  }

  /** A world with these services in it, up and running once their pods are ready. */
  public World(
      InstantSource clock, List<ServiceSpec> specs, List<AlertDefinition> alerts, Faults faults) {
    this.clock = clock;
    this.plane = new ControlPlane(clock, ImageBehavior.BY_TAG);
    this.kubectl = new Kubectl(plane);
    this.cluster = new MemoryCluster(plane, faults);
    this.alerts = new AlertEvaluator(alerts);
    for (ServiceSpec spec : specs) {
      services.put(spec.name(), new Circumstances(spec));
      kubectl.createDeployment(
          spec.namespace(), spec.deployment(), spec.replicas(), spec.deployment(), spec.image());
      if (!spec.flags().isEmpty()) {
        kubectl.createConfigMap(spec.namespace(), spec.configMap(), spec.flags(), false);
      }
    }
  }

  /** The cluster as Belay sees it. */
  public MemoryCluster cluster() {
    return cluster;
  }

  /** The cluster as people see it. */
  public Kubectl kubectl() {
    return kubectl;
  }

  /** Its services, by name. */
  public synchronized List<ServiceSpec> services() {
    return services.values().stream().map(each -> each.spec).toList();
  }

  /** Does something to it. */
  public synchronized void perform(Deed deed) {
    switch (deed) {
      case Deed.Ship ship -> {
        ServiceSpec spec = known(ship.service()).spec;
        kubectl.setImage(spec.namespace(), spec.deployment(), spec.deployment(), ship.image());
        String id = "release-" + ++releases;
        Instant now = clock.instant();
        outbox.add(
            new Announcement(
                now.plus(PIPELINE),
                new Post("/api/v1/events", Messages.release(id, ship, now, Optional.empty()))));
      }
      case Deed.Load(var service, var load) -> known(service).load = load;
      case Deed.DependencyFails(var service, var share) -> known(service).dependencyErrors = share;
      case Deed.Metrics(var present) -> metrics = present;
    }
  }

  /**
   * Lets what is due happen.
   *
   * @return what senders outside would post now, in order
   */
  public synchronized List<Post> tick() {
    plane.advance();
    Map<String, Traffic> now = new LinkedHashMap<>();
    services.keySet().forEach(name -> now.put(name, traffic(name)));
    List<AlertState> changes =
        alerts.evaluate(clock.instant(), definition -> sample(now, definition));
    SortedMap<String, List<AlertState>> groups = new TreeMap<>();
    changes.forEach(each -> group(groups, each).add(each));
    alerts.firing().stream()
        .filter(each -> groups.containsKey(each.definition().name()))
        .filter(each -> !changes.contains(each))
        .forEach(each -> group(groups, each).add(each));
    List<Post> posts = announced();
    groups.forEach(
        (name, group) ->
            posts.add(new Post("/webhooks/alertmanager", Messages.webhook(name, group))));
    return posts;
  }

  private List<Post> announced() {
    List<Post> posts = new ArrayList<>();
    Instant now = clock.instant();
    outbox.stream()
        .filter(each -> !each.at().isAfter(now))
        .map(Announcement::post)
        .forEach(posts::add);
    outbox.removeIf(each -> !each.at().isAfter(now));
    return posts;
  }

  private static List<AlertState> group(
      SortedMap<String, List<AlertState>> groups, AlertState alert) {
    return groups.computeIfAbsent(alert.definition().name(), absent -> new ArrayList<>());
  }

  private OptionalDouble sample(Map<String, Traffic> now, AlertDefinition definition) {
    Traffic traffic = now.get(definition.service());
    return metrics && traffic != null
        ? OptionalDouble.of(traffic.measured(definition.trigger()))
        : OptionalDouble.empty();
  }

  /** The alerts that fire, for a sender that repeats them to {@code /api/v2/alerts}. */
  public synchronized List<AlertState> firing() {
    return alerts.firing();
  }

  @Override
  public List<Round> rounds(List<Service> all) {
    return List.of(new Gauges(this, all));
  }

  /** All services at once: here a look costs nothing. */
  private record Gauges(World world, List<Service> services) implements Round {
    @Override
    public String name() {
      return "the sandbox";
    }

    @Override
    public List<Event> look(Turn turn) {
      return services.stream()
          .filter(service -> !service.triggers().isEmpty())
          .map(service -> (Event) new Event.SignalsRead(service.name(), world.read(service)))
          .toList();
    }

    @Override
    public void missed(long turns) {
      // A world that is late is late for all alike.
    }
  }

  /** What the service's triggers read now. */
  public synchronized List<Reading> read(Service service) {
    boolean known = services.containsKey(service.name());
    return service.triggers().stream()
        .map(
            trigger ->
                metrics && known
                    ? new Reading(
                        trigger.name(), Optional.of(traffic(service.name()).measured(trigger)), "")
                    : new Reading(
                        trigger.name(),
                        Optional.empty(),
                        known ? NO_METRICS : "the sandbox has no service " + service.name()))
        .toList();
  }

  /** How a service fares now. */
  public synchronized Traffic traffic(String service) {
    Circumstances known = known(service);
    ServiceSpec spec = known.spec;
    List<Traffic.PodLoad> pods =
        kubectl.pods(spec.namespace(), spec.deployment()).stream()
            .map(pod -> new Traffic.PodLoad(pod.ready(), ImageBehavior.BY_TAG.of(pod.image())))
            .toList();
    return Traffic.of(
        new Traffic.Demand(
            admitted(known, pods.stream().filter(Traffic.PodLoad::ready).count()),
            cost(spec),
            spec.podCapacity(),
            seconds(spec.latency()),
            known.dependencyErrors,
            pods));
  }

  /** How many requests per second reach a service now. */
  synchronized double admitted(ServiceSpec spec) {
    long ready =
        kubectl.pods(spec.namespace(), spec.deployment()).stream()
            .filter(Kubectl.PodSeen::ready)
            .count();
    return admitted(known(spec.name()), ready);
  }

  private double admitted(Circumstances known, long ready) {
    return Math.min(known.load, limit(known.spec) * ready);
  }

  /**
   * Rolls a service out at that version: {@code kubectl set image}, with the version as the image's
   * tag. Nothing happens where there is no such service.
   */
  public synchronized void deploy(String service, String version) {
    Circumstances known = services.get(service);
    if (known != null) {
      ServiceSpec spec = known.spec;
      String image = spec.image().substring(0, spec.image().lastIndexOf(':') + 1) + version;
      kubectl.setImage(spec.namespace(), spec.deployment(), spec.deployment(), image);
    }
  }

  private double cost(ServiceSpec spec) {
    SortedMap<String, String> flags =
        kubectl.configMap(spec.namespace(), spec.configMap()).orElseGet(TreeMap::new);
    double cost = 1;
    for (Map.Entry<String, Double> saving : spec.savings().entrySet()) {
      if ("false".equals(flags.get(saving.getKey()))) {
        cost -= saving.getValue();
      }
    }
    return cost;
  }

  /** What one pod admits in a second: the strictest filter of its namespace. */
  private double limit(ServiceSpec spec) {
    return plane.look(
        () -> {
          double limit = Double.MAX_VALUE;
          for (StoredObject each : plane.objects("EnvoyFilter", spec.namespace())) {
            limit = Math.min(limit, RateLimits.perPod(each.content).orElse(limit));
          }
          return limit;
        });
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / NANOS;
  }

  private Circumstances known(String service) {
    Circumstances known = services.get(service);
    if (known == null) {
      throw new IllegalArgumentException("the sandbox has no service " + service);
    }
    return known;
  }

  /** The world's time. */
  public Instant now() {
    return clock.instant();
  }
}
